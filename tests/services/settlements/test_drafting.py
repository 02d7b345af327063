"""Statements: they gather what no other gathered, net what was lost, and add up; two people make one valid."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from domain.actors import CLOCK, GATEWAY, SYSTEM, Actor, Role
from domain.aftersales import ClaimReason
from domain.errors import Forbidden, Invalid, NotFound, SamePerson, WrongState
from domain.ids import new_id
from domain.ledger import Account
from domain.policy import Policy
from domain.posting_rules import Event
from domain.settlements import REASONS, PayeeKind, reason_of, week_begins
from models import Claim, Order, OrderLine, Settlement, SettlementLine
from services import ledger
from services.paging import Page
from services.queries import settlements as reads
from services.settlements import approving, drafting
from services.settlements.payees import hold
from tests.builders.clock import NOON
from tests.services.pickup.world import balance
from tests.services.settlements.payday import COMMISSION_FEN, FEE_FEN, SUPPLY_FEN, Payday


def _lost(payday: Payday, fen: int) -> None:
    """The leader bears so much of a claim that was accepted."""
    with payday.unit(SYSTEM) as ctx:
        line = ctx.session.scalars(select(OrderLine).order_by(OrderLine.id)).first()
        assert line is not None
        order = ctx.session.get_one(Order, line.order_id)
        claim = Claim(
            public_id=new_id("Claim", ctx.now), state="accepted", order_id=order.id, order_line_id=line.id,
            campaign_id=order.campaign_id, resident_id=order.resident_id, reason=next(iter(ClaimReason)), asked_units=0,
            asked_fen=fen, answer_fen=fen, borne_by="leader", borne_fen=fen, created_at=ctx.now,
        )  # fmt: skip
        ctx.session.add(claim)
        ctx.session.flush()
        ledger.post(ctx, Event.BORNE_BY_LEADER, f"claim:{claim.id}", {"amount": fen}, order=order,
                    owners={"leader": payday.world.leader_id})  # fmt: skip


def test_a_statement_lists_every_posting_behind_its_sum(payday: Payday) -> None:
    payday.keeper()
    payday.earned(2)
    payday.earned(1)
    statements = {payday.settlement(number).payee_kind: number for number in payday.drafted()}
    sums = {"leader": 2 * COMMISSION_FEN + 1 + COMMISSION_FEN, "point": 2 * FEE_FEN, "merchant": 3 * SUPPLY_FEN}
    with payday.unit.reading(payday.drafter) as ctx:
        for kind, number in statements.items():
            lines = reads.lines(ctx, number, Page()).items
            assert reads.statement(ctx, number).amount_fen == sums[kind] == sum(line.amount_fen for line in lines)
            assert all(line.reason and ((line.order and line.campaign) or kind == "merchant") for line in lines)
        assert [line.reason for line in reads.lines(ctx, statements["leader"], Page()).items] == [
            "1 号，草莓的佣金：售后期已过，可以结算；成交 ¥39.98 × 10% = ¥3.99（不足一分的舍去）",
            "1 号，草莓的佣金：售后期已过，可以结算；成交 ¥19.99 × 10% = ¥1.99（不足一分的舍去）",
        ]
        assert {line.reason for line in reads.lines(ctx, statements["merchant"], Page()).items} == {
            "东门的货款：到货已点收"
        }
        first = reads.lines(ctx, statements["leader"], Page(limit=1))
        assert len(first.items) == 1
        assert reads.lines(ctx, statements["leader"], Page(limit=1, after=first.next_key)).items != first.items


def test_no_posting_stands_in_two_statements(payday: Payday) -> None:
    payday.earned()
    assert len(payday.drafted()) == 2
    assert payday.drafted() == []
    payday.earned()
    assert len(payday.drafted()) == 2
    with payday.unit.reading() as ctx:
        amounts = ctx.session.scalars(select(Settlement.amount_fen).where(Settlement.payee_kind == "leader")).all()
        assert amounts == [COMMISSION_FEN, COMMISSION_FEN]


def test_a_balance_below_zero_waits_and_is_netted_from_later_earnings(payday: Payday) -> None:
    payday.earned()
    first = payday.drafted()
    _lost(payday, 300)
    assert payday.drafted() == []
    payday.earned()
    assert [payday.settlement(number).payee_kind for number in payday.drafted()] == ["merchant"]
    payday.earned()
    number = next(n for n in payday.drafted() if payday.settlement(n).payee_kind == "leader")
    assert number not in first
    assert payday.settlement(number).amount_fen == 2 * COMMISSION_FEN - 300
    with payday.unit.reading(payday.drafter) as ctx:
        found = [(line.amount_fen, line.reason) for line in reads.lines(ctx, number, Page()).items]
        assert found[0] == (-300, "1 号，草莓的售后：由团长承担的退款")
        assert balance(ctx, Account.LEADER_PAYABLE, payday.world.leader_id) == 300 - 3 * COMMISSION_FEN


def test_only_what_was_posted_before_the_end_is_gathered_and_the_end_is_not_to_come(payday: Payday) -> None:
    payday.earned()
    with payday.unit(payday.drafter) as ctx:
        assert drafting.draft(ctx, ctx.now - timedelta(days=30)) == []
        with pytest.raises(Invalid):
            drafting.draft(ctx, ctx.now + timedelta(seconds=1))


def test_less_than_can_be_transferred_waits_for_more(payday: Payday) -> None:
    payday.keeper(fee_fen=Policy().payout_least_fen - 1)
    payday.handed_over()
    assert {payday.settlement(number).payee_kind for number in payday.drafted()} == {"merchant"}
    payday.handed_over()
    assert {payday.settlement(number).payee_kind for number in payday.drafted()} == {"merchant", "point"}


def test_the_week_ends_at_a_shanghai_midnight_and_the_clock_drafts_up_to_it(payday: Payday) -> None:
    assert week_begins(NOON, 0).isoformat() == "2026-11-23T00:00:00+08:00"
    assert week_begins(NOON, 3).isoformat() == "2026-11-26T00:00:00+08:00"
    payday.earned()
    with payday.unit(CLOCK) as ctx:
        drafted = drafting.draft_week(ctx)
        newest = ctx.session.scalars(select(func.max(SettlementLine.posting_id))).one()
    payday.later(days=7)
    with payday.unit(CLOCK) as ctx:
        assert drafting.draft_week(ctx) == 2 - drafted
        assert drafting.draft_week(ctx) == 0
        assert ctx.session.scalars(select(func.max(SettlementLine.posting_id))).one() >= (newest or 0)
        assert set(ctx.session.scalars(select(Settlement.drafted_by))) == {"clock:0"}


def test_whoever_drafted_a_statement_cannot_approve_it_and_another_can_once(payday: Payday) -> None:
    payday.earned()
    number = payday.drafted()[0]
    with payday.unit(payday.drafter) as ctx, pytest.raises(SamePerson):
        approving.approve(ctx, number)
    with payday.unit(payday.world.leader) as ctx, pytest.raises(Forbidden):
        approving.approve(ctx, number)
    with payday.unit(payday.approver) as ctx:
        assert approving.approve(ctx, number).approved_by == payday.approver.label
        with pytest.raises(WrongState):
            approving.approve(ctx, number)


def test_any_operator_approves_what_the_clock_drafted(payday: Payday) -> None:
    payday.earned()
    number = payday.drafted(CLOCK)[0]
    with payday.unit(payday.drafter) as ctx:
        assert approving.approve(ctx, number).state == "approved"


def test_two_drafters_at_once_make_one_statement_per_payee(payday: Payday) -> None:
    payday.earned()
    payday.later(seconds=1)
    gate = threading.Barrier(4)

    def draft(who: Actor) -> None:
        gate.wait()
        with payday.unit(who) as ctx:
            drafting.draft(ctx, ctx.now)

    workers = [threading.Thread(target=draft, args=(who,)) for who in (payday.drafter, payday.approver, CLOCK, CLOCK)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with payday.unit.reading() as ctx:
        kinds = ctx.session.scalars(select(Settlement.payee_kind).order_by(Settlement.payee_kind)).all()
    assert kinds == ["leader", "merchant"]


def test_a_payee_whom_a_rival_holds_is_skipped(payday: Payday, database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("one writer at a time there")
    payday.earned()
    payday.later(seconds=1)
    with payday.unit(SYSTEM) as rival:
        hold(rival, PayeeKind.LEADER, payday.world.leader_id)
        with payday.unit(payday.drafter) as ctx:
            assert [row.payee_kind for row in drafting.draft(ctx, ctx.now)] == ["merchant"]


def test_nobody_reads_anothers_statement(payday: Payday) -> None:
    payday.keeper()
    payday.earned()
    statements = payday.drafted()
    stranger = payday.world.resident("陌生人")
    for number in statements:
        kind = payday.settlement(number).payee_kind
        with payday.unit.reading(stranger) as ctx, pytest.raises(NotFound):
            reads.statement(ctx, number)
        if kind != "leader":
            with payday.unit.reading(payday.world.leader) as ctx, pytest.raises(NotFound):
                reads.lines(ctx, number, Page())
    with payday.unit.reading(Actor(Role.STAFF, 1, 1, 1)) as ctx, pytest.raises(Forbidden):
        reads.own_statements(ctx, Page())
    with payday.unit(GATEWAY) as ctx, pytest.raises(Forbidden):
        drafting.draft(ctx, ctx.now)


def test_every_event_that_changes_what_a_payee_is_owed_has_its_words() -> None:
    told = {reason_of(event, sign, "草莓", "东门") for event in REASONS for sign in (1, -1)}
    assert told == {words.format(goods="草莓", point="东门") for pair in REASONS.values() for words in pair}
    assert reason_of(Event.WITHDRAWAL_ASKED, -1) == "更正"
