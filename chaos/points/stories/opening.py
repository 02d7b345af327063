"""Before anything is sold: people and their devices, leaders, points and staff, goods, and campaigns drawn up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from chaos.points.world import World, story
from domain.actors import Actor, Role
from models import Leader, Operator, PickupStaff, Resident, Session
from services import catalog, communities, help_selling, leaders, operators, payees, people, sessions, staffing
from services.campaigns import copying, drafting, ending, opening
from services.campaigns.copying import CopyCampaign
from services.campaigns.terms import CampaignTerms, OfferTerms
from services.catalog import CreateMerchant, CreateProduct, CreateSku
from services.communities import CreateCommunity, CreatePoint
from services.flows import codes, desk, login, operator_login, pictures
from services.flows.login import LogIn
from services.flows.operator_login import LogInAsOperator
from services.flows.pictures import UploadPicture
from services.leaders import ApplyAsLeader
from services.payees import SetBankAccount, SetKeeper
from services.people import ChangeProfile
from services.pickup import joining
from services.pickup.joining import EnterDesk, JoinDesk

PASSWORD = "a long enough password"
LOST_LOGIN = "a login whose answer was lost leaves a session that nobody can use; the person logs in once more"


@story
def opening_up(world: World) -> None:
    """Nothing but people outside."""
    world.control("knobs", reset=True)
    for name in ("李团长", "帮卖", "店员"):
        world.control("people", name=name)


opening_up.asks("an operator is made", "system", lambda world, ctx: operators.create(ctx, "甲", PASSWORD))


@opening_up.may_repeat("sessions audit_records", LOST_LOGIN)
def the_operator_logs_in(world: World) -> None:
    """With a password."""
    command = LogInAsOperator("甲", PASSWORD, "console")
    operator_login.log_in(world.unit, world.theatre.outside, command, "admin", second_factor=False)
    world.cast("operator", Actor(Role.OPERATOR, world.rows(Operator)[0].id))


@opening_up.may_repeat("sessions audit_records", LOST_LOGIN)
def people_log_in(world: World) -> None:
    """From the mini-program, for the first time."""
    for name in ("李团长", "帮卖", "店员"):
        code = world.control(f"people/{name}/login-code")["code"]
        login.log_in(world.unit, world.theatre.outside, LogIn(code, "phone"))
    found = {row.openid: row.id for row in world.rows(Resident)}
    everybody = {one["name"]: one["openid"] for one in world.theatre.stage.sandbox.seen("people")["people"]}
    world.notes["residents"] = {name: found[openid] for name, openid in everybody.items() if openid in found}


@opening_up.may_repeat("audit_records", "who binds it twice is written down twice")
def a_phone_is_bound(world: World) -> None:
    """By the phone button."""
    code = world.control("people/店员/phone-code")["code"]
    login.bind_phone(world.unit, world.theatre.outside, world.buyer("店员"), code)


opening_up.asks("a profile is changed", "店员",
                lambda world, ctx: people.change_profile(ctx, ChangeProfile("陈阿姨", True)))  # fmt: skip
opening_up.asks("community", "operator",
                lambda world, ctx: communities.create_community(ctx, CreateCommunity("幸福里")))  # fmt: skip


def _applies(act: str, who: str) -> None:
    opening_up.asks(act, who, lambda world, ctx: leaders.apply(ctx, ApplyAsLeader(who, world["community"])))


def _decides(act: str, decide: Any, about: str, *words: str) -> None:
    opening_up.asks(act, "operator", lambda world, ctx: decide(ctx, world[about], *words))


_applies("leader applies", "李团长")
_decides("the leader is rejected", leaders.reject, "leader applies", "资料不全")
_applies("leader applies again", "李团长")
_decides("the leader is approved", leaders.approve, "leader applies")
_decides("the leader is suspended", leaders.suspend, "leader applies", "投诉")
_decides("the leader is back", leaders.reinstate, "leader applies", "查清")
_applies("helper applies", "帮卖")


@opening_up.act
def the_helper_is_approved(world: World) -> None:
    """And both act as leaders from now on."""
    world.do(world.actor("operator"), lambda ctx: leaders.approve(ctx, world["helper applies"]))
    for name, row in zip(("leader", "helper"), world.rows(Leader), strict=True):
        world.cast(name, Actor(Role.LEADER, row.id, row.resident_id))


opening_up.asks("point", "leader", lambda world, ctx: communities.create_point(
    ctx, CreatePoint("东门", "1 号楼", "9:00-21:00")))  # fmt: skip
opening_up.asks("the leader's name", "李团长", lambda world, ctx: payees.set_real_name(ctx, "李建国"))
_decides("the keeper is named", lambda ctx, point: payees.set_keeper(ctx, point, SetKeeper(None, 0)), "point")
opening_up.asks("invitation", "leader", lambda world, ctx: staffing.invite(ctx, world["point"]))


@opening_up.act
def staff_join(world: World) -> None:
    """By the invitation."""
    guest = replace(world.buyer("店员"), session_id=world.rows(Session)[-1].id)
    desk.join(world.theatre.product, guest, JoinDesk(world["invitation"], "陈阿姨", "till"))


opening_up.asks("another device enters", "店员",
                lambda world, ctx: joining.enter(ctx, EnterDesk(world["point"], "tablet")).desk.staff_id)  # fmt: skip
opening_up.asks("a device is shut out", "leader",
                lambda world, ctx: staffing.revoke_device(ctx, _devices(world)[0].public_id))  # fmt: skip


def _devices(world: World) -> list[Session]:
    return world.rows(Session, Session.staff_id.is_not(None))


@opening_up.act
def staff_leave(world: World) -> None:
    """By themselves."""
    row = world.rows(PickupStaff)[0]
    staff = Actor(Role.STAFF, row.id, row.resident_id, row.point_id)
    world.do(staff, staffing.leave)


opening_up.asks("second invitation", "leader", lambda world, ctx: staffing.invite(ctx, world["point"]))


@opening_up.act
def staff_return(world: World) -> None:
    """By another invitation."""
    guest = replace(world.buyer("店员"), session_id=1)
    desk.join(world.theatre.product, guest, JoinDesk(world["second invitation"], "陈阿姨", "till"))


opening_up.asks("staff are removed", "leader",
                lambda world, ctx: staffing.remove(ctx, world.rows(PickupStaff)[0].public_id, "换人"))  # fmt: skip
opening_up.asks("one device is logged out", "帮卖", lambda world, ctx: sessions.revoke(ctx, _own(world, "帮卖")))
opening_up.add("a device logs out", lambda world: world.do(
    replace(world.buyer("李团长"), session_id=world.rows(Session)[1].id), sessions.revoke_current))  # fmt: skip
opening_up.asks("all devices are logged out", "店员",
                lambda world, ctx: sessions.revoke_all(ctx, resident_id=ctx.resident_id))  # fmt: skip


def _own(world: World, name: str) -> str:
    return world.rows(Session, Session.resident_id == world.buyer(name).id)[0].public_id


opening_up.asks("merchant", "leader", lambda world, ctx: catalog.create_merchant(ctx, CreateMerchant("果园")))
opening_up.asks("bank account", "leader", lambda world, ctx: payees.set_bank_account(
    ctx, world["merchant"], SetBankAccount("邻里银行", "6222000011112222", "果园")))  # fmt: skip
opening_up.asks("product", "leader", lambda world, ctx: catalog.create_product(
    ctx, CreateProduct(world["merchant"], "fruit", "草莓", fresh=True)))  # fmt: skip
opening_up.asks("sku", "leader", lambda world, ctx: catalog.create_sku(
    ctx, world["product"], CreateSku("500 克", "盒", 2000)))  # fmt: skip


@opening_up.may_repeat("pictures audit_records", "a picture whose answer was lost is uploaded once more")
def a_picture_is_uploaded(world: World) -> None:
    """Of the product."""
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "red").save(drawn, "PNG")
    picture = UploadPicture(world["product"], drawn.getvalue(), "草莓")
    pictures.upload(world.unit, world.theatre.outside, world.actor("leader"), picture)


def _terms(world: World, **changes: Any) -> CampaignTerms:
    now = world.clock.now()
    offer = OfferTerms(world["sku"], "草莓", 2990, 1000, quota=20, tiers=((6, 2690),))
    terms: dict[str, Any] = {
        "title": "周五草莓", "seller": "果园", "closes_at": now + timedelta(hours=8), "offers": (offer,),
        "points": (world["point"],), "opens_at": now + timedelta(hours=1), "help_sell_bps": 3000,
    }  # fmt: skip
    return CampaignTerms(**(terms | changes))


opening_up.asks("draft", "leader", lambda world, ctx: drafting.create(ctx, _terms(world)))
opening_up.asks("the draft is rewritten", "leader",
                lambda world, ctx: drafting.rewrite(ctx, world["draft"], _terms(world, title="周六草莓")))  # fmt: skip
opening_up.asks("it is scheduled", "leader", lambda world, ctx: opening.schedule(ctx, world["draft"]))
opening_up.wakes("it opens", "campaigns.open_due", hours=1.1)
opening_up.asks("helping", "helper", lambda world, ctx: help_selling.join(ctx, world["draft"]))
opening_up.asks("helping ends", "leader", lambda world, ctx: help_selling.end(ctx, world["helping"], "够了"))
opening_up.asks("copy", "leader", lambda world, ctx: copying.copy(
    ctx, world["draft"], CopyCampaign(ctx.now + timedelta(hours=9))))  # fmt: skip
opening_up.asks("the copy opens", "leader", lambda world, ctx: opening.open_now(ctx, world["copy"]))
opening_up.asks("an operator ends it", "operator", lambda world, ctx: ending.cancel(ctx, world["copy"], "违规"))


@opening_up.act
def its_code_is_shown(world: World) -> None:
    """A picture by the platform."""
    codes.campaign_code(world.unit, world.theatre.outside, world.actor("leader"), world["draft"])


opening_up.wakes("old keys are forgotten", "records.forget_idempotency", days=8)
