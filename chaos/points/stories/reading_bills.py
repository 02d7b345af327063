"""Money that fits nothing, refunds that the gateway cannot end, and its bills, with errors in them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from chaos.points import scenes
from chaos.points.world import World, story
from domain.clock import SHANGHAI, business_date
from models import BillCase, BillFile, Operator, Refund, SuspenseCase
from services import cancelling, refund_tasks, suspense, two_people
from services.flows import paying, reconciling, refunding
from services.reconciling import cases, resolving
from services.reconciling.resolving import ResolveCase
from services.refund_tasks import PayByHand
from services.suspense import ResolveByHand
from tests.builders import campaigns


@story
def money_that_fits_nothing(world: World) -> None:
    """Two orders paid, two about to be paid wrongly."""
    made = scenes.scene(world)
    for place, who in enumerate(scenes.NAMES[:2]):
        scenes.ordered(world, made, f"order {place}", who, 草莓=2, 纸巾=1)
    for place, who in ((2, "陈晨"), (3, "赵敏"), (4, "周涛")):
        world.notes[f"order {place}"] = campaigns.place(world.unit, made, place, {"草莓": 1})
        asked = paying.ask_to_pay(world.unit, world.theatre.outside, world.buyer(who), world[f"order {place}"])
        world.pay(asked.params, who, captured_fen=2991)
    world.control(
        "stray-payment", out_trade_no="STRAY00001", total_fen=700, person="王小明",
        notify_url="http://product.invalid/hooks/wechatpay/pay",
    )  # fmt: skip


odd = money_that_fits_nothing
odd.add("the notices come", lambda world: world.post())


def _case(world: World, place: int) -> str:
    ours = world.rows(SuspenseCase, SuspenseCase.payment_id.is_not(None))
    strays = world.rows(SuspenseCase, SuspenseCase.payment_id.is_(None))
    return [*strays, *ours][place].public_id


def _proposes_by_hand(name: str) -> None:
    odd.asks(name, "operator", lambda world, ctx: suspense.propose_by_hand(
        ctx, ResolveByHand(_case(world, 0), "20261126002", "银行转账")))  # fmt: skip


def _decides(name: str, decide: Any, proposal: str, *words: str) -> None:
    odd.asks(name, "second operator", lambda world, ctx: decide(ctx, world[proposal], *words))


_proposes_by_hand("a bank transfer")
_decides("it is turned down", two_people.reject, "a bank transfer", "再查一下")
_proposes_by_hand("another bank transfer")
_decides("it is accepted", two_people.accept, "another bank transfer")
odd.asks("a return", "operator", lambda world, ctx: suspense.propose_refund(ctx, _case(world, 1), "金额不符"))
_decides("the return is accepted", two_people.accept, "a return")
odd.wakes("it is sent", "refunds.submit_due", seconds=65)
odd.wakes("nobody decided on the other", "suspense.refund_overdue", "refunds.submit_due", days=7.1)


@odd.act
def an_order_goes_back(world: World) -> None:
    """And its refund will end badly."""
    world.control("knobs", refund_result="ABNORMAL", refund_result_times=2)
    for place, who in enumerate(scenes.NAMES[:2]):
        world.do(world.buyer(who), lambda ctx, place=place: cancelling.cancel(ctx, world[f"order {place}"]))  # type: ignore[misc]  # bound to this turn


odd.wakes("the gateway cannot", "refunds.submit_due", seconds=65)


def _abnormal(world: World, place: int) -> str:
    return world.rows(Refund)[-2:][place].public_id


@odd.may_repeat("audit_records", "who asks twice is written down twice, and so is the gateway's second refusal")
def the_gateway_is_asked_again(world: World) -> None:
    """Under the same number."""
    number = _abnormal(world, 0)
    refunding.retry(world.unit, world.theatre.outside, world.actor("operator"), number)


odd.asks("paying by bank", "operator", lambda world, ctx: refund_tasks.propose(
    ctx, PayByHand(_abnormal(world, 1), "bank", "20261126001", "银行转账")))  # fmt: skip
_decides("the bank has paid", two_people.accept, "paying by bank")


@story
def bills_with_errors(world: World) -> None:
    """A day of payments; the next morning its bill shows one that we do not know, and another sum."""
    made = scenes.scene(world)
    for place, who in enumerate(scenes.NAMES):
        scenes.ordered(world, made, f"order {place}", who, 草莓=1 + place)
    day = business_date(world.clock.now())
    world.notes["day"] = day.isoformat()
    world.clock.set(datetime.combine(day + timedelta(days=1), time(10, 30), SHANGHAI))
    for error in ("missing_here", "amount", "missing_there", "fee"):
        world.control("bills/plant", bill_date=str(day), error=error, seed=1)


bills = bills_with_errors


@bills.act
def the_bills_are_read(world: World) -> None:
    """And matched."""
    reconciling.reconcile(world.unit, world.theatre.outside, date.fromisoformat(world["day"]))


def _of(world: World, difference: str) -> str:
    return world.rows(BillCase, BillCase.difference == difference)[0].public_id


bills.asks("one takes a case", "operator", lambda world, ctx: cases.take(ctx, _of(world, "amount")))
bills.asks("it is given to another", "operator", lambda world, ctx: cases.assign(
    ctx, _of(world, "amount"), world.rows(Operator)[1].public_id))  # fmt: skip
bills.asks("by the account", "operator", lambda world, ctx: resolving.resolve(
    ctx, ResolveCase(_of(world, "amount"), "fund_flow", "按资金账单")))  # fmt: skip
bills.asks("as it is", "operator", lambda world, ctx: resolving.propose(ctx, _of(world, "missing_here"), "核对过"))
bills.asks("two agree", "second operator", lambda world, ctx: two_people.accept(ctx, world["as it is"]))


@bills.may_repeat("audit_records", "who asks twice is written down twice")
def the_gateway_is_asked_about_one(world: World) -> None:
    """And its bill is fetched anew."""
    case = world.rows(BillCase, BillCase.state == "open")[0].public_id
    reconciling.ask(world.unit, world.theatre.outside, world.actor("operator"), case)


@bills.may_repeat("audit_records", "who takes it twice is written down twice")
def a_bill_is_taken_away(world: World) -> None:
    """By an operator, who is written down."""
    file = world.rows(BillFile)[0].public_id
    reconciling.file_of(world.unit, world.theatre.outside, world.actor("operator"), file)


bills.wakes("the next day's are read", "bills.reconcile_due", days=1)
