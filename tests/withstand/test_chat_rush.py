"""A small rush in eight chats: every card is current within fifteen seconds, and no chat is told too often."""

from __future__ import annotations

from pathlib import Path

from chaos import chat_rush
from tests.integrations.sandbox_process import Stage

ORDERS, CHATS, SECONDS = 40, 8, 2.0


def test_eight_chats_follow_forty_orders(stage: Stage, database_url: str, tmp_path: Path) -> None:
    with chat_rush.open_shop(stage, database_url, tmp_path) as (shop, port):
        found = chat_rush.rush(shop, port, ORDERS, CHATS, SECONDS)
    assert found["wrong"] == []
    assert found["orders"] == ORDERS
    assert found["calls"]["sandbox edit"] <= 3 * CHATS / len(chat_rush.KINDS)
