"""What happens beside the talk, one function per kind of starred line; each may bring deliveries to be heard."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import select

from domain.actors import GATEWAY, SYSTEM, Actor, Role
from models import Campaign, Delivery, Order, PickupPoint, Resident
from services import chat_bindings, help_selling, people, refund_results
from services.campaigns import ending, opening
from services.flows import paying
from services.pickup import deliveries
from services.ports import ChatGone, Refused
from tests.bots.stories.offering import moment, offer
from tests.bots.stories.phones import Deliver
from tests.bots.stories.playing import Playing, Quitting
from tests.builders import people as builders
from tests.services.desk_money.drawer import open_shift
from tests.services.desk_money.drawer import take as take_cash
from tests.services.pickup.world import one

Heard = list[tuple[str, str, Deliver]]
Step = Callable[..., Heard | None]
STEPS: list[tuple[re.Pattern[str], Step]] = []
UNITS = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "天": "days"}
POINTS = {"东门": 0, "西门": 1}


def take(playing: Playing, text: str) -> Heard:
    """Do what a starred line says; raises `ValueError` for one that says nothing."""
    for pattern, act in STEPS:
        if found := pattern.fullmatch(text):
            return act(playing, *found.groups()) or []
    raise ValueError(f"no step: {text}")


def step(pattern: str) -> Callable[[Step], Step]:
    """Register a kind of starred line."""

    def register(act: Step) -> Step:
        STEPS.append((re.compile(pattern, re.DOTALL), act))
        return act

    return register


@step(r"群 (\S+) (\S+?)( 不播报)?(?:，(.+))?")
def group(playing: Playing, name: str, kind: str, silent: str | None, titles: str | None) -> None:
    """A group in which all campaigns so far are shown, or those named; in WeCom with the key for speaking there."""
    chat = playing.open(name, kind, group=True)
    for title in titles.split("、") if titles else playing.campaigns:
        key = "webhook-key" if kind == "wecom" and not silent else ""
        chat.phone.room.bind(playing.campaigns[title], channel=kind, key=key)


@step(r"新群 (\S+) (\S+)")
def empty_group(playing: Playing, name: str, kind: str) -> None:
    """A group that is bound to nothing yet."""
    playing.open(name, kind, group=True)


@step(r"店员群 (\S+) (\S+)")
def staff_chat(playing: Playing, name: str, kind: str) -> None:
    """The staff chat of 东门."""
    playing.open(name, kind, group=True).phone.room.bind("", channel=kind, purpose="staff")


@step(r"住户 (.+)")
def residents(playing: Playing, names: str) -> None:
    """People who are known in every group."""
    for name in names.split():
        playing.meet(name, playing.world.resident(name))


@step(r"没绑定的住户 (\S+)")
def unbound(playing: Playing, name: str) -> None:
    """Somebody who has logged in, and whom no group knows."""
    playing.people[name] = playing.world.resident(name)


@step(r"店员 (\S+) (\S+)")
def staff(playing: Playing, name: str, point: str) -> None:
    """Somebody at a desk."""
    at_desk = playing.world.staff(name, POINTS[point])
    playing.desks[name] = at_desk
    playing.meet(name, Actor(Role.RESIDENT, at_desk.resident_id or 0, at_desk.resident_id))


@step(r"另一位团长 (\S+)")
def another_leader(playing: Playing, name: str) -> None:
    """A leader of another place, with a point there."""
    who = playing.world.resident(name)
    with playing.room.unit(SYSTEM) as ctx:
        leader = builders.leader(ctx, ctx.session.get_one(Resident, who.id))
        builders.point(ctx, leader, "南门")
        playing.leaders[name] = Actor(Role.LEADER, leader.id, who.id)
    playing.meet(name, who)


@step(r"没有自提点了")
def no_points(playing: Playing) -> None:
    """The leader's points are all given up."""
    with playing.room.unit(SYSTEM) as ctx:
        for point in ctx.session.scalars(select(PickupPoint)):
            point.active = False


@step(r"(?:(\S+)的)?(团|草稿) ([^：]+)：([^；]+)(?:；(.+))?")
def campaign(playing: Playing, leader: str | None, kind: str, title: str, offers: str, options: str | None) -> None:
    """A campaign, open unless it is a draft."""
    who = playing.leaders[leader or "王团长"]
    playing.campaigns[title] = offer(playing, who, title, offers, options or "", start=kind == "团")


