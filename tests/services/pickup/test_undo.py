"""A mistaken hand-over is taken back: once, in time, with a reason, and nothing remains of it in the books."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from domain.actors import CLOCK, Actor
from domain.errors import Invalid, NotFound, UndoTooLate, WrongState
from domain.ledger import Account
from models import Order, PickupCode
from services.pickup.redeeming import Redeem, redeem
from services.pickup.undoing import Undo, undo
from tests.services.pickup.world import World, balance, code_of, lines_of, one

ACCOUNTS = (
    Account.SALES, Account.COST_OF_GOODS, Account.COMMISSION_EXPENSE,
)  # fmt: skip


def _handed_over(world: World, staff: Actor, units: dict[str, int], part: int = 0) -> tuple[str, str]:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, units)
    world.bring(campaign)
    with world.unit(staff) as ctx:
        line = lines_of(ctx, order)["草莓"].public_id
        (redemption,) = redeem(ctx, Redeem((order,), "code", {line: part} if part else {}))
        return order, redemption.public_id


def _undo(world: World, by: Actor, redemption: str, reason: str = "拿错了") -> None:
    with world.unit(by) as ctx:
        undo(ctx, Undo(redemption, reason))


@pytest.mark.parametrize("part", [0, 1])
def test_an_undo_leaves_nothing_in_the_books(world: World, part: int) -> None:
    staff = world.staff()
    order, redemption = _handed_over(world, staff, {"草莓": 3, "纸巾": 1}, part)
    before = code_of_order(world, order)
    _undo(world, staff, redemption)
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        assert row.state == "ready"
        assert row.aftersales_until is None
        assert [balance(ctx, account) for account in ACCOUNTS] == [0, 0, 0]
        assert all(line.collected_units == 0 for line in lines_of(ctx, order).values())
        assert code_of(ctx, order).state == "issued"
    assert code_of_order(world, order) == before
    with world.unit(staff) as ctx:
        assert redeem(ctx, Redeem((order,), "code"))


def code_of_order(world: World, order: str) -> str:
    with world.unit(CLOCK) as ctx:
        return code_of(ctx, order).code


def test_an_undo_happens_once_and_is_not_undone_itself(world: World) -> None:
    staff = world.staff()
    _, redemption = _handed_over(world, staff, {"草莓": 1})
    with world.unit(staff) as ctx:
        reversal = undo(ctx, Undo(redemption, "拿错了")).public_id
    with pytest.raises(WrongState):
        _undo(world, staff, redemption)
    with pytest.raises(WrongState):
        _undo(world, staff, reversal)


def test_staff_have_half_an_hour_and_the_leader_until_after_sales_ends(world: World) -> None:
    staff = world.staff()
    order, redemption = _handed_over(world, staff, {"草莓": 1})
    world.clock.advance(minutes=31)
    with pytest.raises(UndoTooLate):
        _undo(world, staff, redemption)
    world.clock.advance(hours=10)  # past the evening at which the goods would have lapsed
    _undo(world, world.leader, redemption)
    with world.unit(CLOCK) as ctx:
        deadline = one(ctx, Order, order).pickup_deadline
        assert deadline is not None
        assert deadline > world.clock.now()


def test_after_sales_ended_means_too_late_for_the_leader(world: World) -> None:
    _, redemption = _handed_over(world, world.staff(), {"草莓": 1})
    world.clock.advance(hours=25)
    with pytest.raises(UndoTooLate):
        _undo(world, world.leader, redemption)


def test_an_undo_needs_a_reason_and_the_same_point(world: World) -> None:
    staff = world.staff()
    _, redemption = _handed_over(world, staff, {"草莓": 1})
    with pytest.raises(Invalid):
        _undo(world, staff, redemption, "  ")
    with pytest.raises(NotFound):
        _undo(world, world.staff(point=1), redemption)


def test_a_code_that_another_order_got_meanwhile_comes_back_under_a_new_number(world: World) -> None:
    staff = world.staff()
    order, redemption = _handed_over(world, staff, {"草莓": 1})
    other = world.campaign(title="下一团")
    next_order = world.order(world.resident(), other, {"草莓": 1})
    world.bring(other)
    taken = code_of_order(world, order)
    with world.unit(CLOCK) as ctx:
        rival = code_of(ctx, next_order).id
        ctx.session.execute(update(PickupCode).where(PickupCode.id == rival).values(code=taken))
    with world.unit(world.leader) as ctx:
        undo(ctx, Undo(redemption, "拿错了"))
    assert code_of_order(world, order) != taken
    assert code_of_order(world, next_order) == taken
