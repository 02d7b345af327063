"""Leaving: refused while something runs, and afterwards nothing says who it was, while every sum stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from domain.actors import CLOCK, SYSTEM, Actor, Role
from domain.errors import NotFinished, Unauthenticated
from domain.pickup import pass_text
from models import (
    Base,
    ChatIdentity,
    Consent,
    Follower,
    Leader,
    LossCase,
    Notification,
    Order,
    OrderAddress,
    OrderRemark,
    Payment,
    PickupPoint,
    PickupStaff,
    Redemption,
    Resident,
    Shift,
    ShippingUpload,
)
from services import cancelling, consents, following, leaving, ordering, people, sessions
from services.context import Ctx
from services.desk_money import shifts as drawers
from services.paging import Page
from services.pickup import completing, leases, passes, redeeming
from services.pickup.redeeming import Redeem
from services.queries import orders, own_data
from services.transactions import Transactions
from services.words import refusal
from tests.builders import people as build
from tests.builders.campaigns import refunded
from tests.builders.clock import FrozenClock
from tests.services.pickup.offline import desk, noted, ready, report, take
from tests.services.pickup.world import World, offer_named, one

PHONE = "13900001234"
SECRETS = (PHONE, "李小花", "小李", "放门卫", "3栋", "张师傅", "wx-lixiaohua", "iPhone")


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood."""
    return World(unit, clock)


def known(world: World) -> Actor:
    """李小花 with all that a resident may tell of themself."""
    who = world.resident("李小花")
    with world.unit(who) as ctx:
        people.set_phone(ctx, PHONE)
        person = people.myself(ctx)
        person.real_name_enc = ctx.vault.encrypt("李小花")
        ctx.session.add(ChatIdentity(channel="wecom", remote_user_id="wx-lixiaohua", resident_id=who.id,
                                     created_at=ctx.now))  # fmt: skip
        following.follow(ctx, world.leader_id)
        consents.agree(ctx, "privacy", consents.PRIVACY.version)
        sessions.open_session(ctx, "resident", resident_id=who.id, device="iPhone")
    return who


def finished(world: World, who: Actor) -> str:
    """An order that was fetched by a neighbour and is over."""
    campaign = world.campaign()
    order = world.order(who, campaign, {"草莓": 1}, recipient="小李", note="放门卫")
    world.bring(campaign)
    with world.unit(who) as ctx:
        made = passes.make(ctx, order, "张师傅")
    with world.unit(world.staff()) as ctx:
        redeeming.redeem(ctx, Redeem((order,), "pass", pass_shown=pass_text(made.token)))
    with world.unit(SYSTEM) as ctx:
        row = one(ctx, Order, order)
        ctx.session.add(OrderAddress(order_id=row.id, building="3栋", room="302"))
        ctx.session.add(OrderRemark(order_id=row.id, note="李小花", changed_at=ctx.now))
    world.clock.advance(days=8)
    with world.unit(SYSTEM) as ctx:
        completing.complete_orders(ctx.acting_as(CLOCK))
        for upload in ctx.session.scalars(select(ShippingUpload)):
            upload.state = "uploaded"
    return order


def leave(world: World, who: Actor) -> None:
    with world.unit(who) as ctx:
        leaving.leave(ctx)


def everything(ctx: Ctx) -> str:
    """Every row of every table, with what is sealed opened."""
    told: list[str] = []
    for table in Base.metadata.sorted_tables:
        for row in ctx.session.execute(select(table)).mappings():
            told += [str(ctx.vault.decrypt(value) if name.endswith("_enc") and value else value)
                     for name, value in row.items()]  # fmt: skip
    return "\n".join(told)