@step(r"(\S+)帮卖「(\S+)」")
def help_sell(playing: Playing, leader: str, title: str) -> None:
    """Another leader sells it, too."""
    with playing.room.unit(playing.leaders[leader]) as ctx:
        playing.codes["帮卖"] = help_selling.join(ctx, playing.campaigns[title]).public_id


@step(r"过 (\d+) ?(秒|分钟|小时|天)")
def pass_time(playing: Playing, number: str, unit: str) -> None:
    """The clock goes on."""
    playing.room.clock.advance(**{UNITS[unit]: int(number)})
    playing.beat()


@step(r"到了(.+)")
def until(playing: Playing, words: str) -> None:
    """The clock goes on until 明天8:00."""
    playing.room.clock.set(moment(playing, words))
    playing.beat()


@step(r"(\S+)付款")
def pay(playing: Playing, name: str) -> None:
    """Whatever somebody owes is paid at the gateway."""
    who = playing.people[name]
    due = select(Order.public_id).where(Order.resident_id == who.id, Order.state == "pending_payment")
    with playing.room.unit.reading(SYSTEM) as ctx:
        orders = ctx.session.scalars(due.order_by(Order.id)).all()
    assert orders, f"{name} owes nothing"
    for order in orders:
        asked = paying.ask_to_pay(playing.room.unit, playing.outside, who, order)
        playing.outside.gateway.pay(asked.payment, playing.room.clock.now())
        paying.book_if_captured(playing.room.unit, playing.outside, asked.payment)


@step(r"(\S+)在小程序下单「(\S+?)」(.+)")
def order_on_the_page(playing: Playing, name: str, title: str, units: str) -> None:
    """An order elsewhere, paid at once: 草莓2 纸巾1."""
    wanted = {word: int(number) for word, number in re.findall(r"(\D+?)(\d+) ?", units)}
    playing.world.order(playing.people[name], playing.campaigns[title], wanted)


@step(r"满座 (\d+) 单「(\S+)」")
def many(playing: Playing, number: str, title: str) -> None:
    """So many neighbours order and pay on the page."""
    for _ in range(int(number)):
        units = {"草莓": 1}
        playing.world.order(playing.world.resident("邻居"), playing.campaigns[title], units)


@step(r"有(?:一份 (\d+) 位的接龙|一张 (\d+) 样的货单|一段啰嗦话)")
def long_text(playing: Playing, people: str | None, goods: str | None) -> None:
    """What is too long to be written out in a story: 〈长接龙〉, 〈货单〉 or 〈啰嗦话〉."""
    if people:
        playing.codes["〈长接龙〉"] = "\n".join(["#接龙", *(f"{at}. 邻居{at} 1份" for at in range(1, int(people) + 1))])
    elif goods:
        names = [f"果{chr(0x4E00 + at)} 9.9" for at in range(int(goods))]
        playing.codes["〈货单〉"] = "\n".join(["开团 大团", *names, "明天20:00截"])
    else:
        playing.codes["〈啰嗦话〉"] = "来2盒" + "好" * 2001


@step(r"退款到账")
def refunded(playing: Playing) -> None:
    """The gateway says of all refunds that the money has come."""
    playing.beat()
    gateway = playing.outside.gateway
    for number in [number for number, refund in gateway.refunds.items() if refund.state == "PROCESSING"]:
        answer = gateway.finish_refund(number, playing.room.clock.now())
        with playing.room.unit(GATEWAY) as ctx:
            refund_results.book(ctx, answer)


@step(r"王团长(开团|暂停|恢复)「(\S+)」")
def switch(playing: Playing, event: str, title: str) -> None:
    """What a leader does in the mini-program."""
    act = {"开团": opening.open_now, "暂停": opening.pause, "恢复": opening.resume}[event]
    with playing.room.unit(playing.world.leader) as ctx:
        act(ctx, playing.campaigns[title])


@step(r"王团长把「(\S+)」延到(.+)")
def extend(playing: Playing, title: str, words: str) -> None:
    """A later deadline."""
    with playing.room.unit(playing.world.leader) as ctx:
        ending.extend(ctx, playing.campaigns[title], moment(playing, words))


