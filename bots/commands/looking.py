"""Looking: 进度, 名单, 帮助, 我的, and plain questions."""

from __future__ import annotations

from collections.abc import Callable

from bots.cards import card_of, count_words, standing_words
from bots.commands.words import line_of
from bots.messages import Code, Part, Reply, say
from bots.parsing import Question
from bots.turn import Turn
from domain.clock import business_date, local, local_time
from domain.money import yuan
from domain.progress import milestone, milestones
from models import Campaign
from services.chat import own_orders
from services.paging import Page
from services.queries import campaigns as reading
from services.queries import rosters
from services.queries.campaigns import OfferView

HELP = (
    "我能做这些：\n参团：2份、+1、草莓2盒 蓝莓1盒\n改单：改成3份、取消、我的\n看团：发团、进度、名单\n"
    "绑定：绑定 6位码（码在小程序「我的」里）\n团长：截团、绑定本群 码；店员群：核销 取货码"
)
HINT = "没听懂。参团请说「2份」或「草莓2盒」，其他请说「帮助」。"

Speak = Callable[[Campaign], Reply]


def show_help(turn: Turn, argument: str) -> Reply:
    """帮助."""
    return say(HELP)


def post_card(turn: Turn, argument: str) -> Reply:
    """发团: the card of this chat's campaign."""
    found = turn.looked_at()
    return _of_one(turn, found, "发团", lambda campaign: Reply(card=card_of(turn.ctx, turn.voice, campaign)))


def show_progress(turn: Turn, argument: str) -> Reply:
    """进度: the true count of this moment, and how far the next lower prices are."""
    return _of_one(turn, turn.looked_at(), "进度", lambda campaign: say(_progress(turn, campaign)))


def _progress(turn: Turn, campaign: Campaign) -> str:
    told = milestones([(offer.name, offer.pricing) for offer in reading.offers(turn.ctx, campaign)])
    return progress_line(campaign) + (f"{told}。" if told else "")


def progress_line(campaign: Campaign) -> str:
    """`「周五大闸蟹」7/10 人，15 份，还差 3 人，11-26 20:00 截团。`"""
    progress = reading.progress_of(campaign)
    until = f"{local(campaign.closes_at)} 截团" if campaign.state == "open" else ""
    facts = (count_words(campaign, progress), f"{campaign.counted_units} 份", standing_words(campaign, progress), until)
    return f"「{campaign.title}」{'，'.join(fact for fact in facts if fact)}。"


def show_roster(turn: Turn, argument: str) -> Reply:
    """名单: the first page, masked."""
    return _of_one(turn, turn.looked_at(), "名单", lambda campaign: say(_roster(turn, campaign)))


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
            parts += [f" 自提 {order.point_name}"]
            parts += ["，取货码请私下看订单页"] if group else ["，取货码 ", Code(order.id)]
    return Reply(tuple(parts))


def _everything(turn: Turn) -> list[Campaign]:
    return turn.campaigns(("open", "paused", "closed", "formed", "fulfilling", "failed", "completed", "cancelled"))


def answer(turn: Turn, campaign: Campaign, question: Question) -> Reply:
    """A neighbour's plain question, from the campaign's own facts."""
    answers = {"price": _prices, "closing": _closing, "pickup": _pickup, "open": _closing}
    speak = answers.get(question.kind)
    return say(speak(turn, campaign)) if speak else say(HINT)


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
    points = " / ".join(point.name for point in reading.points(turn.ctx, campaign))
    when = campaign.arrival_text or "到货时间以通知为准"
    return f"{when}，{points}自提。"


def _of_one(turn: Turn, found: list[Campaign], text: str, speak: Speak) -> Reply:
    if not found:
        return turn.nothing_here()
    return speak(found[0]) if len(found) == 1 else turn.which_campaign(found, text)
