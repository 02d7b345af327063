"""Settling when something happens between its steps, and what people hear who have no money coming."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from domain.actors import CLOCK, Actor, Role
from models import AuditRecord, Campaign, Notification, RefundLine
from services import closing, settling, transitions
from services.transactions import Transactions
from tests.builders.campaigns import Scene, Terms, buy, order_row, place, settle, stage_of
from tests.builders.clock import FrozenClock
from tests.services.test_settling import close


def cancel(unit: Transactions, stage: Scene) -> None:
    with unit(stage.leader) as ctx:
        closing.cancel(ctx, ctx.session.get_one(Campaign, stage.campaign_id), "货源临时断供")


def titles(unit: Transactions) -> list[str]:
    with unit.reading() as ctx:
        return list(ctx.session.scalars(select(Notification.title).order_by(Notification.id)))


def test_a_cancel_that_slips_in_before_the_offers_are_locked_gives_its_own_reason(
    unit: Transactions, clock: FrozenClock
) -> None:
    stage = stage_of(unit)
    order = buy(unit, stage, 0)
    close(unit, clock, stage)
    with unit(CLOCK) as ctx:
        assert settling.decide_outcome(ctx, stage.campaign_id) == "form"
    slipped: list[bool] = []

    def slip_in(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not slipped and "FROM offers" in statement and "FOR NO KEY UPDATE" in statement:
            slipped.append(True)
            cancel(unit, stage)

    event.listen(unit.engine, "before_cursor_execute", slip_in)
    with unit(CLOCK) as ctx:
        settling.carry_out(ctx, stage.campaign_id)
    event.remove(unit.engine, "before_cursor_execute", slip_in)
    if unit.engine.dialect.name == "sqlite":  # it has one writer: nobody slips in, so it comes next
        cancel(unit, stage)
    else:
        assert slipped
    settle(unit, stage)
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(RefundLine.reason)).all() == ["campaign_cancelled"]
        assert order_row(ctx, order).settled_epoch == 2


def test_who_cancels_what_was_closed_in_the_same_moment_is_not_refused(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit)
    closed_at = clock.now()
    with unit(CLOCK) as ctx:
        campaign = ctx.session.get_one(Campaign, stage.campaign_id)
        closed = update(Campaign).where(Campaign.id == campaign.id).values(state="closed", closed_at=closed_at)
        ctx.session.execute(closed, execution_options={"synchronize_session": False})
        clock.advance(seconds=5)
        leader = Actor(Role.LEADER, campaign.leader_id)
        assert campaign.state == "open"
        closing.cancel(ctx.acting_as(leader), campaign, "货源临时断供")
        assert (campaign.state, campaign.closed_at) == ("cancelled", closed_at)


def test_an_extension_whose_time_has_passed_in_an_outage_is_not_promised_any_more(
    unit: Transactions, clock: FrozenClock
) -> None:
    stage = stage_of(unit, minimum=3, below_minimum="extend", extend_until=clock.now() + timedelta(hours=9))
    buy(unit, stage, 0)
    clock.advance(days=1)
    with unit(CLOCK) as ctx:
        assert closing.close_overdue(ctx, stage.campaign_id)
        assert settling.decide_outcome(ctx, stage.campaign_id) == "fail"
    settle(unit, stage)
    assert "截团时间延长" not in titles(unit)
    with unit.reading() as ctx:
        events = select(AuditRecord.event).where(AuditRecord.subject == "campaign")
        assert ctx.session.scalars(events).all() == ["close", "fail"]


def test_who_ordered_for_nothing_hears_of_the_failure_too(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit, Terms("紫苏", 0), minimum=5)
    order = place(unit, stage, 0)
    close(unit, clock, stage)
    settle(unit, stage)
    assert titles(unit) == ["订单已取消"]
    with unit.reading() as ctx:
        assert order_row(ctx, order).state == "cancelled"


def test_who_had_not_paid_yet_hears_of_the_cancelled_campaign(unit: Transactions) -> None:
    stage = stage_of(unit)
    place(unit, stage, 0)
    cancel(unit, stage)
    settle(unit, stage)
    assert titles(unit) == ["订单已取消"]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_settling_does_not_end_while_another_process_holds_an_order(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit)
    order = buy(unit, stage, 0)
    close(unit, clock, stage)
    with unit(CLOCK) as ctx:
        settling.decide_outcome(ctx, stage.campaign_id)
    with unit(CLOCK) as rival:
        transitions.lock(rival, order_row(rival, order))
        with unit(CLOCK) as ctx:
            assert settling.carry_out(ctx, stage.campaign_id) == 0
        with unit.reading() as ctx:
            assert ctx.session.get_one(Campaign, stage.campaign_id).settled_at is None
    settle(unit, stage)
    with unit.reading() as ctx:
        assert ctx.session.get_one(Campaign, stage.campaign_id).settled_at is not None
