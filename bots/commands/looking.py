"""Looking: 进度, 名单, 帮助, 我的, and plain questions."""

from __future__ import annotations

from collections.abc import Callable

from bots.cards import card_of, count_words, standing_words, whole_count
from bots.commands.words import line_of
from bots.jielong.words import units_words
from bots.messages import Code, Link, Part, Reply, say
from bots.parsing import Question
from bots.turn import Turn
from domain.clock import business_date, local, local_time
from domain.money import yuan
from domain.progress import milestone, milestones
from models import Campaign
from services.chat import drafting, identities, nudging, own_orders, pasted_lists
from services.door.words import BROUGHT
from services.paging import Page
from services.queries import campaigns as reading
from services.queries import rosters
from services.queries.campaigns import OfferView

HELP = (
    "我能做这些：\n参团：2份、+1、草莓2盒 蓝莓1盒、替李四接1份\n改单：改成3份、取消、我的、取货码\n"
    "看团：发团、进度、名单\n绑定：绑定 6位码（码在小程序「我的」里）\n"
    "团长：开团 大闸蟹 58 周五20:00截、催付、截团、到货、绑定本群 码，整段接龙也可以贴给我\n"
    "店员群：核销 取货码、到货"
)
MOST_NAMES = 20
HINT = "没听懂。参团请说「2份」或「草莓2盒」，其他请说「帮助」。"

Speak = Callable[[Campaign], Reply]


def show_help(turn: Turn, argument: str) -> Reply:
    """帮助."""
    return say(HELP)


def post_card(turn: Turn, argument: str) -> Reply:
    """发团: the card of this chat's campaign; a leader brings the newest one along that no card shows here yet."""
    found = turn.looked_at() or _brought(turn)
    return _of_one(turn, found, "发团", lambda campaign: Reply(card=card_of(turn.ctx, turn.voice, campaign)))


def _brought(turn: Turn) -> list[Campaign]:
    actor = identities.as_leader(turn.ctx, turn.speaker) if turn.speaker and turn.heard.group else None
    place = turn.heard.place
    found = drafting.show_newest(turn.ctx.acting_as(actor), place.channel, place.chat_id) if actor else None
    return [found] if found else []


def show_progress(turn: Turn, argument: str) -> Reply:
    """进度: the true count of this moment, and how far the next lower prices are."""
    return _of_one(turn, turn.looked_at(), "进度", lambda campaign: _current(turn, campaign))


def _current(turn: Turn, campaign: Campaign) -> Reply:
    return Reply((_progress(turn, campaign),), live=campaign.public_id)


def _progress(turn: Turn, campaign: Campaign) -> str:
    told = milestones([(offer.name, offer.pricing) for offer in reading.offers(turn.ctx, campaign)])
    return progress_line(campaign) + (f"{told}。" if told else "")


def progress_line(campaign: Campaign) -> str:
    """`「周五大闸蟹」7/10 人，15 份，还差 3 人，11-26 20:00 截团。`"""
    progress = reading.progress_of(campaign)
    until = f"{local(campaign.closes_at)} 截团" if campaign.state == "open" else ""
    facts = (whole_count(campaign, progress), standing_words(campaign, progress), until)
    return f"「{campaign.title}」{'，'.join(fact for fact in facts if fact)}。"


def show_roster(turn: Turn, argument: str) -> Reply:
    """名单: the first page, masked; the leader alone also reads who has not paid or only stands on a pasted list."""
    return _of_one(
        turn, turn.looked_at(), "名单", lambda campaign: say(_roster(turn, campaign), *_unfinished(turn, campaign))
    )


def _unfinished(turn: Turn, campaign: Campaign) -> list[Part]:
    actor = identities.leader_of(turn.ctx, turn.speaker, campaign) if turn.speaker else None
    if actor is None or turn.heard.group:
        return []
    parts: list[Part] = []
    if unpaid := nudging.unpaid_names(turn.ctx.acting_as(actor), campaign.public_id):
        parts.append(f"\n待付款 {len(unpaid)} 单：{'、'.join(unpaid[:MOST_NAMES])}（说「催付」私下提醒）")
    if waiting := pasted_lists.not_ordered(turn.ctx, campaign):
        names = {offer.id: offer.name for offer in reading.offers(turn.ctx, campaign)}
        shown = "；".join(f"{one.name} {units_words(one.units, names)}".strip() for one in waiting[:MOST_NAMES])
        link = Link("下单链接", turn.voice.campaign_link(campaign.public_id))
        parts += [f"\n接龙未下单 {len(waiting)} 位：{shown}，", link]
    return parts


