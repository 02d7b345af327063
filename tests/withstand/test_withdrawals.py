"""Withdrawals against the sandbox's true gateway: confirmed, lost on the way, run out; nothing is paid twice."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from sqlalchemy import update

from domain.actors import SYSTEM, Actor, Role
from domain.ids import new_id
from domain.settlements import out_bill_no
from models import Delivery, Leader, Payout, Resident, Settlement
from services.pickup import arriving, deliveries
from services.settlements import approving
from tests.builders import people
from tests.services.pickup.world import planned
from tests.withstand.till import Till, eventually

SEND, POLL = "payouts.send_due", "payouts.poll_submitted"
COMMISSION_FEN = 299
_NUMBERS = count(1)


class Payee:
    """The leader of a till as a person of the sandbox, with an approved statement of one order's commission."""

    def __init__(self, till: Till) -> None:
        self.till, self.name = till, f"团长{next(_NUMBERS)}"
        openid = till.stage.control("people", name=self.name)["openid"]
        till.stage.control("funds/top-up", fen=100_000)
        leader = till.scene.leader
        with till.unit(SYSTEM) as ctx:
            ctx.session.execute(update(Resident).where(Resident.id == leader.resident_id).values(openid=openid))
        till.bought()
        till.advance(hours=9)
        till.sweep("campaigns.close_overdue", "campaigns.decide_outcome", *["campaigns.carry_out"] * 2)
        self._bring(leader)
        till.advance(days=5)
        till.sweep("pickup.lapse_due")
        till.advance(days=20)
        till.sweep("orders.complete_due", "commissions.release_due")
        till.advance(days=7)
        till.sweep("settlements.draft_weekly")
        with till.unit(SYSTEM) as ctx:
            operator = Actor(Role.OPERATOR, people.operator(ctx).id)
        self.statement = till.rows(Settlement, Settlement.payee_kind == "leader")[0].public_id
        with till.unit(operator) as ctx:
            approving.approve(ctx, self.statement)

    def _bring(self, leader: Actor) -> None:
        with self.till.unit(leader) as ctx:
            for delivery in deliveries.dispatch(ctx, self.till.scene.campaign):
                deliveries.pick(ctx, delivery.public_id)
                deliveries.ship(ctx, delivery.public_id)
        for row in self.till.rows(Delivery):
            with self.till.unit(leader) as ctx:
                arriving.arrive(ctx, arriving.Arrive(row.public_id, planned(ctx, row.public_id)))

    def withdraw(self, what: str = "withdrawal") -> Any:
        """Over HTTP, with a fresh key."""
        with self.till.unit(SYSTEM) as ctx:
            token = people.token(ctx, ctx.session.get_one(Leader, self.till.scene.leader_id))
        headers = {**people.bearer(token), "Idempotency-Key": f"withdrawal-{next(_NUMBERS)}"}
        answer = self.till.client.send("POST", f"/api/leader/statements/{self.statement}/{what}", b"", headers)
        assert answer.status in (200, 201), answer.body
        return answer.json

    def confirmable(self) -> str:
        """The package that the payee must confirm, once the gateway has it."""

        def package() -> str | None:
            self.till.advance(seconds=70)
            self.till.sweep(SEND, POLL)
            return self.till.rows(Payout)[-1].package_info or None

        return eventually(package)

    def ended(self, state: str) -> Settlement:
        """The statement once it stands at `state`."""
        return eventually(lambda: next(iter(self.till.rows(Settlement, Settlement.state == state)), None))

    def told(self) -> list[tuple[str, int]]:
        """What the sandbox's ledger says of this payee's transfers."""
        numbers = {row.out_bill_no for row in self.till.rows(Payout)}
        rows = self.till.stage.seen("ledger")["transfers"]
        return [(row["state"], row["amount_fen"]) for row in rows if row["out_bill_no"] in numbers]


@pytest.fixture
def payee(till: Till) -> Payee:
    """Somebody with commission to withdraw."""
    return Payee(till)


def test_what_the_payee_confirms_is_paid_by_the_gateways_notice(till: Till, payee: Payee) -> None:
    payee.withdraw()
    package = payee.confirmable()
    (payout,) = till.rows(Payout)
    till.stage.control(f"transfers/{payout.out_bill_no}/confirm", person=payee.name, package=package)
    assert payee.ended("paid").amount_fen == COMMISSION_FEN
    assert payee.told() == [("SUCCESS", COMMISSION_FEN)]
    assert any(b"MCHTRANSFER" in body for _, body in till.told)


@pytest.mark.parametrize("outage", ["refuse", "drop_after_commit", "error_after_commit"])
def test_a_withdrawal_whose_fate_is_unknown_keeps_its_number(till: Till, payee: Payee, outage: str) -> None:
    till.stage.control("knobs", gateway_outage=outage)
    assert payee.withdraw()["params"] == {}
    till.stage.control("knobs", reset=True)
    package = payee.confirmable()
    (payout,) = till.rows(Payout)
    till.stage.control(f"transfers/{payout.out_bill_no}/confirm", person=payee.name, package=package)
    payee.ended("paid")
    assert payee.told() == [("SUCCESS", COMMISSION_FEN)]


def test_under_a_new_number_after_a_time_out_the_gateway_would_be_asked_to_pay_twice(till: Till, payee: Payee) -> None:
    till.stage.control("knobs", gateway_outage="drop_after_commit")
    payee.withdraw()
    first = till.rows(Payout)[0].out_bill_no
    second = out_bill_no(new_id("Payout", till.clock.now()))
    with till.unit(SYSTEM) as ctx:
        ctx.session.execute(update(Payout).values(out_bill_no=second))
    till.stage.control("knobs", reset=True)
    payee.confirmable()
    numbers = {row["out_bill_no"] for row in till.stage.seen("ledger")["transfers"]}
    assert {first, second} <= numbers


def test_one_taken_back_and_one_run_out_are_owed_again_and_paid_under_a_third_number(till: Till, payee: Payee) -> None:
    payee.withdraw()
    payee.confirmable()
    payee.withdraw("withdrawal/cancel")
    payee.ended("failed")
    payee.withdraw()
    payee.confirmable()
    till.advance(hours=25)
    till.sweep(POLL)
    payee.ended("failed")
    payee.withdraw()
    package = payee.confirmable()
    number = till.rows(Payout)[-1].out_bill_no
    till.stage.control(f"transfers/{number}/confirm", person=payee.name, package=package)
    payee.ended("paid")
    assert [row.state for row in till.rows(Payout)] == ["failed", "failed", "succeeded"]
    assert sorted(payee.told()) == [
        ("CANCELLED", COMMISSION_FEN), ("FAIL", COMMISSION_FEN), ("SUCCESS", COMMISSION_FEN),
    ]  # fmt: skip
