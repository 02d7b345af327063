"""Becoming a leader: one application per resident, decided by an operator with a reason."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from domain.actors import Actor, Role
from domain.errors import Forbidden, NotFound, WrongState
from domain.ids import new_id
from models import AuditRecord, Leader
from services import leaders
from services.context import Ctx
from services.leaders import ApplyAsLeader
from tests.builders import people
from tests.builders.campaigns import buyer

OPERATOR = Actor(Role.OPERATOR, 1)


@pytest.fixture
def applicant(ctx: Ctx) -> Ctx:
    return ctx.acting_as(buyer(people.resident(ctx).id))


@pytest.fixture
def command(ctx: Ctx) -> ApplyAsLeader:
    return ApplyAsLeader("李姐", people.community(ctx).public_id, "住了十年")


def test_an_application_waits_for_the_operator(applicant: Ctx, command: ApplyAsLeader) -> None:
    leader = leaders.apply(applicant, command)
    assert (leader.state, leader.display_name, leader.introduction) == ("applied", "李姐", "住了十年")


def test_an_approved_leader_is_recorded_with_the_reason(applicant: Ctx, command: ApplyAsLeader) -> None:
    leader = leaders.apply(applicant, command)
    leaders.approve(applicant.acting_as(OPERATOR), leader.public_id, "见过本人")
    applicant.session.flush()
    record = applicant.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert leader.state == "approved"
    assert record and (record.event, record.from_state, record.reason) == ("approve", "applied", "见过本人")


def test_nobody_applies_twice_while_the_first_waits(applicant: Ctx, command: ApplyAsLeader) -> None:
    leaders.apply(applicant, command)
    with pytest.raises(WrongState):
        leaders.apply(applicant, command)
    assert applicant.session.scalar(select(func.count()).select_from(Leader)) == 1


def test_a_rejected_applicant_reads_why_and_applies_again(applicant: Ctx, command: ApplyAsLeader) -> None:
    leader = leaders.apply(applicant, command)
    leaders.reject(applicant.acting_as(OPERATOR), leader.public_id, "请补充介绍")
    assert leaders.own_application(applicant).decided_reason == "请补充介绍"
    again = leaders.apply(applicant, ApplyAsLeader("李姐", command.community_id, "三号楼"))
    assert (again.id, again.state, again.introduction, again.decided_reason) == (leader.id, "applied", "三号楼", "")


def test_a_suspended_leader_cannot_apply_around_it(applicant: Ctx, command: ApplyAsLeader) -> None:
    leader = leaders.apply(applicant, command)
    operator = applicant.acting_as(OPERATOR)
    leaders.approve(operator, leader.public_id)
    leaders.suspend(operator, leader.public_id, "投诉核实")
    with pytest.raises(WrongState):
        leaders.apply(applicant, command)
    assert leaders.reinstate(operator, leader.public_id, "已解决").state == "approved"


def test_only_an_operator_decides(applicant: Ctx, command: ApplyAsLeader) -> None:
    leader = leaders.apply(applicant, command)
    with pytest.raises(Forbidden):
        leaders.approve(applicant, leader.public_id)


def test_a_community_that_does_not_exist_takes_no_applications(applicant: Ctx) -> None:
    with pytest.raises(NotFound):
        leaders.apply(applicant, ApplyAsLeader("李姐", new_id("Community", applicant.now)))