def _roster(turn: Turn, campaign: Campaign) -> str:
    page = rosters.roster(turn.ctx, campaign, Page())
    lines = [f"「{campaign.title}」接龙："]
    for entry in page.items:
        items = "、".join(f"{item.name}×{item.units}" for item in entry.items if item.units)
        lines.append(f"{entry.roster_number} {entry.name} {'已退' if entry.withdrawn else items}")
    if not page.items:
        lines.append("还没有人付款接龙。")
    if page.next_key is not None:
        lines.append(f"……共 {campaign.roster_count} 单，其余请在小程序里看。")
    return "\n".join(lines)


def show_own(turn: Turn, argument: str) -> Reply:
    """我的: one's own orders, in a group those of its campaigns; the pickup code only where nobody else reads."""
    if turn.speaker is None:
        return turn.unbound()
    group = turn.heard.group
    found = own_orders.recent(turn.ctx, turn.speaker.resident_id, _everything(turn) if group else None)
    if not found:
        return say("您还没有订单。")
    parts: list[Part] = [f"{turn.speaker.name} 的订单："]
    for order in found:
        parts += ["\n", *line_of(turn, order)]
        if order.state == "ready":
            parts += [f" {order.where}"]
        if order.state == "ready" and order.fetched:
            parts += ["，取货码请私下看订单页"] if group else ["，取货码 ", Code(order.id)]
    return Reply(tuple(parts))


def show_codes(turn: Turn, argument: str) -> Reply:
    """取货码: the codes of what waits for the person, where nobody else reads; in a group only where to ask."""
    if turn.heard.group:
        return say("取货码不在群里发：请私下问我「取货码」，或看小程序订单页。")
    if turn.speaker is None:
        return turn.unbound()
    found = [order for order in own_orders.waiting(turn.ctx, turn.speaker.resident_id) if order.fetched]
    if not found:
        return say("现在没有等您取的货，到货了会通知您。")
    parts: list[Part] = []
    for order in found:
        parts += ["\n" if parts else "", f"{order.title}：{order.words}，{order.point_name}，取货码 ", Code(order.id)]
    return Reply(tuple(parts))


def _everything(turn: Turn) -> list[Campaign]:
    return turn.campaigns(("open", "paused", "closed", "formed", "fulfilling", "failed", "completed", "cancelled"))


def answer(turn: Turn, campaign: Campaign, question: Question) -> Reply | None:
    """A neighbour's plain question, from the campaign's own facts; None for one of which those say nothing."""
    if question.kind == "progress":
        return _current(turn, campaign)
    answers = {"price": _prices, "closing": _closing, "pickup": _pickup, "open": _closing}
    speak = answers.get(question.kind)
    return say(speak(turn, campaign)) if speak else None


def _prices(turn: Turn, campaign: Campaign) -> str:
    offers = reading.offers(turn.ctx, campaign)
    return "、".join(_price(offer) for offer in offers) + "。"


def _price(offer: OfferView) -> str:
    told = milestone(offer.pricing)
    return f"{offer.name} {yuan(offer.pricing.unit_fen)}/{offer.unit}" + (f"（{told}）" if told else "")


def _closing(turn: Turn, campaign: Campaign) -> str:
    if campaign.state != "open":
        return progress_line(campaign)
    today = business_date(campaign.closes_at) == business_date(turn.ctx.now)
    until = f"今天 {local_time(campaign.closes_at)}" if today else local(campaign.closes_at)
    progress = reading.progress_of(campaign)
    standing = standing_words(campaign, progress) or f"已有 {count_words(campaign, progress)}"
    return f"还能接，{until} 截团；现在{standing}。"


def _pickup(turn: Turn, campaign: Campaign) -> str:
    when = campaign.arrival_text or "到货时间以通知为准"
    if campaign.delivery_method in BROUGHT:
        return f"{when}，{BROUGHT[campaign.delivery_method]}"
    points = " / ".join(point.name for point in reading.points(turn.ctx, campaign))
    return f"{when}，{points}自提。"


def _of_one(turn: Turn, found: list[Campaign], text: str, speak: Speak) -> Reply:
    if not found:
        return turn.nothing_here()
    return speak(found[0]) if len(found) == 1 else turn.which_campaign(found, text)
