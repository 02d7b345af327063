"""The one field of the desk: a number, a phone tail or a payment's number alone opens everything of its person."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.errors import CodeWrong, Invalid
from models import Order, Payment
from services.pickup.finding import Found, Search, search
from services.queries import pickup
from tests.services.pickup.world import World, one


def _found(world: World, wanted: Search, point: int = 0) -> Found:
    with world.unit(world.staff(point=point)) as ctx:
        return search(ctx, wanted)


@pytest.fixture
def orders(world: World) -> list[str]:
    """Two orders of one person that wait at the first point, and one of somebody else."""
    who = world.resident("赵大爷", "1234")
    campaign = world.campaign()
    made = [world.order(who, campaign, {"草莓": 1}), world.order(who, campaign, {"纸巾": 1})]
    made.append(world.order(world.resident("钱阿姨", "9876"), campaign, {"草莓": 1}))
    world.bring(campaign)
    return made


def test_a_number_a_tail_or_a_payment_alone_opens_all_of_one_person(world: World, orders: list[str]) -> None:
    with world.unit.reading() as ctx:
        mine = one(ctx, Order, orders[1])
        payment = ctx.session.scalars(select(Payment.public_id).where(Payment.order_id == mine.id)).one()
    for wanted, how in (
        (Search(roster_number=2), "roster"), (Search(phone_tail="1234"), "roster"),
        (Search(payment_id=payment), "payment"),
    ):  # fmt: skip
        found = _found(world, wanted)
        assert found.found_by == how
        assert [[order.public_id for order in each] for each in found.owners.values()] == [orders[:2]]


def test_the_same_number_in_two_campaigns_is_shown_masked_and_never_chosen(world: World, orders: list[str]) -> None:
    campaign = world.campaign()
    world.order(world.resident("孙小妹"), campaign, {"草莓": 1})
    world.bring(campaign)
    with world.unit(world.staff()) as ctx:
        shown = pickup.found(ctx, search(ctx, Search(roster_number=1)))
    assert (shown.ambiguous, shown.orders) == (True, [])
    assert {hit.owner for hit in shown.hits} == {"赵**", "孙**"}


def test_nothing_of_it_is_found_at_another_point(world: World, orders: list[str]) -> None:
    with world.unit.reading() as ctx:
        payment = ctx.session.scalars(
            select(Payment.public_id).where(Payment.order_id == one(ctx, Order, orders[0]).id)
        )
        number = payment.one()
    for wanted in (Search(roster_number=1), Search(phone_tail="1234"), Search(payment_id=number)):
        with pytest.raises(CodeWrong):
            _found(world, wanted, point=1)


def test_what_fits_nobody_is_refused_and_no_proof_at_all_is_invalid(world: World, orders: list[str]) -> None:
    for wanted in (Search(roster_number=99), Search(phone_tail="0000"), Search(roster_number=1, phone_tail="9876"),
                   Search(payment_id="pay_" + "0" * 26)):  # fmt: skip
        with pytest.raises(CodeWrong):
            _found(world, wanted)
    with pytest.raises(Invalid):
        _found(world, Search())