def test_nothing_says_any_more_who_it_was_and_the_trade_stands(world: World) -> None:
    who = known(world)
    order = finished(world, who)
    with world.unit.reading() as ctx:
        before, openid = everything(ctx), ctx.session.get_one(Resident, who.id).openid
        sums = [(row.total_fen, row.paid_fen, row.state) for row in ctx.session.scalars(select(Order))]
    assert [secret for secret in (*SECRETS, openid) if secret not in before] == []
    leave(world, who)
    with world.unit.reading() as ctx:
        after = everything(ctx)
        assert [secret for secret in (*SECRETS, openid) if secret in after] == []
        assert [(row.total_fen, row.paid_fen, row.state) for row in ctx.session.scalars(select(Order))] == sums
        assert one(ctx, Order, order).resident_id == who.id
        assert ctx.session.scalars(select(Payment.payer_id)).all() == [who.id]
        assert ctx.session.scalars(select(Consent.resident_id)).all() == [who.id]
        for table in (Follower, Notification):
            assert ctx.session.scalars(select(table).where(table.resident_id == who.id)).all() == []


def test_the_same_openid_comes_back_as_a_stranger(world: World) -> None:
    who = known(world)
    finished(world, who)
    with world.unit(SYSTEM) as ctx:
        openid = ctx.session.get_one(Resident, who.id).openid
        token = build.token(ctx, ctx.session.get_one(Resident, who.id))
    leave(world, who)
    with world.unit(SYSTEM) as ctx:
        again = people.enter(ctx, openid)
        assert again.id != who.id
        with pytest.raises(Unauthenticated):
            sessions.actor_of(ctx.session, ctx.now, "resident", token)
    stranger = Actor(who.role, again.id, again.id)
    with world.unit(stranger) as ctx:
        assert orders.list_mine(ctx, Page()).items == []
        assert people.set_phone(ctx, PHONE).phone == "139****1234"


def test_a_phone_that_was_on_its_way_reaches_nobody_who_has_left(world: World) -> None:
    who = known(world)
    leave(world, who)
    with world.unit(who) as ctx, pytest.raises(Unauthenticated):
        people.set_phone(ctx, PHONE)
    with world.unit(who) as ctx, pytest.raises(Unauthenticated):
        people.change_profile(ctx, people.ChangeProfile(nickname="李小花"))
    with world.unit.reading() as ctx:
        assert PHONE not in everything(ctx)


def test_an_order_that_was_on_its_way_is_not_placed_for_somebody_who_has_left(world: World) -> None:
    who = known(world)
    leave(world, who)
    with pytest.raises(Unauthenticated):
        unpaid(world, who, who)
    unpaid(world, world.resident(), who)


def unpaid(world: World, who: Actor, _other: Actor) -> None:
    campaign = world.campaign()
    with world.unit(who) as ctx:
        lines = ((offer_named(ctx, campaign, "草莓").public_id, 1),)
        ordering.place(ctx, ordering.PlaceOrder(campaign, world.point_ids[0], lines))


def paid(world: World, who: Actor, _other: Actor) -> None:
    world.order(who, world.campaign(), {"草莓": 1})


def refunding(world: World, who: Actor, _other: Actor) -> None:
    order = world.order(who, world.campaign(), {"草莓": 1})
    with world.unit(who) as ctx:
        cancelling.cancel(ctx, order)


def keeping_a_point(world: World, who: Actor, _other: Actor) -> None:
    with world.unit(SYSTEM) as ctx:
        ctx.session.get_one(PickupPoint, world.points[0]).keeper_id = who.id


def paying_for_another(world: World, who: Actor, other: Actor) -> None:
    order = world.order(other, world.campaign(), {"草莓": 1})
    with world.unit(SYSTEM) as ctx:
        paid_with = select(Payment).where(Payment.order_id == one(ctx, Order, order).id)
        ctx.session.scalars(paid_with).one().payer_id = who.id


REASONS: dict[str, Callable[[World, Actor, Actor], Any]] = {
    "1 笔没有结束的订单": unpaid,
    "1 笔没有结束的订单 ": paid,
    "1 笔退款": refunding,
    "1 个由您保管的自提点": keeping_a_point,
    "1 笔没有结束的订单  ": paying_for_another,
}


