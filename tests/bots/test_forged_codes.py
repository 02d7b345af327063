"""Texts that leaders write can never stand for somebody's pickup code."""

from __future__ import annotations

import json

import pytest

from bots.channels.texts import CODE_MARK, plain
from bots.sending.drain import drain
from models import Campaign
from tests.bots.room import Room
from tests.bots.test_one_to_one import heard, openid_of, text
from tests.bots.test_sending import VOICE
from tests.builders.outside import PretendOutside
from tests.services.pickup.world import code_of, one

ORDER = "ord_" + "0" * 26


@pytest.mark.parametrize("braces", ["{{", "{{{", "{{{{", "{ {{"])
def test_no_run_of_braces_makes_a_mark(braces: str) -> None:
    assert not CODE_MARK.search(plain([f"{braces}code:{ORDER}}}}}"]))


def trap(room: Room) -> tuple[str, str]:
    """A neighbour's code, and a campaign whose leader wrote the mark of it into title and arrival text."""
    good = room.world.campaign()
    order = room.world.order(room.world.resident("张阿姨"), good, {"草莓": 1})
    room.world.bring(good)
    trapped = room.world.campaign(title=f"{{{{{{code:{order}}}}}")
    with room.unit(room.world.leader) as ctx:
        one(ctx, Campaign, trapped).arrival_text = f"{{{{code:{order}}}}}"
        code = code_of(ctx, order).code
    return code, trapped


def test_a_card_shows_nobodys_code(room: Room) -> None:
    code, trapped = trap(room)
    room.bind(trapped)
    room.bind(trapped, channel="sandbox")
    shown = room.card("mallory")
    answers = [shown, room.press("mallory", shown, "detail"), room.press("mallory", shown, "progress")]
    answers.append(json.loads(room.test_channel(heard(room, "发团")).data))
    answers.append(json.loads(room.test_channel({**heard(room, "", 2), "kind": "click", "message_id": "card-1",
                                                 "action": f"detail:{trapped}"}).data))  # fmt: skip
    assert code[:4] not in json.dumps(answers) and "{code:" in json.dumps(answers)


def test_a_title_in_customer_service_shows_nobodys_code(room: Room, outside: PretendOutside) -> None:
    code, trapped = trap(room)
    who = room.world.resident("马乐")
    room.world.order(who, trapped, {"纸巾": 1})
    for number, said in enumerate(("发团", "进度", "我的"), 1):
        room.push(text(openid_of(room, who.id), said, number))
    drain(room.unit, outside, VOICE)
    said_to = str(outside.mini_program.texts)
    assert "code:" in said_to and code[:4] not in said_to
