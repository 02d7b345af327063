"""An answer about words that others have taken the place of changes nothing; without that guard it would."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.actors import CLOCK, SYSTEM, Actor, Role
from domain.content import Subject, Suggestion
from domain.errors import BeingChecked, ContentRefused
from models import Claim, ContentCheck, Order, PickupPass, PickupStaff
from services import revealing, staffing
from services.aftersales import replying, ruling
from services.content_safety import asking, deciding, holding
from services.door import addresses
from services.pickup import passes
from tests.builders import people as builders
from tests.services.content_safety.acts import answered, by_courier, fetcher, joined, pass_all
from tests.services.pickup.world import World


def on_its_way(world: World, subject: Subject) -> int:
    """The check of a kind that was put to the platform, and has no answer yet."""
    with world.unit(CLOCK) as ctx:
        waiting = (ContentCheck.subject == subject, ContentCheck.state == "waiting")
        check = ctx.session.scalars(select(ContentCheck.id).where(*waiting)).one()
        assert asking.claim(ctx, check) is not None
        return check


def told(world: World, check: int, suggestion: Suggestion = Suggestion.FINE) -> bool:
    """The platform answers; whether that changed anything."""
    with world.unit(CLOCK) as ctx:
        return asking.answered(ctx, check, suggestion, 100)


def operator(world: World) -> Actor:
    """Somebody of the platform."""
    with world.unit(SYSTEM) as ctx:
        return Actor(Role.OPERATOR, builders.operator(ctx).id)


def ruled(world: World) -> tuple[int, str]:
    """A leader's answer on its way, over which an operator has spoken: its check, and the claim."""
    answered(world, "团长的话")
    check = on_its_way(world, Subject.ANSWER)
    with world.unit.reading() as ctx:
        claim = ctx.session.scalars(select(Claim)).one()
        public_id, buyer = claim.public_id, Actor(Role.RESIDENT, claim.resident_id, claim.resident_id)
    with world.unit(buyer) as ctx:
        replying.escalate(ctx, public_id)
    with world.unit(operator(world)) as ctx:
        ruling.refuse(ctx, public_id, "平台的话")
    return check, public_id


def answer_of(world: World, claim: str) -> str:
    """What everybody reads as the answer."""
    with world.unit.reading() as ctx:
        return ctx.session.scalars(select(Claim.answer_words).where(Claim.public_id == claim)).one()


def test_an_operators_word_stands_over_what_a_leader_said_before(world: World) -> None:
    check, claim = ruled(world)
    assert not told(world, check)
    assert answer_of(world, claim) == "平台的话"


def test_without_the_guard_the_older_words_would_take_its_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "drop", lambda *_: None)
    check, claim = ruled(world)
    assert told(world, check)
    assert answer_of(world, claim) == "团长的话"


def test_who_comes_back_to_a_desk_under_another_name_is_not_called_by_the_first(world: World) -> None:
    who = joined(world, "第一个名字")
    check = on_its_way(world, Subject.STAFF)
    with world.unit.reading() as ctx:
        staff = ctx.session.scalars(select(PickupStaff).where(PickupStaff.resident_id == who.id)).one()
        desk = Actor(Role.STAFF, staff.id, who.id, staff.point_id)
    with world.unit(desk) as ctx:
        staffing.leave(ctx)
    with world.unit(world.leader) as ctx:
        code = staffing.invite(ctx, world.point_ids[0]).code
    with world.unit(who) as ctx:
        assert staffing.join(ctx, code, "第二个名字").display_name == staffing.UNNAMED
    assert not told(world, check)
    with world.unit.reading() as ctx:
        assert ctx.session.get_one(PickupStaff, staff.id).display_name == staffing.UNNAMED
    pass_all(world)
    with world.unit.reading() as ctx:
        assert ctx.session.get_one(PickupStaff, staff.id).display_name == "第二个名字"


def test_a_late_answer_about_an_earlier_pass_leaves_the_new_one_alone(world: World) -> None:
    who = fetcher(world, "王婶")
    check = on_its_way(world, Subject.PASS)
    with world.unit(who) as ctx:
        passes.make(ctx, ctx.session.scalars(select(Order.public_id)).one(), "李叔")
    assert told(world, check)  # the dead pass has a name of its own
    with world.unit.reading() as ctx:
        rows = ctx.session.execute(select(PickupPass.state, PickupPass.label).order_by(PickupPass.id))
        assert [tuple(row) for row in rows] == [("replaced", "王婶"), ("issued", passes.SOMEBODY)]


def test_what_an_operator_has_refused_no_late_answer_lets_through(world: World) -> None:
    joined(world, "加微信")
    check = on_its_way(world, Subject.STAFF)
    assert told(world, check, Suggestion.REVIEW)
    with world.unit(operator(world)) as ctx:
        deciding.refuse_by_hand(ctx, ctx.session.get_one(ContentCheck, check).public_id, "广告")
    assert not told(world, check)
    with world.unit.reading() as ctx:
        assert ctx.session.scalars(select(PickupStaff.display_name)).one() == staffing.UNNAMED


@pytest.mark.parametrize(("word", "refusal"), [
    (None, BeingChecked), (Suggestion.REVIEW, BeingChecked), (Suggestion.RISKY, ContentRefused),
    (Suggestion.FINE, None),
])  # fmt: skip
def test_nobody_has_an_address_shown_before_it_has_passed(
    world: World, word: Suggestion | None, refusal: type[Exception] | None
) -> None:
    by_courier(world, "文三路 9 号")
    check = on_its_way(world, Subject.ADDRESS)
    if word is not None:
        told(world, check, word)
    with world.unit(SYSTEM) as ctx:
        order = ctx.session.scalars(select(Order.public_id)).one()
    with world.unit(operator(world)) as ctx:
        assert ("文三路" in revealing.owner_of(ctx, order, "核实").courier) is (refusal is None)
    with world.unit(world.leader) as ctx:
        if refusal is None:
            assert addresses.reveal(ctx, order, "要寄出").address == "文三路 9 号"
            return
        with pytest.raises(refusal):
            addresses.reveal(ctx, order, "要寄出")
