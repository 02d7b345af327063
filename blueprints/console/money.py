"""Payments, refunds and what of them waits for people, suspense, the ledger, and drawers with cash."""

from __future__ import annotations

from typing import Any

from blueprints.console.door import door
from blueprints.console.forms import ByHandForm, ReasonForm, wanted
from domain.actors import Actor
from domain.operators import Duty
from domain.state_tables import PAYMENT, REFUND, SHIFT
from services import refund_tasks as tasks
from services import suspense
from services.assembly import Lintuan
from services.context import Ctx
from services.desk_money import shifts as drawers
from services.explaining.facts import names_of
from services.flows import refunding
from services.paging import Page
from services.queries import books, console_payments
from services.queries import refund_tasks as task_lists
from services.queries import shifts as shift_lists


@door.page("/payments", query=wanted(PAYMENT, method=10, search=80), paged=True)
def payments(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """All payments, newest first."""
    return {"part": console_payments.payments(ctx, page, **query), "query": query, "states": PAYMENT.states}


@door.page("/payments/<public_id>", on_record=True)
def payment(ctx: Ctx, public_id: str) -> dict[str, Any]:
    """One payment, its refunds, and where its money went."""
    return {"file": console_payments.payment(ctx, public_id)}


@door.page("/refunds", query=wanted(REFUND, search=80), paged=True)
def refunds(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """All refunds, newest first."""
    return {"part": console_payments.refunds(ctx, page, **query), "query": query, "states": REFUND.states,
            "funds": task_lists.funds(ctx)}  # fmt: skip


@door.page("/refunds/<public_id>")
def refund(ctx: Ctx, public_id: str) -> dict[str, Any]:
    """One refund."""
    return {"file": console_payments.refund(ctx, public_id)}


@door.page("/refund-tasks", paged=True)
def refund_tasks(ctx: Ctx, page: Page) -> dict[str, Any]:
    """Refunds that no gateway makes, oldest first."""
    return {"part": task_lists.tasks(ctx, page), "funds": task_lists.funds(ctx)}


@door.act("/refunds/<public_id>/by-hand", duty=Duty.MONEY, takes=ByHandForm())
def propose_refund_by_hand(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Propose to pay a refund by bank; another operator accepts."""
    tasks.propose(ctx, tasks.PayByHand(public_id, "bank", body["reference"], body["reason"]))
    return "/console/proposals?state=proposed"


@door.act("/refunds/<public_id>/retry", duty=Duty.MONEY, flow=True)
def retry_refund(product: Lintuan, actor: Actor, public_id: str) -> str:
    """Ask the gateway again under the refund's own number."""
    refunding.retry(product.unit, product.outside, actor, public_id)
    return f"/console/refunds/{public_id}"


@door.page("/suspense", paged=True)
def suspense_cases(ctx: Ctx, page: Page) -> dict[str, Any]:
    """Verified money that fits no order, oldest first."""
    return {"part": books.suspense(ctx, page)}


@door.act("/suspense/<public_id>/refund", duty=Duty.MONEY, takes=ReasonForm())
def propose_suspense_refund(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Propose to send it back to its payer."""
    suspense.propose_refund(ctx, public_id, body["reason"])
    return "/console/proposals?state=proposed"


@door.act("/suspense/<public_id>/by-hand", duty=Duty.MONEY, takes=ByHandForm())
def propose_suspense_by_hand(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Propose that it went back by bank."""
    suspense.propose_by_hand(ctx, suspense.ResolveByHand(public_id, body["reference"], body["reason"]))
    return "/console/proposals?state=proposed"


@door.page("/shifts", query=wanted(SHIFT, point=40), paged=True)
def shifts(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """All drawers, newest first."""
    return {"part": shift_lists.listed(ctx, page, **query), "query": query, "states": SHIFT.states}


@door.page("/shifts/<public_id>")
def shift(ctx: Ctx, public_id: str) -> dict[str, Any]:
    """A drawer with every payment in it."""
    return {"file": shift_lists.statement(ctx, public_id)}


@door.act("/shifts/<public_id>/receive", duty=Duty.MONEY)
def receive_shift(ctx: Ctx, public_id: str) -> str:
    """Confirm that the cash of a closed drawer has been received."""
    drawers.receive(ctx, public_id)
    return f"/console/shifts/{public_id}"


@door.page("/ledger")
def ledger(ctx: Ctx) -> dict[str, Any]:
    """Every account; they sum to zero."""
    rows = books.balances(ctx)
    names = names_of(ctx, {row.owner for row in rows if row.owner})
    return {"balances": rows, "names": names, "sum_fen": sum(row.amount_fen for row in rows)}
