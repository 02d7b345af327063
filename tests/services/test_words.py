"""What a refusal says to people."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.errors import AlreadyCollected
from services.words import refusal


def test_a_refusal_tells_its_time_as_the_desks_clock_shows_it() -> None:
    at = datetime(2026, 11, 20, 6, 3, tzinfo=UTC)
    assert refusal(AlreadyCollected(by="小林", at=at)) == "11-20 14:03 已由 小林 核销，不能重复提货。"
    assert refusal(AlreadyCollected(order="ord_1")) == "已经提过货了。"
