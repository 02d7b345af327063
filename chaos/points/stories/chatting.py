"""Talk in a neighbours' group and a staff chat: binding, ordering, taking back, handing over, and being told."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select

from chaos.points import scenes, talking
from chaos.points.world import World, story
from domain.actors import CLOCK
from models import Campaign, ChatBinding, Delivery, Order, OutboxMessage, PickupCode, Resident
from services import chat_bindings, dead_letters, people
from services.chat import outgoing
from services.context import Ctx
from services.flows import paying
from services.pickup import deliveries
from services.pickup.arriving import Arrive, arrive


@story
def chatting(world: World) -> None:
    """A campaign, its rooms, and nobody bound."""
    made = scenes.scene(world, minimum=6, hours=24)
    for name in ("邻居群", "店员群"):
        world.notes[name] = world.control("rooms", name=name, kind="sandbox")["chat_id"]
    wecom = world.control("rooms", name="微信群", kind="wecom")
    world.notes["微信群"] = wecom["chat_id"]
    world.notes["robot"] = world.control(f"rooms/{wecom['room_id']}/robot")["key"]
    world.notes["made"] = [made.campaign_id, made.closes_at.isoformat()]


_hears = partial(talking.hears, chatting)
_orders = partial(talking.orders, chatting)

chatting.asks("own code", "王小明", lambda world, ctx: people.make_chat_code(ctx))
_hears("somebody is bound", "邻居群", "王小明", lambda world: f"绑定 {world['own code']}")
chatting.asks("clerk code", "店员", lambda world, ctx: people.make_chat_code(ctx))
_hears("staff are bound", "店员群", "店员", lambda world: f"绑定 {world['clerk code']}")
chatting.asks("group code", "leader", lambda world, ctx: chat_bindings.group_code(ctx, world["campaign"]))
_hears("the group is bound", "邻居群", "王小明", lambda world: f"绑定本群 {world['group code']}")
chatting.asks("staff code", "leader", lambda world, ctx: chat_bindings.staff_chat_code(ctx, world["point"]))
_hears("the staff chat is bound", "店员群", "店员", lambda world: f"绑定店员群 {world['staff code']}")
chatting.asks("the campaign is shown", "leader", lambda world, ctx: chat_bindings.show_campaign(
    ctx, world.rows(ChatBinding)[0].public_id, world["campaign"]))  # fmt: skip
_hears("a card is asked for", "邻居群", "王小明", "发团")
chatting.wakes("the card is posted", "chat.send_due", seconds=1)
_hears("somebody orders", "邻居群", "王小明", "草莓 2份")


@chatting.act
def it_is_paid(world: World) -> None:
    """On the order's page; the group hears how many there are."""
    order = world.rows(Order)[0].public_id
    world.notes["order"] = order
    asked = paying.ask_to_pay(world.unit, world.theatre.outside, world.buyer("王小明"), order)
    world.pay(asked.params, "王小明")
    world.post()


chatting.wakes("the card is renewed", "chat.send_due", minutes=4)
_hears("somebody asks for less", "邻居群", "王小明", "取消")
_hears("and keeps it when asked back", "邻居群", "王小明", "2")
_hears("somebody looks", "邻居群", "王小明", "我的")


@chatting.act
def a_visitor_writes_to_customer_service(world: World) -> None:
    """And is answered by a call of its own."""
    openid = world.rows(Resident, Resident.id == world.buyer("李静").id)[0].openid
    now = int(world.clock.now().timestamp())
    sandbox = world.theatre.stage.sandbox
    if not sandbox.seen("customer/李静")["messages"]:
        with sandbox.box.store.transaction() as db:
            row = (openid, now, "in", "帮助")
            db.execute("INSERT INTO customer_lines (openid, at, kind, text) VALUES (?, ?, ?, ?)", row)
    world.theatre.listener("customer", {
        "MsgType": "text", "FromUserName": openid, "Content": "帮助", "MsgId": 1, "CreateTime": now,
    })  # fmt: skip


chatting.wakes("the answer is sent", "chat.send_due", seconds=talking.RESTED)


@chatting.act
def a_group_of_the_platform_is_bound(world: World) -> None:
    """Where the bot speaks through a robot, and one whose robot is gone."""
    leader = world.actor("leader")
    for room, key in (("微信群", world["robot"]), ("没有的群", "00000000-gone")):
        code = world.do(leader, lambda ctx: chat_bindings.group_code(ctx, world["campaign"]))
        chat = world.notes.get(room, room)
        with world.unit(leader) as ctx:
            known = [row.remote_chat_id for row in ctx.session.scalars(select(ChatBinding))]
            if chat not in known:
                chat_bindings.bind_group(ctx, "wecom", chat, code)
        bound = world.rows(ChatBinding, ChatBinding.remote_chat_id == chat)[0].public_id
        world.do(leader, lambda ctx, bound=bound, key=key: chat_bindings.set_push_key(ctx, bound, key))  # type: ignore[misc]  # bound to this turn


