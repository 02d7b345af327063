"""Their author reads words that wait, marked with where their check stands; whoever else looks there reads none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from domain.actors import SYSTEM, Actor, Role
from domain.content import Subject
from models import Campaign, Order, PickupStaff, Session
from services.context import Ctx
from services.paging import Page
from services.pickup import joining, passes
from services.queries import claims, dashboards, losses, orders, redemptions, shifts
from tests.builders import people as builders
from tests.services.content_safety.acts import ACTS, Act, pass_all
from tests.services.pickup.world import World

WORDS = "顺手写的一句话"
Seen = tuple[str, str]
Reader = Callable[[Ctx], Seen]


def own_order(ctx: Ctx) -> Any:
    """The page of the only order, as its buyer has it."""
    return orders.mine(ctx, ctx.session.scalars(select(Order.public_id)).one())


def own_desk(ctx: Ctx) -> Seen:
    """Where the reader works, on their one device."""
    staff = ctx.session.scalars(select(PickupStaff)).one()
    device = ctx.session.scalars(select(Session.id).where(Session.staff_id == staff.id)).one()
    shown = joining.mine(ctx.acting_as(Actor(Role.STAFF, staff.id, staff.resident_id, staff.point_id, device))).desk
    return shown.display_name, shown.name_check


def own_pass(ctx: Ctx) -> Seen:
    """The one pass of the one order."""
    (shown,) = passes.of_order(ctx, ctx.session.scalars(select(Order.public_id)).one())
    return shown.label, shown.label_check


def own_campaign(ctx: Ctx) -> Seen:
    """The one campaign on its leader's board."""
    shown = dashboards.dashboard(ctx, ctx.session.scalars(select(Campaign.public_id)).one())
    return shown.kept_reason or shown.view.campaign.cancel_reason, shown.reason_check


def claim(field: str) -> Reader:
    """The newest claim in the reader's list."""

    def read(ctx: Ctx) -> Seen:
        shown = claims.many(ctx, Page()).items[0]
        return getattr(shown, field), shown.words_check

    return read


def undo(ctx: Ctx) -> Seen:
    """What was taken back last, in the desk's list of today."""
    shown = redemptions.todays(ctx, Page()).items[0]
    return shown.reason, shown.reason_check


def drawer(ctx: Ctx) -> Seen:
    """The newest drawer."""
    shown = shifts.listed(ctx, Page()).items[0]
    return shown.difference_reason, shown.reason_check


def case(ctx: Ctx) -> Seen:
    """The newest loss case."""
    shown = losses.many(ctx, Page()).items[0]
    return shown.remark, shown.remark_check


def order_field(field: str) -> Reader:
    """A field of the one order."""

    def read(ctx: Ctx) -> Seen:
        shown = own_order(ctx)
        return getattr(shown, field), shown.words_check

    return read


READERS: dict[Subject, Reader] = {
    Subject.ORDER: order_field("note"), Subject.PLACE: order_field("building"), Subject.PASS: own_pass,
    Subject.CANCELLATION: own_campaign, Subject.CLAIM: claim("words"), Subject.ANSWER: claim("answer_words"),
    Subject.STAFF: own_desk, Subject.UNDO: undo, Subject.SHIFT: drawer, Subject.LOSS: case,
}  # fmt: skip
WRITTEN = [(subject, act) for subject, act, _ in ACTS if subject in READERS]


def as_author(world: World, who: Actor, subject: Subject) -> Seen:
    """What the author reads, and the mark."""
    with world.unit.reading(who) as ctx:
        return READERS[subject](ctx)


@pytest.mark.parametrize(("subject", "act"), WRITTEN, ids=[subject for subject, _ in WRITTEN])
def test_its_author_reads_it_marked_and_once_it_has_passed_without_a_mark(
    world: World, subject: Subject, act: Act
) -> None:
    who = act(world, WORDS)
    assert as_author(world, who, subject) == (WORDS, "waiting")
    pass_all(world)
    assert as_author(world, who, subject) == (WORDS, "")


OTHERS = (Subject.CLAIM, Subject.ANSWER, Subject.SHIFT, Subject.LOSS)


@pytest.mark.parametrize("subject", OTHERS)
def test_an_operator_reads_nothing_at_the_same_place_before_that(world: World, subject: Subject) -> None:
    act = dict(WRITTEN)[subject]
    act(world, WORDS)
    with world.unit(SYSTEM) as ctx:
        operator = Actor(Role.OPERATOR, builders.operator(ctx).id)
    assert as_author(world, operator, subject) == ("", "")
    pass_all(world)
    assert as_author(world, operator, subject) == (WORDS, "")


def test_another_desk_reads_neither_who_works_there_nor_why_something_was_taken_back(world: World) -> None:
    dict(WRITTEN)[Subject.UNDO](world, WORDS)
    other = world.staff("小赵")
    with world.unit.reading(other) as ctx:
        assert undo(ctx) == ("", "")
    pass_all(world)
    with world.unit.reading(other) as ctx:
        assert undo(ctx) == (WORDS, "")
