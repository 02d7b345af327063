"""One act for each kind of words that stand in a row: somebody writes them, and who that was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from domain.actors import CLOCK, SYSTEM, Actor
from domain.content import Subject, Suggestion
from domain.ids import new_id
from models import LossCase, Product
from services import evidence_pictures, giving_back, help_selling, people, pictures, staffing
from services.aftersales import answering, asking
from services.aftersales.asking import AskBack
from services.campaigns import ending
from services.content_safety import asking as asking_the_platform
from services.desk_money import shifts
from services.desk_money.shifts import CloseShift
from services.door import addresses
from services.giving_back import GiveBack
from services.people import ChangeProfile
from services.pickup import joining, leases, losses, passes, redeeming, refusing, undoing
from services.pickup.joining import JoinDesk
from services.pickup.leases import TakeLease
from services.pickup.redeeming import Redeem
from services.pickup.refusing import RefuseUnits
from services.pickup.undoing import Undo
from tests.builders import people as builders
from tests.builders.shops import acting
from tests.services.pickup import offline
from tests.services.pickup.world import World, lines_of

Act = Callable[[World, str], Actor]
COURIER: dict[str, Any] = {"recipient": "王小明", "phone": "13800001234"}


def name(world: World, words: str) -> Actor:
    """A neighbour takes another name."""
    who = world.resident("旧名")
    with world.unit(who) as ctx:
        people.change_profile(ctx, ChangeProfile(nickname=words))
    return who


def order(world: World, words: str) -> Actor:
    """Somebody orders with a note for a recipient."""
    who = world.resident()
    world.order(who, world.campaign(), {"草莓": 1}, note=words, recipient=words)
    return who


def to_the_door(world: World, words: str) -> Actor:
    """Somebody has it brought to their door."""
    who = world.resident()
    world.order(who, world.campaign(delivery_method="door"), {"草莓": 1}, building=words, room="502")
    return who


def by_courier(world: World, words: str) -> Actor:
    """Somebody has it sent."""
    who = world.resident()
    world.order(who, world.campaign(delivery_method="courier"), {"草莓": 1}, **COURIER, address=words)
    return who


def fetcher(world: World, words: str) -> Actor:
    """Somebody lets a neighbour fetch."""
    who = world.resident()
    ordered = world.order(who, world.campaign(), {"草莓": 1})
    with world.unit(who) as ctx:
        passes.make(ctx, ordered, words)
    return who


def cancelled(world: World, words: str) -> Actor:
    """The leader gives a campaign up."""
    campaign = world.campaign()
    with world.unit(world.leader) as ctx:
        ending.cancel(ctx, campaign, words)
    return world.leader


def collected(world: World, who: Actor) -> tuple[str, str]:
    """Goods that keep, handed over to somebody: order and redemption."""
    campaign = world.campaign()
    ordered = world.order(who, campaign, {"纸巾": 1})
    world.bring(campaign)
    with world.unit(world.staff("小李")) as ctx:
        (redemption,) = redeeming.redeem(ctx, Redeem((ordered,), found_by="roster"))
        return ordered, redemption.public_id


def claimed(world: World, words: str, who: Actor | None = None) -> Actor:
    """A buyer asks back."""
    who = who or world.resident()
    ordered, _ = collected(world, who)
    with world.unit(who) as ctx:
        line = lines_of(ctx, ordered)["纸巾"].public_id
        asking.ask(ctx, AskBack(ordered, line, "bad", units=1, words=words))
    return who


def answered(world: World, words: str) -> Actor:
    """The leader says no to a claim."""
    who = world.resident()
    ordered, _ = collected(world, who)
    with world.unit(who) as ctx:
        line = lines_of(ctx, ordered)["纸巾"].public_id
        claim = asking.ask(ctx, AskBack(ordered, line, "bad", units=1)).public_id
    with world.unit(world.leader) as ctx:
        answering.reject(ctx, claim, words)
    return world.leader


def joined(world: World, words: str, device: str = "") -> Actor:
    """Somebody joins a desk under a name."""
    who = world.resident()
    with world.unit(world.leader) as ctx:
        code = staffing.invite(ctx, world.point_ids[0]).code
    with world.unit(who) as ctx:
        joining.join(ctx, JoinDesk(code, words, device))
    return who


def device(world: World, words: str) -> Actor:
    """Somebody joins a desk with a device of a name."""
    return joined(world, "", words)


def lease(world: World, words: str) -> Actor:
    """A device of a name takes the lease of its point."""
    staff = offline.desk(world)
    with world.unit(staff) as ctx:
        leases.take(ctx, TakeLease(words))
    return staff


def undone(world: World, words: str) -> Actor:
    """The leader takes a hand-over back."""
    _, redemption = collected(world, world.resident())
    with world.unit(world.leader) as ctx:
        undoing.undo(ctx, Undo(redemption, words))
    return world.leader


def counted(world: World, words: str) -> Actor:
    """Somebody counts a drawer in which too much lies."""
    staff = world.staff()
    with world.unit(staff) as ctx:
        shift = shifts.begin(ctx).public_id
        shifts.close(ctx, CloseShift(shift, 100, words))
    return staff


def lost(world: World, words: str) -> Actor:
    """The leader closes a loss case."""
    ordered, by = offline.ready(world, {"草莓": 1}), offline.desk(world)
    taken = offline.take(world, by)
    with world.unit(world.staff("小李")) as ctx:
        redeeming.redeem(ctx, Redeem((ordered,), found_by="roster"))
    offline.report(world, by, taken, offline.noted(world, ordered, 草莓=1))
    with world.unit(world.leader) as ctx:
        losses.close(ctx, ctx.session.scalars(select(LossCase.public_id)).one(), words)
    return world.leader


def given_back(world: World, words: str) -> Actor:
    """The leader gives money back."""
    campaign = world.campaign()
    ordered = world.order(world.resident(), campaign, {"草莓": 1})
    world.settle(campaign)
    with world.unit(world.leader) as ctx:
        giving_back.give_back(ctx, GiveBack(ordered, words, rest=True))
    return world.leader


def helper_ended(world: World, words: str) -> Actor:
    """The leader wants no more help."""
    campaign = world.campaign(help_sell_bps=100)
    with world.unit(SYSTEM) as ctx:
        helper = acting(builders.leader(ctx, builders.resident(ctx, "张姐")))
    with world.unit(helper) as ctx:
        helping = help_selling.join(ctx, campaign).public_id
    with world.unit(world.leader) as ctx:
        help_selling.end(ctx, helping, words)
    return world.leader


def revealed(world: World, words: str) -> Actor:
    """The leader looks at an address whose words have passed."""
    who, campaign = world.resident(), world.campaign(delivery_method="courier")
    ordered = world.order(who, campaign, {"草莓": 1}, **COURIER, address="文三路 9 号")
    pass_all(world)
    with world.unit(world.leader) as ctx:
        addresses.reveal(ctx, ordered, words)
    return world.leader


def described(world: World, words: str) -> Actor:
    """The leader says what a picture shows."""
    with world.unit(world.leader) as ctx:
        product = ctx.session.scalars(select(Product.public_id).limit(1)).one()
        pictures.record(ctx, new_id("Picture", ctx.now), product, "image/png", words)
    return world.leader


def refused_at_the_desk(world: World, words: str) -> Actor:
    """Somebody at a desk refuses a broken unit."""
    ordered, staff = offline.ready(world, {"草莓": 2}), world.staff()
    with world.unit(staff) as ctx:
        picture = new_id("Evidence", ctx.now)
        evidence_pictures.record(ctx, picture, "broken", "image/jpeg")
        line = lines_of(ctx, ordered)["草莓"].public_id
        refusing.refuse(ctx, RefuseUnits(ordered, {line: 1}, (picture,), words))
    return staff


def pass_all(world: World) -> None:
    """The platform finds nothing wrong with anything that waits."""
    with world.unit(CLOCK) as ctx:
        for check_id in asking_the_platform.due(ctx, 99):
            asking_the_platform.answered(ctx, check_id, Suggestion.FINE, 100)


ACTS: tuple[tuple[Subject, Act, set[str]], ...] = (
    (Subject.NICKNAME, name, {"residents.nickname"}),
    (Subject.ORDER, order, {"orders.note", "orders.recipient"}),
    (Subject.PLACE, to_the_door, {"order_addresses.building"}),
    (Subject.ADDRESS, by_courier, set()),  # sealed, and stays so
    (Subject.PASS, fetcher, {"pickup_passes.label"}),
    (Subject.CANCELLATION, cancelled, {"campaigns.cancel_reason", "audit_records.reason"}),
    (Subject.CLAIM, claimed, {"claims.words"}),
    (Subject.ANSWER, answered, {"claims.answer_words"}),
    (Subject.STAFF, joined, {"pickup_staff.display_name"}),
    (Subject.DEVICE, device, {"sessions.device"}),
    (Subject.LEASE, lease, {"desk_leases.device"}),
    (Subject.UNDO, undone, {"redemptions.reason"}),
    (Subject.SHIFT, counted, {"shifts.difference_reason", "audit_records.reason"}),
    (Subject.LOSS, lost, {"loss_cases.remark", "audit_records.reason"}),
    (Subject.REASON, given_back, {"audit_records.reason"}),
    (Subject.REASON, refused_at_the_desk, {"audit_records.reason"}),
    (Subject.REASON, helper_ended, {"audit_records.reason"}),
    (Subject.REASON, revealed, {"audit_records.reason"}),
    (Subject.ALT, described, {"pictures.alt"}),
)
"""Every kind with the columns in which its words stand for others once they have passed."""
