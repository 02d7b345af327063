"""Neighbours' groups as a channel: nothing is heard, nothing is said, and what a person may post fits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bots.channels import wxgroup
from bots.channels.registry import CHANNELS
from bots.messages import Card, Heard, Reply, say
from services.chat.sessions import Place
from services.ports import BadNotice

CARD = Card(
    "cmp_1", 3, "大闸蟹" * 400, "7/10 人", "还差 3 人", datetime(2026, 11, 27, tzinfo=UTC), (), (), True, (), "", ""
)


def test_it_declares_what_the_platform_allows() -> None:
    can = CHANNELS["wxgroup"].CAPABILITIES
    assert (can.hears, can.speaks, can.edits, can.people_post) == ("nothing", "never", "count", True)
    assert not (can.buttons or can.streams) and can.sends_once


@pytest.mark.parametrize("message", [{}, {"MsgType": "text", "Content": "+1"}, {"event": "card"}])
def test_nothing_is_ever_heard(message: dict[str, str]) -> None:
    with pytest.raises(BadNotice):
        wxgroup.parse(message)


@pytest.mark.parametrize("reply", [Reply(), say("已登记")])
def test_nobody_is_answered(reply: Reply) -> None:
    assert wxgroup.render(Heard(Place("wxgroup", "g", "u"), "k", "message", True), reply) is None


def test_what_a_person_posts_fits_and_leads_to_the_campaign() -> None:
    card = wxgroup.card(CARD, "shr_1")
    assert card["path"] == "pages/campaign/campaign?id=cmp_1&share=shr_1"
    assert len(card["title"].encode()) <= wxgroup.MOST_BYTES
    assert len(wxgroup.line("接" * 2000)["text"].encode()) <= wxgroup.MOST_BYTES
    assert "{{code:" not in wxgroup.line("{{code:ord_1}}")["text"]
