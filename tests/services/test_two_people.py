"""Two people decide: never one alone, never twice, and only what still stands as it was proposed."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from domain.actors import Actor, Role
from domain.errors import Forbidden, NotFound, WrongState
from models import Alert, AuditRecord, JournalEntry, Proposal, Refund
from services import refund_tasks, transitions, two_people
from services.refund_tasks import PayByHand
from services.transactions import Transactions
from tests.builders.campaigns import stage_of
from tests.builders.decisions import accepted, answered, cancelled, operators, refusal


def proposed(unit: Transactions, by: Actor, refund: str) -> str:
    with unit(by) as ctx:
        return refund_tasks.propose(ctx, PayByHand(refund, "bank", "回单 8871", "账户注销")).public_id


@pytest.fixture
def abnormal(unit: Transactions) -> str:
    """A refund that could not be returned."""
    cancelled(unit, stage_of(unit))
    return answered(unit, "ABNORMAL")


def test_whoever_proposed_cannot_accept_and_another_can_once(unit: Transactions, abnormal: str) -> None:
    first, second = operators(unit)
    proposal = proposed(unit, first, abnormal)
    assert refusal(unit, first, proposal) == "same_person"
    assert refusal(unit, second, proposal) == ""
    assert [refusal(unit, by, proposal) for by in (first, second)] == ["wrong_state"] * 2
    with unit.reading() as ctx:
        row = ctx.session.scalars(select(Proposal)).one()
        assert (row.state, row.proposed_by, row.decided_by) == ("accepted", first.id, second.id)
        acts = ctx.session.scalars(select(AuditRecord.event).where(AuditRecord.subject == "proposal")).all()
        assert acts == ["propose", "accept"]
        assert ctx.session.scalars(select(Alert.kind).where(Alert.done_at.is_(None))).all() == []


def test_two_who_accept_at_once_carry_it_out_once(unit: Transactions, abnormal: str) -> None:
    first, second = operators(unit)
    third, _ = operators(unit)
    proposal = proposed(unit, first, abnormal)
    begin = threading.Barrier(2)
    said: list[str] = []

    def accept(by: Actor) -> None:
        begin.wait(30)
        said.append(refusal(unit, by, proposal))

    both = [threading.Thread(target=accept, args=(by,)) for by in (second, third)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)
    assert sorted(said) == ["", "wrong_state"]
    with unit.reading() as ctx:
        booked = select(func.count()).where(JournalEntry.event == "refund_by_hand")
        assert ctx.session.scalars(booked).one() == 1


def test_without_the_comparison_of_persons_one_operator_would_decide_alone(unit: Transactions, abnormal: str) -> None:
    first, _ = operators(unit)
    proposed(unit, first, abnormal)
    with unit(first) as ctx:
        row = ctx.session.scalars(select(Proposal)).one()
        assert transitions.try_move(ctx, row, "accept")
        ctx.session.rollback()


def test_a_second_proposal_for_the_same_thing_waits_for_the_first(unit: Transactions, abnormal: str) -> None:
    first, second = operators(unit)
    proposal = proposed(unit, first, abnormal)
    with pytest.raises(WrongState):
        proposed(unit, second, abnormal)
    with unit(first) as ctx:
        two_people.reject(ctx, proposal, "账号写错")
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(Alert.kind).where(Alert.done_at.is_(None))).all() == ["refund_abnormal"]
    assert refusal(unit, second, proposal) == "wrong_state"
    accepted(unit, first, proposed(unit, second, abnormal))


def test_a_plan_whose_refund_has_moved_on_is_refused_and_changes_nothing(unit: Transactions) -> None:
    stage = stage_of(unit)
    cancelled(unit, stage)
    first, second = operators(unit)
    refund = answered(unit, "ABNORMAL")
    proposal = proposed(unit, first, refund)
    answered(unit, "SUCCESS")
    assert refusal(unit, second, proposal) == "plan_is_stale"
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(Proposal.state)).all() == ["proposed"]
        assert ctx.session.execute(select(Refund.state, Refund.channel)).all() == [("succeeded", "gateway")]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_nobody_but_operators_proposes_accepts_or_rejects(unit: Transactions, abnormal: str, role: Role) -> None:
    first, _ = operators(unit)
    proposal = proposed(unit, first, abnormal)
    somebody = Actor(role, 1, resident_id=1)
    with pytest.raises(Forbidden):
        proposed(unit, somebody, abnormal)
    with pytest.raises(Forbidden), unit(somebody) as ctx:
        two_people.reject(ctx, proposal, "no")
    assert refusal(unit, somebody, proposal) == "forbidden"


def test_what_is_not_there_is_not_found(unit: Transactions) -> None:
    first, _ = operators(unit)
    with pytest.raises(NotFound):
        proposed(unit, first, "rfd_" + "0" * 26)
    assert refusal(unit, first, "prp_" + "0" * 26) == "not_found"


def test_an_act_is_registered_once_and_an_unknown_kind_is_a_mistake_of_ours(unit: Transactions) -> None:
    first, _ = operators(unit)
    with pytest.raises(KeyError), unit(first) as ctx:
        two_people.propose(ctx, "free_money", 1, {}, "why not")
    with pytest.raises(ValueError, match="elsewhere"):
        two_people.carries_out(refund_tasks.KIND)(lambda ctx, proposal: None)