@step(r"王团长取消「(\S+)」：(.+)")
def cancel(playing: Playing, title: str, reason: str) -> None:
    """The campaign is given up."""
    with playing.room.unit(playing.world.leader) as ctx:
        ending.cancel(ctx, playing.campaigns[title], reason)


@step(r"王团长(排货|发货)「(\S+)」")
def dispatch(playing: Playing, how: str, title: str) -> None:
    """The deliveries are planned, or on their way, too."""
    if how == "发货":
        playing.world.dispatch(playing.campaigns[title])
        return
    with playing.room.unit(playing.world.leader) as ctx:
        deliveries.dispatch(ctx, playing.campaigns[title])


@step(r"(\S+)(?:点货|点到)「(\S+?)」(?:只到(\S+))?")
def count(playing: Playing, name: str, title: str, short: str | None) -> None:
    """All deliveries are counted at the desk, as planned or short: 草莓1."""
    by = playing.desks.get(name) or playing.leaders[name]
    units = {word: int(number) for word, number in re.findall(r"(\D+?)(\d+)、?", short or "")}
    with playing.room.unit.reading(SYSTEM) as ctx:
        row = one(ctx, Campaign, playing.campaigns[title])
        ids = ctx.session.scalars(select(Delivery.public_id).where(Delivery.campaign_id == row.id)).all()
    for delivery in ids:
        playing.world.count(by, delivery, **units)


@step(r"(\S+)收(\S+)的现金")
def cash(playing: Playing, name: str, buyer: str) -> None:
    """The money is taken at the desk, and the goods handed over."""
    waiting = select(Order.public_id).where(Order.resident_id == playing.people[buyer].id, Order.state == "ready")
    with playing.room.unit.reading(SYSTEM) as ctx:
        orders = ctx.session.scalars(waiting).all()
    open_shift(playing.world, playing.desks[name])
    take_cash(playing.world, playing.desks[name], *orders)


@step(r"(\S+)拿了绑定码")
def own_code(playing: Playing, name: str) -> None:
    """A code for a person, from the mini-program: 〈张阿姨的绑定码〉."""
    with playing.room.unit(playing.people[name]) as ctx:
        playing.codes[f"〈{name}的绑定码〉"] = people.make_chat_code(ctx).code


@step(r"(\S+)拿了「(\S+)」的绑定码")
def group_code(playing: Playing, name: str, title: str) -> None:
    """A code for a campaign: 〈周五水果的绑定码〉."""
    with playing.room.unit(playing.leaders[name]) as ctx:
        code = chat_bindings.group_code(ctx, playing.campaigns[title]).code
    playing.codes[f"〈{title}的绑定码〉"] = code


@step(r"王团长拿了(东门|西门)的店员群码")
def staff_code(playing: Playing, point: str) -> None:
    """A code for a point: 〈东门的店员群码〉."""
    with playing.room.unit(playing.world.leader) as ctx:
        code = chat_bindings.staff_chat_code(ctx, playing.world.point_ids[POINTS[point]]).code
    playing.codes[f"〈{point}的店员群码〉"] = code


@step(r"没人订阅通知")
def no_subscriptions(playing: Playing) -> None:
    """The platform refuses whatever nobody asked for."""
    playing.outside.mini_program.fails = Refused("user refuses", code="43101")


@step(r"(\S+)解散了")
def gone(playing: Playing, name: str) -> None:
    """The platform knows this group no more."""
    chat = playing.chats[name]
    channel = playing.outside.chats[chat.kind]
    assert isinstance(channel, Quitting)
    channel.gone[chat.phone.room.chat_id] = ChatGone("no such chat", code="93000")


@step(r"平台把第 (\d+) 句又送了一遍")
def again(playing: Playing, number: str) -> Heard:
    """The same delivery once more, as when our answer was lost."""
    return [playing.deliveries[int(number) - 1]]


@step(r"(\S+?)（(私聊|客服)）打开对话")
def enter(playing: Playing, name: str, place: str) -> Heard:
    """Somebody opens the talk with the bot."""
    return [(name, place, playing.enter(name, place))]


@step(r"(\S+?)(?:（(私聊)）)?那边刷新")
def poll(playing: Playing, name: str, place: str | None) -> Heard:
    """The platform asks how the answer goes on that somebody has open."""
    return [(name, place or "", playing.poll(name, place or ""))]
