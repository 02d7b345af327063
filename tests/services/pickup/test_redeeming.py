"""Handing over: found by any proof, in full or in part, exactly once, undone with a reason."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, update

from domain.actors import CLOCK, Actor
from domain.errors import AlreadyCollected, CodeWrong, DomainError, Invalid, NotFound, NotReady
from domain.ledger import Account
from models import Order, OrderLine, PickupPoint, Redemption
from services.paging import Page
from services.pickup import codes, desks, qr
from services.pickup.finding import Search, redeem_by_code, search
from services.pickup.redeeming import Redeem, redeem
from services.queries import own_pickups, pickup, redemptions
from tests.services.pickup.world import World, balance, code_of, lines_of, one


def _code(world: World, order: str) -> str:
    with world.unit(CLOCK) as ctx:
        return code_of(ctx, order).code


def _redeem(world: World, by: Actor, *orders: str, **units: int) -> list[str]:
    with world.unit(by) as ctx:
        return [row.public_id for row in redeem(ctx, Redeem(orders, "code", units))]


def _ready(world: World, units: dict[str, int], who: Actor | None = None) -> str:
    campaign = world.campaign()
    order = world.order(who or world.resident(), campaign, units)
    world.bring(campaign)
    return order


def test_a_code_hands_everything_over_and_the_books_follow(world: World) -> None:
    order = _ready(world, {"草莓": 2, "纸巾": 1})
    with world.unit(world.staff()) as ctx:
        redeem_by_code(ctx, _spaced(code_of(ctx, order).code))
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        assert row.state == "collected"
        assert row.aftersales_until is not None
        assert code_of(ctx, order).state == "redeemed"
        assert balance(ctx, Account.BUYER_ESCROW) == 0
        assert balance(ctx, Account.SALES) == -(2 * 1999 + 1001)
        assert balance(ctx, Account.GOODS_ON_HAND) == 0
        assert balance(ctx, Account.DEFERRED_COMMISSION) == 0
        assert balance(ctx, Account.COMMISSION_EXPENSE) == 399 + 100


def _spaced(code: str) -> str:
    return f"{code[:4]} {code[4:]}"


def test_a_second_redemption_is_told_who_and_when(world: World) -> None:
    order = _ready(world, {"草莓": 1})
    code = _code(world, order)
    _redeem(world, world.staff("小张"), order)
    with pytest.raises(AlreadyCollected) as refusal:
        _redeem(world, world.staff("小李"), order)
    assert refusal.value.facts["by"] == "小张"
    assert refusal.value.facts["at"] == world.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    with pytest.raises(AlreadyCollected), world.unit(world.staff("小王")) as ctx:
        redeem_by_code(ctx, code)


def test_of_two_desks_at_once_one_wins_and_the_other_sees_who(world: World) -> None:
    for _ in range(5):
        order = _ready(world, {"草莓": 2})
        rivals = [world.staff("甲"), world.staff("乙")]
        gate = Barrier(2)

        def attempt(by: Actor, order: str = order, gate: Barrier = gate) -> str:
            gate.wait()
            try:
                _redeem(world, by, order)
            except AlreadyCollected as refusal:
                return str(refusal.facts["by"])
            return ""

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(attempt, rivals))
        assert sorted(answers)[0] == ""
        assert sorted(answers)[1] in ("甲", "乙")


def test_without_the_guard_both_desks_would_hand_it_over(world: World) -> None:
    order = _ready(world, {"草莓": 1})
    seen = Barrier(2)

    def careless(_: int) -> bool:
        """Look first, write later, without asking again: what `redeem` must not do."""
        with world.unit.engine.connect().execution_options(reading=True) as connection:
            line = select(OrderLine.id, OrderLine.collected_units).join(Order).where(Order.public_id == order)
            row = connection.execute(line).one()
            connection.rollback()
        seen.wait()
        with world.unit.engine.begin() as connection:
            blind = update(OrderLine).where(OrderLine.id == row.id).values(collected_units=row.collected_units + 1)
            return row.collected_units == 0 and connection.execute(blind).rowcount == 1

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(careless, range(2))) == [True, True]
    with world.unit.engine.begin() as connection:  # nothing was booked for it, as the invariants would say
        connection.execute(update(OrderLine).values(collected_units=0))


def test_part_now_and_the_rest_later(world: World) -> None:
    order = _ready(world, {"草莓": 3, "纸巾": 1})
    staff = world.staff()
    with world.unit(CLOCK) as ctx:
        line = lines_of(ctx, order)["草莓"].public_id
    _redeem(world, staff, order, **{line: 2})
    with world.unit(CLOCK) as ctx:
        assert one(ctx, Order, order).state == "ready"
        assert code_of(ctx, order).state == "issued"
        assert lines_of(ctx, order)["草莓"].collected_units == 2
    with pytest.raises(Invalid):
        _redeem(world, staff, order, **{line: 2})
    _redeem(world, staff, order)
    with world.unit(CLOCK) as ctx:
        assert one(ctx, Order, order).state == "collected"
        assert balance(ctx, Account.DEFERRED_COMMISSION) == 0
    with pytest.raises(AlreadyCollected):
        _redeem(world, staff, order, **{line: 1})


def test_any_proof_opens_all_orders_of_the_person_at_this_point(world: World) -> None:
    who = world.resident("赵大爷", "1234")
    campaign = world.campaign()
    first = world.order(who, campaign, {"草莓": 1})
    second = world.order(who, campaign, {"纸巾": 2})
    elsewhere = world.order(who, campaign, {"纸巾": 1}, point=1)
    world.bring(campaign)
    with world.unit(world.staff()) as ctx:
        code = code_of(ctx, first)
        proofs = [
            Search(code=code.code),
            Search(qr=qr.make(ctx, code.public_id, world.point_ids[0])),
            Search(roster_number=one(ctx, Order, second).roster_number, phone_tail="1234"),
            Search(order_id=first),
        ]
        for proof in proofs:
            shown = pickup.found(ctx, search(ctx, proof))
            assert [order.id for order in shown.orders] == [first, second]
            assert shown.orders[0].owner == "赵**"
            assert elsewhere not in str(shown)


def test_two_people_behind_one_proof_are_shown_masked_and_never_chosen(world: World) -> None:
    for name in ("赵大爷", "钱阿姨"):
        campaign = world.campaign()
        world.order(world.resident(name, "1234"), campaign, {"草莓": 1})
        world.bring(campaign)
    with world.unit(world.staff()) as ctx:
        shown = pickup.found(ctx, search(ctx, Search(roster_number=1, phone_tail="1234")))
        assert shown.ambiguous
        assert shown.orders == []
        assert [hit.owner for hit in shown.hits] == ["赵**", "钱**"]


@pytest.mark.parametrize("code", ["12345678", "1234567", "", "abcdefgh", "１２３４５６７８"])
def test_a_wrong_code_finds_nothing(world: World, code: str) -> None:
    with pytest.raises(DomainError) as refusal, world.unit(world.staff()) as ctx:
        search(ctx, Search(code=code))
    assert isinstance(refusal.value, CodeWrong | Invalid)


def test_a_code_and_an_order_of_another_point_do_not_exist_here(world: World) -> None:
    order = _ready(world, {"草莓": 1})
    there = world.staff(point=1)
    with pytest.raises(CodeWrong), world.unit(there) as ctx:
        search(ctx, Search(code=code_of(ctx, order).code))
    with pytest.raises(NotFound):
        _redeem(world, there, order)
    with pytest.raises(CodeWrong), world.unit(there) as ctx:
        search(ctx, Search(qr=qr.make(ctx, code_of(ctx, order).public_id, world.point_ids[0])))


def test_an_altered_qr_finds_nothing(world: World) -> None:
    order = _ready(world, {"草莓": 1})
    with world.unit(world.staff()) as ctx:
        text = qr.make(ctx, code_of(ctx, order).public_id, world.point_ids[0])
        for altered in (text[:-1] + ("A" if text[-1] != "A" else "B"), text[:-1], text + ".x", "LT2...", "é" + text):
            with pytest.raises(CodeWrong):
                search(ctx, Search(qr=altered))


def test_nothing_is_handed_over_before_it_arrived(world: World) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 1})
    world.settle(campaign)
    with pytest.raises(NotReady):
        _redeem(world, world.staff(), order)


def test_a_batch_hands_over_for_many_or_for_nobody(world: World) -> None:
    campaign = world.campaign()
    orders = [world.order(world.resident(), campaign, {"草莓": 1}) for _ in range(3)]
    world.bring(campaign)
    staff = world.staff()
    _redeem(world, staff, orders[1])
    with pytest.raises(AlreadyCollected):
        _redeem(world, staff, *orders)
    assert len(_redeem(world, staff, orders[0], orders[2])) == 2


def test_the_leader_is_staff_at_the_points_of_own_campaigns(world: World) -> None:
    order = _ready(world, {"草莓": 1})
    with world.unit(world.leader) as ctx:
        desk = desks.leader_at(ctx, world.point_ids[0])
        assert len(redeem_by_code(desk, code_of(ctx, order).code)) == 1


def test_the_owner_sees_code_and_qr_and_afterwards_who_handed_over(world: World) -> None:
    who = world.resident()
    order = _ready(world, {"草莓": 1}, who)
    with world.unit(who) as ctx:
        shown = own_pickups.own_pickup(ctx, order)
        assert shown.code == code_of(ctx, order).code
        assert shown.qr.startswith("LT2.pkc_")
    _redeem(world, world.staff("小张"), order)
    with world.unit(who) as ctx:
        shown = own_pickups.own_pickup(ctx, order)
        assert (shown.code, shown.qr, shown.collected_by) == ("", "", "小张")
    with pytest.raises(NotFound), world.unit(world.resident()) as ctx:
        own_pickups.own_pickup(ctx, order)


def test_a_reissued_code_voids_the_old_one(world: World) -> None:
    who = world.resident()
    order = _ready(world, {"草莓": 1}, who)
    old = _code(world, order)
    with world.unit(who) as ctx:
        old_qr = own_pickups.own_pickup(ctx, order).qr
        assert codes.reissue(ctx, order).code != old
    with world.unit(world.staff()) as ctx:
        for proof in (Search(code=old), Search(qr=old_qr)):
            with pytest.raises(CodeWrong):
                search(ctx, proof)
    _redeem(world, world.staff(), order)


def test_the_lists_of_the_desk(world: World) -> None:
    campaign = world.campaign()
    orders = [world.order(world.resident(), campaign, {"草莓": 2}) for _ in range(3)]
    world.bring(campaign)
    staff = world.staff()
    done = _redeem(world, staff, orders[0])
    with world.unit(staff) as ctx:
        waiting = pickup.waiting_list(ctx, Page(limit=1))
        assert [row.id for row in waiting.items] == [orders[1]]
        rest = pickup.waiting_list(ctx, Page(after=waiting.next_key))
        assert [row.id for row in rest.items] == [orders[2]]
        today = redemptions.todays(ctx, Page()).items
        assert [(row.id, row.by, row.items[0].units) for row in today] == [(done[0], "小张", 2)]
        assert redemptions.shown(ctx, ctx.session.scalars(select(Redemption)).all()) == today
        assert ctx.session.scalars(select(PickupPoint)).first() is not None


def test_yesterdays_qr_still_opens_the_order_and_todays_is_another(world: World) -> None:
    order = _ready(world, {"草莓": 1})
    with world.unit(world.staff()) as ctx:
        code = code_of(ctx, order).public_id
        yesterdays = qr.make(ctx, code, world.point_ids[0])
        world.clock.advance(days=1)
        todays = qr.make(ctx, code, world.point_ids[0])
        assert yesterdays != todays
        for text in (yesterdays, todays):
            assert list(search(ctx, Search(qr=text)).owners)
        forged = todays.replace(todays.split(".")[3], yesterdays.split(".")[3])
        with pytest.raises(CodeWrong):
            search(ctx, Search(qr=forged))
