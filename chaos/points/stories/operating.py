"""Operators and their console: a printed link, a second factor, what they look at, and every way to be shut out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyotp

from chaos.points import scenes
from chaos.points.world import World, story
from domain.actors import SYSTEM, Actor, Role
from domain.operators import OperatorKind
from models import Operator, Payment, Refund, Session
from services import cancelling, idempotency, operator_links, operator_sessions, operators, revealing, second_factors
from services.flows import operator_login, second_factor
from services.flows.operator_login import EnterByLink
from services.flows.second_factor import Enrol, Proof
from services.idempotency import Answer
from services.paging import Page
from services.queries import console_order, console_payments

NAME, PASSWORD = "丙", "a long enough password"


@story
def operating(world: World) -> None:
    """An order that is paid, one that was cancelled, and an operator who has not entered yet."""
    made = scenes.scene(world)
    scenes.ordered(world, made, "order", "王小明", 草莓=1)
    cancelled = scenes.ordered(world, made, "cancelled", "李静", 草莓=1)
    with world.unit(world.buyer("李静")) as ctx:
        cancelling.cancel(ctx, cancelled)
    with world.unit(SYSTEM) as ctx:
        operators.create(ctx, NAME, PASSWORD)


operating.asks("link", "system", lambda world, ctx: operator_links.make(ctx, NAME))


@operating.act
def the_operator_enters(world: World) -> None:
    """By the link, which is good once."""
    command = EnterByLink(world["link"], "console")
    world.notes["token"] = operator_login.enter(world.unit, world.theatre.outside, command)
    row = world.rows(Operator)[-1]
    world.cast("operator", Actor(Role.OPERATOR, row.id, kind=row.kind))


@operating.act
def the_console_is_in_use(world: World) -> None:
    """Its idle time begins anew."""
    session = world.rows(Session, Session.audience == "console")[-1].id
    world.do(replace(world.actor("operator"), session_id=session), operator_sessions.seen)


@operating.act
def a_second_factor_is_offered(world: World) -> None:
    """Nothing is kept of it before somebody has proved to hold it."""
    with world.unit.reading(world.actor("operator")) as ctx:
        offer = second_factors.offer(ctx, NAME)
    world.notes.update(secret=offer.secret, sealed=offer.sealed)


@operating.act
def a_second_factor_is_set_up(world: World) -> None:
    """Proved by its first code."""
    command = Enrol(world.notes["sealed"], pyotp.TOTP(world.notes["secret"]).at(world.clock.now()))
    second_factor.enrol(world.unit, world.theatre.outside, world.actor("operator"), command)


@operating.act
def fresh_recovery_codes(world: World) -> None:
    """Proved by the password and the next code."""
    code = pyotp.TOTP(world.notes["secret"]).at(world.clock.now() + timedelta(seconds=second_factors.STEP_SECONDS))
    proof = Proof(PASSWORD, code)
    second_factor.renew_recovery_codes(world.unit, world.theatre.outside, world.actor("operator"), proof)


@operating.act
def a_form_is_sent_in_several_steps(world: World) -> None:
    """Its key is taken, and its answer stands when it was done."""
    with world.unit(world.actor("operator")) as ctx:
        idempotency.claim(ctx, "form:done", "of the form")
    with world.unit(world.actor("operator")) as ctx:
        idempotency.settle(ctx, "form:done", Answer(303, "/console"))


@operating.act
def a_form_is_refused(world: World) -> None:
    """Its key is given back."""
    with world.unit(world.actor("operator")) as ctx:
        idempotency.claim(ctx, "form:refused", "of the form")
    with world.unit(world.actor("operator")) as ctx:
        idempotency.release(ctx, "form:refused")


operating.asks("who is behind an order", "operator",
               lambda world, ctx: revealing.owner_of(ctx, world["order"], "核实身份").phone)  # fmt: skip


@operating.act
def files_are_read(world: World) -> None:
    """An order's, a payment's, a refund's."""
    who, payment, refund = world.actor("operator"), world.rows(Payment)[0].public_id, world.rows(Refund)[0].public_id
    world.do(who, lambda ctx: console_order.one(ctx, world["order"]).owner)
    world.do(who, lambda ctx: console_payments.payment(ctx, payment).line.state)
    world.do(who, lambda ctx: console_payments.refund(ctx, refund).line.state)
    world.do(who, lambda ctx: len(console_payments.refunds(ctx, Page()).items))


operating.asks("the second factor is lost", "system",
               lambda world, ctx: second_factors.forget(ctx, world.rows(Operator)[-1]))  # fmt: skip
operating.asks("the operator gets other duties", "system",
               lambda world, ctx: operators.change_kind(ctx, NAME, OperatorKind.FINANCE))  # fmt: skip
operating.asks("this console is left", "operator", lambda world, ctx: operator_sessions.end(ctx, world["token"]))
operating.asks("all devices are left", "operator", lambda world, ctx: operator_sessions.log_out_everywhere(ctx))
operating.asks("the operator is shut out", "system", lambda world, ctx: operators.shut_out(ctx, NAME))
operating.asks("the operator is dismissed", "system", lambda world, ctx: operators.dismiss(ctx, NAME))
