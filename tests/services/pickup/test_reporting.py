"""What was handed out without the network: the first report wins, and what nobody accounts for has a name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select

from domain.actors import CLOCK, Actor
from domain.campaigns import CancelReason
from domain.errors import Invalid, NotFound, WrongState
from domain.leases import Astray, Result
from domain.ledger import Account
from models import CampaignPoint, LossCase, Notification, OfflineHandOver, Order, Redemption
from services import returning, transitions
from services.paging import Page
from services.pickup import codes, losses, qr
from services.pickup.astray import WORDS
from services.pickup.redeeming import Redeem, redeem
from services.pickup.reporting import Reported
from services.pickup.undoing import Undo, undo
from services.queries import losses as reading
from tests.services.pickup.offline import cases, desk, noted, ready, report, take
from tests.services.pickup.world import World, balance, code_of, lines_of, one


def _state(world: World, order: str) -> str:
    with world.unit.reading() as ctx:
        return one(ctx, Order, order).state


def _redeem(world: World, by: Actor, order: str, **units: int) -> str:
    with world.unit(by) as ctx:
        chosen = {lines_of(ctx, order)[name].public_id: number for name, number in units.items()}
        return redeem(ctx, Redeem((order,), "code", chosen))[0].public_id


def test_a_report_is_booked_as_any_hand_over_and_once(world: World) -> None:
    order, by = ready(world, {"草莓": 2, "纸巾": 1}), desk(world)
    lease = take(world, by)
    note = noted(world, order, 草莓=2, 纸巾=1)
    assert report(world, by, lease, note) == Reported("note-0001", Result.DONE)
    for _ in range(3):
        assert report(world, by, lease, note).result == "again"
    with world.unit(CLOCK) as ctx:
        assert one(ctx, Order, order).state == "collected"
        made = ctx.session.scalars(select(Redemption)).one()
        assert (made.found_by, made.by_name, made.created_at) == ("offline", "小张", world.clock.now())
        assert balance(ctx, Account.SALES) == -(2 * 1999 + 1001)
    assert cases(world) == []


def test_part_of_an_order_may_be_handed_out_and_the_rest_later(world: World) -> None:
    order, by = ready(world, {"草莓": 3}), desk(world)
    lease = take(world, by)
    assert report(world, by, lease, noted(world, order, "note-0001", 草莓=1)).result == "done"
    assert _state(world, order) == "ready"
    assert report(world, by, lease, noted(world, order, "note-0002", 草莓=2)).result == "done"
    assert _state(world, order) == "collected"


def test_the_same_id_with_other_contents_is_refused_and_changes_nothing(world: World) -> None:
    order, by = ready(world, {"草莓": 2}), desk(world)
    lease = take(world, by)
    report(world, by, lease, noted(world, order, 草莓=1))
    told = report(world, by, lease, noted(world, order, 草莓=2))
    assert (told.result, "内容不同" in told.detail) == ("refused", True)
    with world.unit.reading() as ctx:
        assert lines_of(ctx, order)["草莓"].collected_units == 1


def test_a_double_hand_out_is_a_named_loss_and_no_debt(world: World) -> None:
    order, by, online = ready(world, {"草莓": 2}), desk(world, "小张"), desk(world, "小李")
    lease = take(world, by)
    note = noted(world, order, 草莓=2)
    _redeem(world, online, order)
    world.clock.advance(hours=1)
    told = report(world, by, lease, note)
    assert told.result == "conflict"
    assert "小李 11-26 13:00" in told.detail
    assert report(world, by, lease, note) == told
    with world.unit(world.leader) as ctx:
        (shown,) = reading.many(ctx, Page()).items
        assert (shown.why, shown.units, shown.worth_fen, shown.by, shown.first_by) == (
            "twice", 2, 3000, "小张", "小李",
        )  # fmt: skip
        assert (shown.order_id, shown.owner, shown.said) == (order, "李**", "已交过货")
        words = ctx.session.scalars(select(Notification.body).where(Notification.title == "离线交货有出入")).one()
        assert words == told.detail
    with world.unit(CLOCK) as ctx:
        assert balance(ctx, Account.SALES) == -2 * 1999
        assert one(ctx, Order, order).refunded_fen == 0


def test_what_the_order_still_had_is_booked_and_only_the_rest_is_lost(world: World) -> None:
    order, by = ready(world, {"草莓": 3}), desk(world)
    lease = take(world, by)
    note = noted(world, order, 草莓=2)
    _redeem(world, desk(world, "小李"), order, 草莓=2)
    assert report(world, by, lease, note).result == "conflict"
    assert _state(world, order) == "collected"
    assert cases(world) == [("草莓", 1, "twice")]


def _refund(world: World, order: str, units: int) -> None:
    with world.unit(world.leader) as ctx:
        row = one(ctx, Order, order)
        transitions.lock(ctx, row)
        returning.take_off(ctx, row, {lines_of(ctx, order)["草莓"]: units}, CancelReason.LEADER)


def test_what_was_refunded_meanwhile_stays_refunded_and_its_case_says_so(world: World) -> None:
    order, by = ready(world, {"草莓": 2}), desk(world)
    lease = take(world, by)
    note = noted(world, order, 草莓=2)
    _refund(world, order, 1)
    told = report(world, by, lease, note)
    assert (told.result, cases(world)) == ("conflict", [("草莓", 1, "refunded")])
    with world.unit.reading() as ctx:
        line = lines_of(ctx, order)["草莓"]
        assert (line.collected_units, line.refunded_units) == (1, 1)


def test_a_code_that_was_voided_before_opens_nothing(world: World) -> None:
    who = world.resident()
    order, by = ready(world, {"草莓": 1}, who), desk(world)
    lease = take(world, by)
    with world.unit(CLOCK) as ctx:
        code = code_of(ctx, order)
        token = qr.make(ctx, code.public_id, world.point_ids[0])
    before = noted(world, order, "note-0001", token, 草莓=1)
    world.clock.advance(minutes=1)
    with world.unit(who) as ctx:
        codes.reissue(ctx, order)
    for number, shown in enumerate((token, code.code, token[:-1] + "_", "nonsense")):
        told = report(world, by, lease, noted(world, order, f"late-000{number}", shown, 草莓=1))
        assert (told.result, _state(world, order)) == ("refused", "ready")
    assert {why for *_, why in cases(world)} == {"code_void"}
    assert report(world, by, lease, before).result == "done"  # it was shown before its owner voided it


def test_an_order_of_another_point_is_refused_with_a_case(world: World) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 1}, point=1)
    world.bring(campaign)
    by = desk(world)
    told = report(world, by, take(world, by), noted(world, order, 草莓=1))
    assert (told.result, cases(world), _state(world, order)) == ("refused", [("草莓", 1, "not_here")], "ready")


def test_an_order_of_a_campaign_that_never_comes_here_is_nobodys_and_its_leader_hears_nothing(world: World) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 1}, point=1)
    world.bring(campaign)
    with world.unit(CLOCK) as ctx:
        ctx.session.execute(delete(CampaignPoint).where(CampaignPoint.point_id == world.points[0]))
    by = desk(world)
    told = report(world, by, take(world, by), noted(world, order, 草莓=1))
    assert (told.result, "没有找到" in told.detail, cases(world)) == ("refused", True, [])
    with world.unit.reading() as ctx:
        assert ctx.session.scalars(select(OfflineHandOver.order_id)).one() is None


def test_what_is_nobodys_order_is_kept_and_refused(world: World) -> None:
    order, by = ready(world, {"草莓": 1}), desk(world)
    lease = take(world, by)
    note = noted(world, order, 草莓=1)
    for number, wrong in enumerate((replace(note, order_id="ord_" + "0" * 26), replace(note, units={"lin_x": 1}))):
        told = report(world, by, lease, replace(wrong, client_id=f"nobody-{number}"))
        assert (told.result, "没有找到" in told.detail) == ("refused", True)
    with world.unit.reading() as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(OfflineHandOver)) == 2
    assert cases(world) == []


def test_what_is_paid_at_its_hand_over_goes_astray_without_the_money(world: World) -> None:
    campaign = world.campaign(payment_policy="on_pickup")
    order = world.order(world.resident(), campaign, {"草莓": 1})
    world.bring(campaign)
    by = desk(world)
    lease = take(world, by)
    assert lease.orders[0].due_fen == 1999
    assert report(world, by, lease, noted(world, order, 草莓=1)).result == "refused"
    assert (cases(world), _state(world, order)) == ([("草莓", 1, "unpaid")], "ready")


def test_a_lease_that_was_taken_over_still_reports_for_a_day(world: World) -> None:
    first, second = ready(world, {"纸巾": 1}), ready(world, {"纸巾": 1})
    by = desk(world)
    lease = take(world, by)
    take(world, desk(world, "小李"), take_over=True)
    world.clock.advance(hours=23)
    assert report(world, by, lease, noted(world, first, "note-0001", 纸巾=1)).result == "done"
    world.clock.advance(hours=1)
    assert report(world, by, lease, noted(world, second, "note-0002", 纸巾=1)).result == "refused"
    assert (cases(world), _state(world, second)) == ([("纸巾", 1, "too_late")], "ready")


def test_a_lease_of_another_point_does_not_exist(world: World) -> None:
    order, there = ready(world, {"草莓": 1}), desk(world, point=1)
    lease = take(world, desk(world))
    with pytest.raises(NotFound):
        report(world, there, lease, noted(world, order, 草莓=1))


def test_without_the_first_report_standing_in_the_way_it_would_be_a_loss(world: World) -> None:
    order, by = ready(world, {"草莓": 2}), desk(world)
    lease = take(world, by)
    note = noted(world, order, 草莓=2)
    report(world, by, lease, note)
    assert report(world, by, lease, replace(note, client_id="note-0002")).result == "conflict"
    assert cases(world) == [("草莓", 2, "twice")]


def test_a_hand_over_that_was_reported_can_be_undone_like_any_other(world: World) -> None:
    order, by = ready(world, {"草莓": 1}), desk(world)
    report(world, by, take(world, by), noted(world, order, 草莓=1))
    with world.unit(by) as ctx:
        made = ctx.session.scalars(select(Redemption)).one()
        undo(ctx, Undo(made.public_id, "记错了人"))
    assert _state(world, order) == "ready"


def test_its_leader_closes_a_case_once_and_nobody_else_sees_it(world: World) -> None:
    order, by = ready(world, {"草莓": 1}), desk(world)
    lease = take(world, by)
    _redeem(world, desk(world, "小李"), order)
    report(world, by, lease, noted(world, order, 草莓=1))
    with world.unit.reading() as ctx:
        case = ctx.session.scalars(select(LossCase.public_id)).one()
    with pytest.raises(Invalid), world.unit(world.leader) as ctx:
        losses.close(ctx, case, "  ")
    with world.unit(world.leader) as ctx:
        assert losses.close(ctx, case, "店里承担").closed_by == world.leader.label
    with pytest.raises(WrongState), world.unit(world.leader) as ctx:
        losses.close(ctx, case, "再来一次")
    with world.unit(replace(world.leader, id=0)) as ctx:
        assert reading.many(ctx, Page()).items == []
        with pytest.raises(NotFound):
            reading.one(ctx, case)
        with pytest.raises(NotFound):
            losses.close(ctx, case, "不是我的")
    with world.unit(world.leader) as ctx:
        assert reading.many(ctx, Page(), open_only=True).items == []
        assert reading.one(ctx, case).remark == "店里承担"


def test_each_reason_has_words_of_its_own() -> None:
    assert set(WORDS) == set(Astray)
    assert len(set(WORDS.values())) == len(WORDS)
