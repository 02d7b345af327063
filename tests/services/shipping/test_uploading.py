"""Uploads on their way: told once with what is true, never for what went back, put off, given up, revived."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update

from domain.actors import CLOCK
from domain.errors import Forbidden, NotFound, WrongState
from models import Alert, AuditRecord, Campaign, Order, OrderLine, Parcel, Resident, ShippingUpload
from services import shipping_uploads
from services.door import addresses
from services.flows import shipping
from services.ports import Refused, ShippingInfo, ShippingState, Unknown, Unreachable
from services.transactions import Transactions
from tests.builders.decisions import operators
from tests.builders.outside import PretendMiniProgram
from tests.services.pickup.world import World, one
from tests.services.shipping.dock import STRAWBERRIES, TISSUES, Dock


@dataclass
class Counting(PretendMiniProgram):
    """A platform that counts its calls."""

    calls: list[str] = field(default_factory=list)

    def upload_shipping(self, info: ShippingInfo) -> None:
        """Counted, then kept."""
        self.calls.append(info.transaction_id)
        super().upload_shipping(info)


def test_the_platform_hears_whose_goods_stand_and_what_they_are(world: World, dock: Dock) -> None:
    who = world.resident("赵女士")
    order = dock.arrived({STRAWBERRIES: 2, TISSUES: 1}, who)
    assert dock.upload() == 1
    told = dock.told(order)
    with world.unit.reading() as ctx:
        openid = ctx.session.get_one(Resident, who.resident_id).openid
    assert told and (told.payer_openid, told.logistics_type, told.item_desc) == (openid, "pickup", "草莓×2、纸巾×1")
    assert told.uploaded_at == world.clock.now()
    assert (dock.state(order), dock.upload()) == ("uploaded", 0)


def test_a_neighbour_who_paid_is_named_as_the_payer(world: World, dock: Dock) -> None:
    campaign, neighbour = world.campaign(), world.resident("热心邻居")
    order = dock.paid(campaign, {STRAWBERRIES: 1}, payer=neighbour)
    with world.unit.reading() as ctx:
        openid = ctx.session.get_one(Resident, neighbour.resident_id).openid
    world.bring(campaign)
    dock.upload()
    told = dock.told(order)
    assert told and told.payer_openid == openid


def test_many_goods_are_cut_to_what_the_platform_takes(world: World, dock: Dock) -> None:
    campaign = world.campaign()
    order = dock.paid(campaign, {STRAWBERRIES: 1, TISSUES: 1})
    with world.unit(CLOCK) as ctx:
        ctx.session.execute(update(OrderLine).values(offer_name="有机" * 32))
    world.bring(campaign)
    row = dock.row(order)
    assert row and row.item_desc == f"{'有机' * 32}×1、{'有机' * 32}×1"[:120]


def test_what_goes_back_whole_is_never_told(dock: Dock) -> None:
    order = dock.arrived()
    dock.give_back(order)
    assert (dock.upload(), dock.told(order)) == (0, None)
    row = dock.row(order)
    assert row and (row.state, row.trouble) == ("skipped", "已全部退款")
    assert (dock.watch(), dock.upload()) == (0, 0)


def test_what_went_back_before_it_stood_is_not_even_due(world: World, dock: Dock) -> None:
    campaign = world.campaign()
    order, other = (world.order(world.resident(), campaign, {STRAWBERRIES: 1}) for _ in range(2))
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    dock.give_back(order)
    world.arrive(world.leader, delivery)
    assert (dock.state(order), dock.state(other)) == ("", "pending")


def test_a_part_that_went_back_stops_nothing(dock: Dock) -> None:
    order = dock.arrived({STRAWBERRIES: 1, TISSUES: 1})
    dock.give_back(order, TISSUES)
    assert dock.upload() == 1
    assert dock.told(order)


def test_of_two_schedulers_at_once_one_uploads(dock: Dock, unit: Transactions) -> None:
    orders = [dock.arrived() for _ in range(3)]
    platform = Counting()
    both, gate = replace(dock.outside, mini_program=platform), Barrier(2)

    def turn(_: int) -> int:
        gate.wait()
        return shipping.upload_due(unit, both)

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(turn, range(2))) == 3
    assert sorted(platform.calls) == sorted(str(dock.payment(order).transaction_id) for order in orders)


def test_without_the_lease_both_would_upload(world: World, dock: Dock) -> None:
    dock.arrived()
    with world.unit.reading() as ctx:
        (upload_id,) = shipping_uploads.claimable(ctx, 10)
    claims = []
    for lease in (False, False, True, True):
        with world.unit(CLOCK) as ctx:
            if not lease:
                ctx.session.execute(update(ShippingUpload).values(due_at=ctx.now))
            claims.append(shipping_uploads.claim(ctx, upload_id) is not None)
    assert claims == [True, True, False, False]


@pytest.mark.parametrize("trouble", [Unreachable("no token"), Unknown("timed out")])
def test_out_of_reach_it_is_tried_again_after_growing_pauses(world: World, dock: Dock, trouble: Exception) -> None:
    order = dock.arrived()
    dock.fails(trouble)  # type: ignore[arg-type]  # both are
    pauses = []
    for _ in range(9):
        assert dock.upload() == 0
        row = dock.row(order)
        assert row and row.due_at
        pauses.append(int((row.due_at - world.clock.now()).total_seconds()))
        world.clock.set(row.due_at)
    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    dock.fails(None)
    assert (dock.upload(), dock.state(order)) == (1, "uploaded")


def test_the_platforms_own_pause_is_kept(world: World, dock: Dock) -> None:
    order = dock.arrived()
    dock.fails(Unreachable("throttled", retry_after=300))
    dock.upload()
    row = dock.row(order)
    assert row and row.due_at == world.clock.now() + timedelta(seconds=300)


def test_a_payment_the_platform_does_not_know_yet_holds_nobody_up(dock: Dock) -> None:
    first, second = dock.arrived(), dock.arrived()
    dock.platform.unheard_of.add(str(dock.payment(first).transaction_id))
    assert dock.upload() == 1
    assert (dock.state(first), dock.state(second)) == ("pending", "uploaded")


def test_who_dies_after_the_call_leaves_it_to_the_next_after_the_lease(world: World, dock: Dock) -> None:
    order = dock.arrived()
    with world.unit.reading() as ctx:
        (upload_id,) = shipping_uploads.claimable(ctx, 10)
    with world.unit(CLOCK) as ctx:
        assert shipping_uploads.claim(ctx, upload_id)
    assert dock.upload() == 0
    world.clock.advance(seconds=60)
    assert (dock.upload(), dock.state(order)) == (1, "uploaded")


def _refused(world: World, dock: Dock, order: str, times: int) -> None:
    dock.fails(Refused("payer mismatch", code="10060031"))
    for _ in range(times):
        row = dock.row(order)
        assert row and row.due_at
        world.clock.set(max(world.clock.now(), row.due_at))
        dock.upload()


def test_after_twelve_refusals_it_waits_for_an_operator_who_may_revive_it(world: World, dock: Dock) -> None:
    order = dock.arrived()
    _refused(world, dock, order, 11)
    assert (dock.state(order), dock.alerts()) == ("pending", [])
    _refused(world, dock, order, 1)
    row = dock.row(order)
    assert row and (row.state, row.trouble, row.due_at) == ("failed", "平台拒绝：10060031", None)
    assert dock.alerts() == ["shipping_failed"]
    dock.fails(None)
    assert dock.upload() == 0
    operator, payment = operators(world.unit)[0], dock.payment(order).public_id
    with pytest.raises(Forbidden), world.unit(world.leader) as ctx:
        shipping_uploads.revive(ctx, payment)
    with world.unit(operator) as ctx:
        shipping_uploads.revive(ctx, payment)
    assert (dock.alerts(), dock.upload(), dock.state(order)) == ([], 1, "uploaded")
    with pytest.raises(WrongState), world.unit(operator) as ctx:
        shipping_uploads.revive(ctx, payment)
    with world.unit.reading() as ctx:
        events = select(AuditRecord.event).where(AuditRecord.subject == "shipping_upload").order_by(AuditRecord.id)
        assert ctx.session.scalars(events).all() == ["give_up", "revive", "upload"]


def test_an_outage_before_it_uses_up_no_refusal(world: World, dock: Dock) -> None:
    order = dock.arrived()
    dock.fails(Unreachable("down"))
    for _ in range(15):
        dock.upload()
        world.clock.advance(hours=1)
    _refused(world, dock, order, 11)
    assert dock.state(order) == "pending"


def test_what_has_no_upload_cannot_be_revived(world: World, dock: Dock) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {STRAWBERRIES: 1})
    with pytest.raises(NotFound), world.unit(operators(world.unit)[0]) as ctx:
        shipping_uploads.revive(ctx, dock.payment(order).public_id)


def test_an_alert_says_what_to_do(world: World, dock: Dock) -> None:
    order = dock.arrived()
    _refused(world, dock, order, 12)
    with world.unit.reading() as ctx:
        detail = ctx.session.scalars(select(Alert.detail)).one()
    assert dock.payment(order).public_id in detail
    assert "重传" in detail
    assert len(detail) < 255


def test_when_no_push_tells_of_the_release_the_platform_is_asked(world: World, dock: Dock) -> None:
    order = dock.arrived()
    dock.upload()
    transaction = str(dock.payment(order).transaction_id)
    world.clock.advance(hours=49)
    assert dock.watch() == 0
    dock.platform.shipping_states[transaction] = ShippingState(4, in_complaint=False)
    assert dock.watch() == 0
    world.clock.advance(hours=12)
    dock.fails(Unreachable("down"))
    assert dock.watch() == 0
    dock.fails(None)
    world.clock.advance(hours=12)
    assert (dock.watch(), dock.watch()) == (1, 0)
    row = dock.row(order)
    assert row and row.released_at == world.clock.now() and row.due_at is None
    with world.unit.reading() as ctx:
        assert one(ctx, Order, order).state == "ready"


@pytest.mark.parametrize(("company", "contact"), [("SF", "138****1234"), ("ZTO", "")])
def test_only_the_company_that_asks_for_it_is_told_the_masked_phone(
    world: World, dock: Dock, company: str, contact: str
) -> None:
    order = dock.arrived(method="courier")
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        campaign = ctx.session.get_one(Campaign, row.campaign_id)
        addresses.write(ctx, campaign, row, addresses.Whither("周女士", phone="13800001234", address="花园路1号"))
        ctx.session.add(Parcel(order_id=row.id, company=company, tracking_number="7301", shipped_at=ctx.now,
                               confirm_by=ctx.now))  # fmt: skip
    assert (dock.watch(), dock.upload()) == (1, 1)
    told = dock.told(order)
    assert told and (told.express_company, told.receiver_contact_masked) == (company, contact)