@pytest.mark.parametrize("words", REASONS)
def test_who_has_something_running_stays_and_hears_what(world: World, words: str) -> None:
    who = known(world)
    REASONS[words](world, who, world.resident("赵大爷"))
    with pytest.raises(NotFinished) as refused:
        leave(world, who)
    assert refusal(refused.value) == f"还有 {words.strip()}，办完后再注销。"
    with world.unit.reading(who) as ctx:
        assert people.profile(ctx).phone == "139****1234"


def test_a_refund_that_has_arrived_holds_nobody_back(world: World) -> None:
    who = known(world)
    refunding(world, who, who)
    refunded(world.unit)
    leave(world, who)


def test_a_leader_whose_campaign_runs_or_to_whom_money_is_owed_stays(world: World) -> None:
    buyer = world.resident()
    campaign = world.campaign()
    world.order(buyer, campaign, {"草莓": 1})
    leader = world.leader_as_resident
    with pytest.raises(NotFinished) as running:
        leave(world, leader)
    assert running.value.facts["what"] == "1 个没有结束的团"
    world.bring(campaign)
    with world.unit.reading(leader) as ctx:
        assert leaving.running(ctx) == {"个没有结束的团": 1, "笔佣金余额": 1}


def test_a_leader_who_leaves_leads_no_longer_and_staff_stand_at_no_desk(world: World) -> None:
    leader = world.leader_as_resident
    with world.unit(SYSTEM) as ctx:
        build.staff(ctx, ctx.session.get_one(PickupPoint, world.points[0]),
                    ctx.session.get_one(Resident, leader.id))  # fmt: skip
    leave(world, leader)
    with world.unit.reading() as ctx:
        row = ctx.session.scalars(select(Leader)).one()
        assert (row.state, row.display_name) == ("left", "已注销")
        assert ctx.session.scalars(select(PickupStaff.state)).all() == ["left"]
        assert set(ctx.session.scalars(select(PickupPoint.active))) == {False}


def test_what_staff_handed_over_stands_without_their_name(world: World) -> None:
    buyer = world.resident()
    order, again = ready(world, {"草莓": 2}, buyer), ready(world, {"草莓": 1}, buyer)
    by, other = desk(world, "周小勤"), desk(world, "小李")
    lease = take(world, by)
    with world.unit(by) as ctx:
        drawers.begin(ctx)
        redeeming.redeem(ctx, Redeem((order,), "code"))
    report(world, by, lease, noted(world, again, "note-0001", 草莓=1))
    report(world, other, lease, noted(world, order, "note-0002", 草莓=2))
    with world.unit(by) as ctx:
        leases.give_back(ctx)
        ctx.session.scalars(select(Shift)).one().state = "handed_over"
    with world.unit.reading() as ctx:
        assert everything(ctx).count("周小勤") > 4
    with world.unit(SYSTEM) as ctx:
        person = Actor(Role.RESIDENT, by.resident_id or 0, by.resident_id)
        ctx.session.get_one(Resident, person.id).nickname = ""
    leave(world, person)
    with world.unit.reading() as ctx:
        assert "周小勤" not in everything(ctx)
        assert {row.by_name for row in ctx.session.scalars(select(Redemption))} == {"已注销"}
        assert ctx.session.scalars(select(LossCase.first_by)).all() == ["已注销"]
        assert "小李" in everything(ctx)


def test_the_document_holds_all_one_ever_told_and_nothing_of_others(world: World) -> None:
    who = known(world)
    order = finished(world, who)
    world.order(world.resident("赵大爷"), world.campaign(), {"草莓": 1}, recipient="老赵的")
    with world.unit.reading(who) as ctx:
        document = own_data.export(ctx)
    text = str(document)
    assert [secret for secret in SECRETS if secret not in text] == []
    assert "老赵的" not in text
    (mine,) = document["orders"]
    assert (mine["id"], mine["recipient"], mine["courier"]) == (order, "小李", None)
    assert document["hand_overs"][0]["fetched_by"] == "张师傅"
    assert [row["document"] for row in document["consents"]] == ["privacy"]
    assert sorted(document) == sorted(("made_at", "profile", *own_data.SECTIONS))
