"""What the pages say about states and limits, in the buyer's words."""

from __future__ import annotations

from domain.campaigns import BelowMinimum, DeliveryMethod, PaymentPolicy
from domain.clock import local
from domain.money import yuan
from domain.progress import Progress, milestone, sentence, steps
from models import Campaign
from services.queries.campaigns import CampaignView, OfferView
from services.queries.orders import Bill
from services.words import STANDING

_BELOW = {
    BelowMinimum.FAIL: "不成团，已付款的全部原路退回",
    BelowMinimum.FORM_ANYWAY: "照常成团",
}
_WAYS: dict[str, str] = {
    PaymentPolicy.ON_PICKUP: "收货付款",
    DeliveryMethod.DOOR: "送货上门",
    DeliveryMethod.COURIER: "快递发货",
}


def standing(seen: CampaignView) -> str:
    """How the campaign stands: its progress while it runs, then what became of it."""
    campaign = seen.campaign
    if campaign.state == "cancelled" and campaign.cancel_reason:
        return f"{STANDING['cancelled']}：{campaign.cancel_reason}"
    return STANDING.get(campaign.state) or sentence(seen.progress)


def share(progress: Progress) -> int:
    """How much of the minimum is reached, in percent; 100 at most."""
    return min(100, progress.reached * 100 // progress.minimum) if progress.minimum else 0


def below_minimum(campaign: Campaign) -> str:
    """What was announced to follow when too few join (不够时 …); "" without a minimum."""
    if not campaign.minimum:
        return ""
    if campaign.below_minimum == BelowMinimum.EXTEND and campaign.extend_until:
        return f"延长到 {local(campaign.extend_until)}，还不够就全部原路退回"
    return _BELOW.get(BelowMinimum(campaign.below_minimum), "")


def left(offer: OfferView) -> str:
    """`还剩 3 盒`, `已订完`, or what has been sold when there is no quota."""
    if offer.state == "failed":
        return "未达起订量，原路退回"
    if offer.free is None:
        return f"已订 {offer.sold_units} {offer.unit}"
    return f"还剩 {offer.free} {offer.unit}" if offer.free else "已订完"


def limits(offer: OfferView) -> str:
    """`每人限购 2 只，满 10 只才发`; "" when there are none."""
    told = [f"每人限购 {offer.per_person} {offer.unit}"] if offer.per_person else []
    told += [f"满 {offer.minimum_units} {offer.unit}才发"] if offer.minimum_units else []
    return "，".join(told)


def tiers(offer: OfferView) -> str:
    """`满 10 盒 ¥25.00，满 20 盒 ¥22.00，差价退还`, what was announced; "" without tiers."""
    told = steps(offer.pricing, offer.unit)
    return f"原价 {yuan(offer.price_fen)}，{told}，先买的退差价" if told else ""


def next_price(offer: OfferView) -> str:
    """How far the next lower price is, or which one the group reached; "" when there is nothing to tell."""
    return milestone(offer.pricing)


def money_terms(campaign: Campaign) -> str:
    """`收货付款，送货上门，满 ¥100.00 减 ¥10.00，送货费 ¥3.00，满 ¥30.00 起送`; "" when there are none."""
    told = [word for word in (_WAYS.get(campaign.payment_policy), _WAYS.get(campaign.delivery_method)) if word]
    told += [f"满 {yuan(campaign.discount_over_fen)} 减 {yuan(campaign.discount_fen)}"] if campaign.discount_fen else []
    told += [f"送货费 {yuan(campaign.delivery_fee_fen)}"] if campaign.delivery_fee_fen else []
    told += [f"满 {yuan(campaign.delivery_minimum_fen)} 起送"] if campaign.delivery_minimum_fen else []
    return "，".join(told)


def what_to_do(bill: Bill) -> str:
    """What whoever opened the link should do; what became of the order is its owner's to know."""
    if bill.payable:
        return "请在微信里打开小程序付款。邻居代付也可以，钱退回时退给付款人。"
    return "这一单不用再付。下单人可以在小程序里看到它的进展。"
