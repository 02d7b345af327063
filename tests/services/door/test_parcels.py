"""Goods sent by courier: a sealed address, a number, and receipt confirmed by the buyer or by the clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from domain.actors import CLOCK, Actor
from domain.errors import (
    AddressNeeded,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    NotReady,
    StillToCome,
    WrongState,
)
from domain.ledger import Account
from models import AuditRecord, Notification, Order, OrderAddress, Parcel, Redemption, ShippingUpload
from services.door import addresses, parcels, reminding
from services.door.parcels import SendParcel
from services.paging import Page
from services.pickup import desks
from services.pickup.finding import redeem_by_code
from services.pickup.undoing import Undo, undo
from services.queries import bringing, orders
from tests.services.pickup.world import World, balance, code_of, one

SAID: dict[str, Any] = {"recipient": "王小明", "phone": "13800001234", "address": "杭州市西湖区文三路 9 号 1 单元 101"}


def _order(world: World, campaign: str, who: Actor) -> str:
    return world.order(who, campaign, {"草莓": 2}, **SAID)


def _waiting(world: World, who: Actor, **values: Any) -> tuple[str, str]:
    campaign = world.campaign(delivery_method="courier", **values)
    order = _order(world, campaign, who)
    world.bring(campaign)
    return campaign, order


def _send(world: World, order: str, number: str = "SF1234567890") -> None:
    with world.unit(world.leader) as ctx:
        parcels.send(ctx, SendParcel(order, "SF", number))


def _confirm(world: World, who: Actor, order: str) -> None:
    with world.unit(who) as ctx:
        parcels.confirm(ctx, order)


@pytest.fixture
def buyer(world: World) -> Actor:
    """Who ordered."""
    return world.resident("周女士")


@pytest.mark.parametrize("missing", sorted(SAID))
def test_a_courier_needs_recipient_phone_and_address(world: World, buyer: Actor, missing: str) -> None:
    campaign = world.campaign(delivery_method="courier")
    with pytest.raises(AddressNeeded) as refusal:
        world.order(buyer, campaign, {"草莓": 1}, **(SAID | {missing: ""}))
    assert refusal.value.facts["field"] == missing
    with pytest.raises(Invalid):
        world.order(buyer, campaign, {"草莓": 1}, **(SAID | {"phone": "我的电话"}))


def test_phone_and_address_are_sealed_and_shown_masked(world: World, buyer: Actor) -> None:
    campaign, order = _waiting(world, buyer)
    with world.unit(world.leader) as ctx:
        sealed = ctx.session.scalars(select(OrderAddress)).one()
        assert (sealed.building, sealed.room) == ("", "")
        assert not [said for said in SAID.values() if said in str(sealed.courier_enc)]
        shown = bringing.parcels(ctx, campaign, Page()).items
        assert [(row.order_id, row.recipient, row.phone) for row in shown] == [(order, "王**", "138****1234")]
    with world.unit(buyer) as ctx:
        assert bringing.own_address(ctx, order).address == SAID["address"]
    with pytest.raises(NotFound), world.unit(world.resident()) as ctx:
        bringing.own_address(ctx, order)


def test_the_longest_address_fits_its_seal(world: World, buyer: Actor) -> None:
    campaign = world.campaign(delivery_method="courier")
    world.order(buyer, campaign, {"草莓": 1}, recipient="名" * 30, phone="1" * 15, address="址" * 100)
    with world.unit(CLOCK) as ctx:
        assert len(ctx.session.scalars(select(OrderAddress.courier_enc)).one() or "") <= 1024


def test_a_revealed_address_leaves_a_record_and_ends_with_the_order(world: World, buyer: Actor) -> None:
    _, order = _waiting(world, buyer)
    with pytest.raises(Invalid), world.unit(world.leader) as ctx:
        addresses.reveal(ctx, order, " ")
    with world.unit(world.leader) as ctx:
        assert addresses.reveal(ctx, order, "打印面单").phone == SAID["phone"]
    with world.unit(CLOCK) as ctx:
        seen = select(AuditRecord).where(AuditRecord.event == "reveal_address")
        record = ctx.session.scalars(seen).one()
        assert (record.actor, record.reason) == (world.leader.label, "打印面单")
    with pytest.raises(NotFound), world.unit(Actor(world.leader.role, 999, 999)) as ctx:
        addresses.reveal(ctx, order, "好奇")
    _send(world, order)
    _confirm(world, buyer, order)
    with pytest.raises(WrongState), world.unit(world.leader) as ctx:
        addresses.reveal(ctx, order, "再看看")


def test_sent_and_confirmed_it_is_collected_and_no_point_is_owed(world: World, buyer: Actor) -> None:
    campaign, order = _waiting(world, buyer, delivery_fee_fen=800)
    with pytest.raises(WrongState):
        _confirm(world, buyer, order)
    _send(world, order)
    with world.unit(buyer) as ctx:
        page = orders.mine(ctx, order)
        assert page.parcel is not None
        assert (page.parcel.company, page.parcel.tracking_number) == ("SF", "SF1234567890")
    with pytest.raises(NotFound):
        _confirm(world, world.resident(), order)
    _confirm(world, buyer, order)
    with pytest.raises(WrongState):
        _confirm(world, buyer, order)
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        assert (row.state, row.fee_earned_fen, row.point_fee_fen) == ("collected", 800, 0)
        assert row.aftersales_until is not None
        made = ctx.session.scalars(select(Redemption)).one()
        assert (made.found_by, made.by_name) == ("courier", "买家确认收货")
        assert balance(ctx, Account.SALES) == -2 * 1999
        assert balance(ctx, Account.BUYER_ESCROW) == 0
        assert code_of(ctx, order).state == "redeemed"
    with world.unit(world.leader) as ctx:
        assert bringing.parcels(ctx, campaign, Page()).items == []


def test_the_clock_confirms_what_nobody_does(world: World, buyer: Actor) -> None:
    _, order = _waiting(world, buyer)
    _send(world, order)

    def overdue() -> int:
        with world.unit(CLOCK) as ctx:
            return sum(parcels.confirm_overdue(ctx, order_id) for order_id in parcels.due(ctx, 9))

    world.clock.advance(days=9)
    assert overdue() == 0
    world.clock.advance(days=1)
    assert [overdue(), overdue()] == [1, 0]
    with world.unit(CLOCK) as ctx:
        assert ctx.session.scalars(select(Redemption.by_name)).one() == "到期自动确认"


def test_buyer_and_clock_at_once_confirm_once(world: World, buyer: Actor) -> None:
    _, order = _waiting(world, buyer)
    _send(world, order)
    world.clock.advance(days=10)
    with world.unit(CLOCK) as ctx:
        (order_id,) = parcels.due(ctx, 9)

    def by(who: str) -> bool:
        try:
            if who == "clock":
                with world.unit(CLOCK) as ctx:
                    return parcels.confirm_overdue(ctx, order_id)
            _confirm(world, buyer, order)
        except DomainError:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(by, ("clock", "buyer", "clock"))) == [False, False, True]
    with world.unit(CLOCK) as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(Redemption)) == 1


def test_nothing_is_sent_before_it_came_whole_and_only_once(world: World, buyer: Actor) -> None:
    campaign = world.campaign(delivery_method="courier")
    order = world.order(buyer, campaign, {"草莓": 2, "纸巾": 1}, **SAID)
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    with pytest.raises(NotReady):
        _send(world, order)
    world.count(world.leader, delivery, 草莓=1)
    with pytest.raises(StillToCome):
        _send(world, order)
    _, other = _waiting(world, buyer)
    _send(world, other)
    with pytest.raises(WrongState):
        _send(world, other, "YT99")


def test_a_mistyped_number_is_corrected_until_it_was_received(world: World, buyer: Actor) -> None:
    _, order = _waiting(world, buyer)
    with pytest.raises(NotFound), world.unit(world.leader) as ctx:
        parcels.correct(ctx, SendParcel(order, "SF", "SF2"))
    _send(world, order)
    with world.unit(world.leader) as ctx:
        parcels.correct(ctx, SendParcel(order, "ZTO", "ZT77"))
    with pytest.raises(Invalid), world.unit(world.leader) as ctx:
        parcels.correct(ctx, SendParcel(order, "飞毛腿", "ZT78"))
    with world.unit(CLOCK) as ctx:
        parcel = ctx.session.scalars(select(Parcel)).one()
        assert (parcel.company, parcel.tracking_number) == ("ZTO", "ZT77")
        upload = ctx.session.scalars(select(ShippingUpload)).one()
        assert (upload.logistics, upload.express_company, upload.tracking_number) == ("express", "ZTO", "ZT77")
        assert "快递单号有更正" in ctx.session.scalars(select(Notification.title)).all()
    _confirm(world, buyer, order)
    with pytest.raises(WrongState), world.unit(world.leader) as ctx:
        parcels.correct(ctx, SendParcel(order, "SF", "SF3"))


def test_only_the_leader_sends_and_only_what_goes_by_courier(world: World, buyer: Actor) -> None:
    _, order = _waiting(world, buyer)
    with pytest.raises(Forbidden), world.unit(world.staff()) as ctx:
        parcels.send(ctx, SendParcel(order, "SF", "SF1"))
    fetched = world.campaign()
    other = world.order(buyer, fetched, {"草莓": 1})
    world.bring(fetched)
    with pytest.raises(NotFound):
        _send(world, other)


def test_what_left_by_courier_is_not_handed_over_at_a_desk_as_well(world: World, buyer: Actor) -> None:
    _, order = _waiting(world, buyer)
    _send(world, order)
    with pytest.raises(WrongState), world.unit(world.leader) as ctx:
        redeem_by_code(desks.leader_at(ctx, world.point_ids[0]), code_of(ctx, order).code)
    _confirm(world, buyer, order)
    with pytest.raises(WrongState), world.unit(world.leader) as ctx:
        undo(ctx, Undo(ctx.session.scalars(select(Redemption.public_id)).one(), "没送到"))


def test_the_leader_is_reminded_of_what_was_not_sent(world: World, buyer: Actor) -> None:
    _, order = _waiting(world, buyer)
    world.clock.advance(days=1)
    with world.unit(CLOCK) as ctx:
        assert len(reminding.due(ctx, 9)) == 1
    _send(world, order)
    with world.unit(CLOCK) as ctx:
        assert reminding.due(ctx, 9) == []