_orders("another buys", "李静")
_orders("a third buys", "陈晨")


@chatting.speaks
def the_groups_are_told(world: World) -> None:
    """One is gone, one is busy."""
    world.wait(minutes=4)
    world.control("chat-knobs", webhook_busy=1)
    world.wake("chat.send_due")


@chatting.speaks
def an_answer_is_lost(world: World) -> None:
    """Nobody knows whether it was said."""
    world.wait(minutes=6)
    world.control("chat-knobs", webhook_lose_answers=1)
    world.wake("chat.send_due")


_orders("a fourth buys", "赵敏")
chatting.wakes("the groups are told again", "chat.send_due", minutes=6)
chatting.add("night falls", lambda world: world.clock.set(world.clock.now().replace(hour=15)))
_orders("a night owl buys", "周涛")
chatting.wakes("the night is quiet", "chat.send_due", minutes=6)
chatting.wakes("in the morning they are told", "chat.send_due", hours=9)
chatting.wakes("the last hour is told of", "chat.remind_closing", "chat.send_due", hours=3.2)
_orders("the last one buys", "店员")
chatting.wakes("enough have come", "chat.send_due", minutes=4)


def _dies(kind: str, tries: int = 0) -> None:
    """Whoever sends the first message of a kind dies at it, after `tries` others."""

    def leases(world: World) -> None:
        waiting = world.rows(OutboxMessage, OutboxMessage.kind == kind, OutboxMessage.state == "pending")
        world.wait(seconds=15)
        world.do(CLOCK, lambda ctx: _lease(ctx, waiting[0].id, tries))

    chatting.add(f"a sender of {kind} dies", leases)


def _lease(ctx: Ctx, message_id: int, tries: int) -> None:
    ctx.session.get_one(OutboxMessage, message_id).attempts += tries
    ctx.session.flush()
    outgoing.lease(ctx, message_id)


@chatting.act
def the_goods_are_there(world: World) -> None:
    """In one go."""
    campaign = world.rows(Campaign)[0]
    world.clock.set(max(world.clock.now(), campaign.closes_at))
    world.wake("campaigns.close_overdue")
    world.wait(minutes=4)
    world.wake("campaigns.decide_outcome", "campaigns.carry_out", "campaigns.carry_out")
    leader = world.actor("leader")
    world.do(leader, lambda ctx: deliveries.dispatch(ctx, world["campaign"]))
    number = world.rows(Delivery)[0].public_id
    for step in (deliveries.pick, deliveries.ship):
        world.do(leader, lambda ctx, step=step: step(ctx, number))  # type: ignore[misc]  # bound to this turn
    world.do(world.actor("staff"), lambda ctx: arrive(ctx, Arrive(number, scenes.counts(world))))


_dies("notify", 7)
chatting.wakes("people are told", "chat.send_due", minutes=1)
_dies("chat_mention")
chatting.wakes("nobody is called", "chat.send_due", minutes=1)
_hears("somebody asks where to fetch", "邻居群", "王小明", "我的")
chatting.wakes("people are called in their group", "chat.send_due", minutes=1)
chatting.asks("an operator lets one lie", "operator", lambda world, ctx: dead_letters.dismiss(
    ctx, _dead(world, "chat_mention"), "they have fetched").public_id)  # fmt: skip
chatting.asks("and has one sent again", "operator", lambda world, ctx: dead_letters.retry(
    ctx, _dead(world, "notify")).public_id)  # fmt: skip
chatting.wakes("it is sent", "chat.send_due", seconds=1)


def _dead(world: World, kind: str) -> str:
    return world.rows(OutboxMessage, OutboxMessage.kind == kind, OutboxMessage.state == "dead")[0].public_id


def _code(world: World, place: int) -> str:
    return world.rows(PickupCode, PickupCode.order_id == world.rows(Order)[place].id)[-1].code


_hears("a code is pasted", "邻居群", "王小明", lambda world: f"我的取货码 {_code(world, 0)}")
_hears("somebody fetches", "店员群", "店员", lambda world: f"核销 {_code(world, 1)}")
chatting.wakes("old talk is forgotten", "chat.forget_old", days=40)
