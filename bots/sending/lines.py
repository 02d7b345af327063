"""Every line a group hears unasked, true at the moment it is sent; none names anybody."""

from __future__ import annotations

from bots.cards import count_words, whole_count
from bots.sending.pace import HALF, REACHED, News
from bots.voice import Voice
from domain.clock import local, local_time
from domain.money import yuan
from domain.progress import milestone, sentence, steps
from models import Campaign
from services.chat import pickup_days
from services.context import Ctx
from services.door.words import BROUGHT, BROUGHT_BY
from services.queries import campaigns as reading
from services.queries.campaigns import OfferView

NOW_OR_NEVER = ("closed", "formed", "failed", "cancelled", "arrived")
TRUE_IN = {
    "opened": ("open",), "resumed": ("open",), "extended": ("open",), "paused": ("paused",), "closed": ("closed",),
    "formed": ("formed", "fulfilling"), "failed": ("failed",), "cancelled": ("cancelled",),
    "arrived": ("formed", "fulfilling", "completed"), "last_day": ("formed", "fulfilling"),
}  # fmt: skip
ARRIVED_FOR_YOU = "您的货到了，请在小程序的订单页查看。"


def progress(news: News) -> str:
    """A milestone on the way to the minimum, or how many there are."""
    campaign = news.chat.campaign
    standing = reading.progress_of(campaign)
    if news.milestone == REACHED:
        return f"「{campaign.title}」{sentence(standing)}。"
    count = whole_count(campaign, standing)
    half = "过半了：" if news.milestone == HALF else ""
    return f"「{campaign.title}」{half}{count}" + (f"，{sentence(standing)}。" if news.missing else "。")


def reminder(campaign: Campaign) -> str:
    """What is missing in the last hour."""
    standing = reading.progress_of(campaign)
    closes = local_time(campaign.closes_at)
    return f"「{campaign.title}」{count_words(campaign, standing)}，{sentence(standing)}成团，{closes} 截团。"


def outcome(ctx: Ctx, voice: Voice, campaign: Campaign, what: str, of: str = "") -> str:
    """The words for `what`, at the point `of` where it is about one; "" when it is no longer so."""
    if campaign.state not in TRUE_IN.get(what, ()):
        return ""
    if what == "last_day":
        return _last_day(ctx, voice, campaign, of)
    speak = {
        "opened": _opened, "formed": _formed, "arrived": _arrived, "closed": _closed,
    }.get(what)  # fmt: skip
    if speak:
        return f"「{campaign.title}」{speak(ctx, voice, campaign)}"
    return f"「{campaign.title}」{_plain(campaign, what)}"


def _opened(ctx: Ctx, voice: Voice, campaign: Campaign) -> str:
    offers = "、".join(_announced(one) for one in reading.offers(ctx, campaign))
    how = f"@{voice.bot_name} 说「发团」出团卡，说「2份」就能参团"
    return f"开团啦：{offers}，{local(campaign.closes_at)} 截团。{how}。{voice.campaign_link(campaign.public_id)}"


def _closed(ctx: Ctx, voice: Voice, campaign: Campaign) -> str:
    return f"已截团：{whole_count(campaign, reading.progress_of(campaign))}，结果稍后公布。"


def _formed(ctx: Ctx, voice: Voice, campaign: Campaign) -> str:
    offers = reading.offers(ctx, campaign)
    failed = [offer.name for offer in offers if offer.state == "failed"]
    good = "、".join(_reached(offer) for offer in offers if offer.state != "failed")
    lost = f"{'、'.join(failed)} 未达起订量，只退这一项，原路退回。" if failed else ""
    how = BROUGHT_BY.get(campaign.delivery_method, "自提")
    return f"成团啦：{good}。{lost}{campaign.arrival_text or '到货会通知'}，{how}。"


def _announced(offer: OfferView) -> str:
    tiers = steps(offer.pricing, offer.unit)
    return f"{offer.name} {yuan(offer.price_fen)}/{offer.unit}" + (f"（{tiers}）" if tiers else "")


def _reached(offer: OfferView) -> str:
    lower = milestone(offer.pricing)
    return f"{offer.name} {offer.sold_units} {offer.unit}" + (f"（{lower}）" if lower else "")


def _arrived(ctx: Ctx, voice: Voice, campaign: Campaign) -> str:
    if campaign.delivery_method in BROUGHT:
        return f"到货了，{BROUGHT[campaign.delivery_method]}"
    points = " / ".join(point.name for point in reading.arrived_points(ctx, campaign))
    return f"到货了，请到 {points} 提货，取货码在各自的订单页里：{voice.orders_link}"


def _last_day(ctx: Ctx, voice: Voice, campaign: Campaign, point_id: str) -> str:
    wait = pickup_days.waits_until(ctx, campaign, point_id)
    if wait is None:
        return ""
    point, until = wait
    when = f"今天是最后一天，{local_time(until)} 前请到 {point} 提货"
    return f"「{campaign.title}」{when}，取货码在各自的订单页里：{voice.orders_link}"


def _plain(campaign: Campaign, what: str) -> str:
    why = f"：{campaign.cancel_reason}" if campaign.cancel_reason else ""  # nobody reads it before it has passed
    return {
        "failed": "没有成团，已付款的全部原路退回（退款处理中）。",
        "cancelled": f"由团长取消{why}。已付款的原路退回（退款处理中）。",
        "extended": f"延长到 {local(campaign.closes_at)} 截团，在那之前可以免费取消。",
        "paused": "暂停接单，已下的订单不受影响。",
        "resumed": f"恢复接单，{local(campaign.closes_at)} 截团。",
    }[what]
