"""What waits too long is shown and alerted once; the platform's words are noted, and whose money is free is known."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from domain.actors import CLOCK, SYSTEM
from domain.errors import Forbidden
from models import Posting, ShippingUpload
from services import audit, shipping_watch
from services.paging import Page
from services.ports import BadNotice
from services.queries import shipping as reads
from services.queries.shipping import HeldFunds, LateShipping, ShippingView
from services.shipping_watch import REMINDER, SETTLEMENT
from tests.builders.campaigns import refunded
from tests.builders.decisions import operators
from tests.services.pickup.world import World
from tests.services.shipping.dock import STRAWBERRIES, Dock


def _late(world: World) -> list[LateShipping]:
    with world.unit.reading(operators(world.unit)[0]) as ctx:
        return reads.late(ctx, Page()).items


def _uploads(world: World, state: str | None = None) -> list[ShippingView]:
    with world.unit.reading(operators(world.unit)[0]) as ctx:
        return reads.uploads(ctx, Page(), state).items


def _funds(world: World) -> HeldFunds:
    with world.unit.reading(operators(world.unit)[0]) as ctx:
        return reads.held_funds(ctx)


def _coming(world: World, orders: int = 2) -> tuple[str, list[str]]:
    campaign = world.campaign()
    return campaign, [world.order(world.resident(), campaign, {STRAWBERRIES: 1}) for _ in range(orders)]


def test_paid_for_48_hours_without_goods_it_is_listed_and_alerted_once_per_campaign(world: World, dock: Dock) -> None:
    campaign, orders = _coming(world)
    world.settle(campaign)
    world.clock.advance(hours=46, minutes=59)
    assert (dock.watch(), _late(world), dock.alerts()) == (0, [], [])
    world.clock.advance(hours=1)
    assert (dock.watch(), dock.watch()) == (1, 0)
    assert [(row.order, row.waits_for) for row in _late(world)] == [(order, "goods") for order in reversed(orders)]
    assert dock.alerts() == ["shipping_late"]
    with world.unit(operators(world.unit)[0]) as ctx:
        audit.deal_with(ctx, audit.open_alerts(ctx)[0].id)
    assert (dock.watch(), dock.alerts()) == (0, [])


def test_the_alert_is_over_when_the_goods_stand_and_the_list_when_they_are_uploaded(world: World, dock: Dock) -> None:
    campaign, orders = _coming(world)
    world.settle(campaign)
    world.clock.advance(hours=48)
    dock.watch()
    for delivery in world.dispatch(campaign):
        world.arrive(world.leader, delivery)
    assert (dock.watch(), dock.alerts()) == (1, [])
    assert [row.waits_for for row in _late(world)] == ["upload", "upload"]
    assert (dock.upload(), _late(world)) == (len(orders), [])


def test_what_went_back_whole_is_not_late(world: World, dock: Dock) -> None:
    campaign, (first, second) = _coming(world)
    world.settle(campaign)
    dock.give_back(first)
    world.clock.advance(hours=48)
    assert [row.order for row in _late(world)] == [second]


def test_a_reminder_before_the_goods_is_noted_and_the_upload_follows_them(world: World, dock: Dock) -> None:
    campaign, orders = _coming(world)
    world.settle(campaign)
    world.clock.advance(hours=48)
    for order in (*orders, orders[0]):
        dock.hear(REMINDER, order)
    assert [dock.state(order) for order in orders] == ["waiting", "waiting"]
    assert dock.alerts() == ["shipping_reminded"]
    assert dock.upload() == 0
    assert {row.reminded_at for row in _late(world)} == {world.clock.now()}
    for delivery in world.dispatch(campaign):
        world.arrive(world.leader, delivery)
    assert [dock.state(order) for order in orders] == ["pending", "pending"]
    assert (dock.upload(), [row.item_desc for row in _uploads(world)]) == (2, ["草莓×1", "草莓×1"])
    assert all(row.reminded_at for row in _uploads(world, "uploaded"))


def test_a_reminder_of_what_is_being_uploaded_or_goes_back_alerts_nobody(world: World, dock: Dock) -> None:
    standing, going = dock.arrived(), dock.arrived()
    dock.give_back(going)
    for order in (standing, going):
        dock.hear(REMINDER, order)
    rows = [dock.row(order) for order in (standing, going)]
    assert [row and row.reminded_at is not None for row in rows] == [True, False]
    assert dock.alerts() == []


def test_a_settlement_frees_the_money_once_and_the_word_of_shipping_does_not(world: World, dock: Dock) -> None:
    order = dock.arrived()
    dock.upload()
    dock.hear(SETTLEMENT, order, shipped_time=1, estimated_settlement_time=2)
    row = dock.row(order)
    assert row and row.released_at is None
    assert _funds(world) == HeldFunds(0, 3998, 1)
    heard_at = world.clock.now()
    for _ in range(2):
        dock.hear(SETTLEMENT, order, confirm_receive_method=2, settlement_time=3)
        world.clock.advance(hours=1)
    row = dock.row(order)
    assert row and (row.released_at, row.due_at, row.state) == (heard_at, None, "uploaded")
    assert _funds(world) == HeldFunds(3998, 0, 0)


def test_released_before_our_upload_was_booked_it_is_told_all_the_same_and_asked_no_more(dock: Dock) -> None:
    order = dock.arrived()
    dock.hear(SETTLEMENT, order, settlement_time=3)
    assert (dock.upload(), dock.state(order)) == (1, "uploaded")
    row = dock.row(order)
    assert row and row.due_at is None


def test_a_release_of_what_an_operator_entered_by_hand_is_kept_for_when_the_goods_stand(
    world: World, dock: Dock
) -> None:
    campaign, (order, _) = _coming(world)
    dock.hear(SETTLEMENT, order, settlement_time=3)
    world.bring(campaign)
    row = dock.row(order)
    assert row and (row.state, row.released_at is None) == ("pending", False)


@pytest.mark.parametrize("change", [{"transaction_id": "4299999"}, {"merchant_trade_no": "pay_other"}])
def test_a_payment_that_is_not_ours_is_an_alarm_and_changes_nothing(
    world: World, dock: Dock, change: dict[str, str]
) -> None:
    order = dock.arrived()
    for event in (REMINDER, SETTLEMENT):
        dock.hear(event, order, settlement_time=3, **change)
    row = dock.row(order)
    assert row and (row.reminded_at, row.released_at) == (None, None)
    assert dock.alerts() == ["shipping_unknown"]


@pytest.mark.parametrize("number", [None, 42, "", "4\x00", "4" * 33, "四二"])
def test_an_event_without_a_number_is_refused(world: World, number: object) -> None:
    message = {"MsgType": "event", "Event": REMINDER, "transaction_id": number}
    with pytest.raises(BadNotice), world.unit(SYSTEM) as ctx:
        shipping_watch.hear(ctx, message)


def test_pushes_and_uploads_move_no_money(world: World, dock: Dock) -> None:
    order = dock.arrived()
    count = select(func.count()).select_from(Posting)
    with world.unit.reading() as ctx:
        before = ctx.session.scalar(count)
    dock.hear(REMINDER, order)
    dock.upload()
    dock.hear(SETTLEMENT, order, settlement_time=3)
    with world.unit.reading() as ctx:
        assert ctx.session.scalar(count) == before


def test_what_went_back_is_neither_frozen_nor_free(world: World, dock: Dock) -> None:
    whole, part = dock.arrived(), dock.arrived({STRAWBERRIES: 1, "纸巾": 1})
    dock.give_back(whole)
    dock.give_back(part, STRAWBERRIES)
    assert _funds(world) == HeldFunds(0, 3998 + 3000, 2)
    assert refunded(world.unit) == 3998 + 1999
    assert _funds(world) == HeldFunds(0, 1001, 1)


def test_only_operators_read_it(world: World, dock: Dock) -> None:
    dock.arrived()
    for read in (lambda ctx: reads.late(ctx, Page()), lambda ctx: reads.uploads(ctx, Page()), reads.held_funds):
        with pytest.raises(Forbidden), world.unit.reading(world.leader) as ctx:
            read(ctx)
    with world.unit(CLOCK) as ctx:
        assert ctx.session.scalars(select(ShippingUpload.state)).all() == ["pending"]
