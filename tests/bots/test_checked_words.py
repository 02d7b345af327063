"""With the content safety on, the chat shows nobody what was not checked, and says so."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.content import Suggestion
from domain.policy import Policy
from models import Campaign, Order, OrderLine
from services.flows import content_safety
from tests.bots.room import Room
from tests.builders.outside import SUSPECT, PretendOutside

DRAFT = "开团 草莓 29.9 明天20:00截"
WAIT = "内容正在审核"


@pytest.fixture
def policy_numbers() -> Policy:
    """The rules with the check on."""
    return Policy(content_safety=True)


def states(room: Room) -> list[str]:
    """How the campaigns stand."""
    with room.unit.reading() as ctx:
        return list(ctx.session.scalars(select(Campaign.state).order_by(Campaign.id)))


def test_a_draft_opens_by_word_once_it_has_passed(room: Room, outside: PretendOutside) -> None:
    room.name("li", room.world.leader_as_resident)
    room.say("li", DRAFT, group=False)
    assert WAIT in room.say("li", "1", group=False)
    assert states(room) == ["draft"]
    assert content_safety.ask_due(room.unit, outside) == 1
    assert "开团了" in room.say("li", "1", group=False)
    assert states(room) == ["open"]


def test_a_draft_with_risky_words_is_refused_by_word_and_by_button(
    room: Room, outside: PretendOutside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SUSPECT, "草莓", Suggestion.RISKY)
    room.bind(room.world.campaign(title="上周的团"))
    room.name("li", room.world.leader_as_resident)
    answer = room.call(room.message("li", DRAFT))
    assert answer is not None
    content_safety.ask_due(room.unit, outside)
    pressed = room.press("li", answer["template_card"], "open")
    assert "不允许展示" in pressed["template_card"]["sub_title_text"]
    assert "不允许展示" in room.say("li", "1")
    assert states(room)[-1] == "draft"


def test_the_recipient_of_an_order_by_message_waits_and_the_order_counts(room: Room, outside: PretendOutside) -> None:
    room.bind(room.world.campaign())
    room.known("wang", "王小明")
    room.say("wang", "替李婆婆接2份草莓")
    assert "¥39.98" in room.say("wang", "1")

    def kept() -> list[tuple[str, str]]:
        with room.unit.reading() as ctx:
            return [(row.recipient, row.state) for row in ctx.session.scalars(select(Order))]

    before = kept()
    assert [recipient for recipient, _ in before] == ["邻居"]
    content_safety.ask_due(room.unit, outside)
    assert kept() == [("李婆婆", state) for _, state in before]


def orders(room: Room) -> list[tuple[str, int, str, str]]:
    """State, units, recipient and note of every order, oldest first."""
    with room.unit.reading() as ctx:
        rows = ctx.session.execute(select(Order, OrderLine).join(OrderLine).order_by(Order.id))
        return [(order.state, line.ordered_units, order.recipient, order.note) for order, line in rows]


def test_an_order_for_somebody_is_found_by_their_name_while_it_waits(room: Room, outside: PretendOutside) -> None:
    room.bind(room.world.campaign())
    room.known("wang", "王小明")
    room.say("wang", "替李婆婆接2份草莓")
    room.say("wang", "1")
    answers = [room.say("wang", "替李婆婆改成3份草莓"), room.say("wang", "我的")]
    assert not any("李婆婆" in answer for answer in answers)
    content_safety.ask_due(room.unit, outside)
    assert [order for order in orders(room) if order[0] != "cancelled"] == [("pending_payment", 3, "李婆婆", "")]
    assert "李婆婆" in room.say("wang", "我的")


def test_what_one_says_of_ones_own_order_leaves_that_of_somebody_alone(room: Room, outside: PretendOutside) -> None:
    room.bind(room.world.campaign())
    room.known("wang", "王小明")
    room.say("wang", "替李婆婆接2份草莓")
    room.say("wang", "1")
    room.say("wang", "接1份草莓")
    room.say("wang", "取消")
    content_safety.ask_due(room.unit, outside)
    assert orders(room) == [("pending_payment", 2, "李婆婆", ""), ("cancelled", 1, "", "")]


def test_an_order_for_somebody_whose_name_was_refused_is_not_taken_for_ones_own(
    room: Room, outside: PretendOutside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SUSPECT, "李婆婆", Suggestion.RISKY)
    room.bind(room.world.campaign())
    room.known("wang", "王小明")
    room.say("wang", "替李婆婆接2份草莓")
    room.say("wang", "1")
    content_safety.ask_due(room.unit, outside)
    room.say("wang", "接1份草莓")
    room.say("wang", "取消")
    assert orders(room) == [("pending_payment", 2, "邻居", ""), ("cancelled", 1, "", "")]


def test_an_order_that_is_changed_before_its_words_have_passed_keeps_them(room: Room, outside: PretendOutside) -> None:
    room.bind(room.world.campaign())
    room.known("wang", "王小明")
    room.say("wang", "替李婆婆接2份草莓，放门口")
    room.say("wang", "1")
    room.say("wang", "替李婆婆改成3份草莓")
    content_safety.ask_due(room.unit, outside)
    before, after = orders(room)
    assert (before[0], after) == ("cancelled", ("pending_payment", 3, *before[2:]))
    assert after[3]
