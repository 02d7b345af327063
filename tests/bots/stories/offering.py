"""`* 团 周五水果：草莓 29.90 限购2，纸巾 10；满3人，截 20:00`: a campaign in one line, made by the true services."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bots.drafts.moments import read_moment
from domain.actors import Actor
from domain.campaigns import BelowMinimum, DeliveryMethod, MinimumKind, PaymentPolicy
from services.campaigns import drafting as campaigns
from services.campaigns import opening
from services.campaigns.terms import CampaignTerms, OfferTerms
from services.chat import drafting
from services.context import Ctx
from services.flows import content_safety
from tests.bots.stories.playing import Playing

_OFFER = re.compile(r"(?P<name>\S+) (?P<yuan>[\d.]+)(?:/(?P<unit>\S))?(?P<more>.*)")
_NUMBERS = {"限购": "per_person", "共": "quota", "起订": "minimum_units"}
_KINDS = {"人": MinimumKind.PEOPLE, "份": MinimumKind.UNITS, "元": MinimumKind.AMOUNT}


def offer(playing: Playing, leader: Actor, title: str, offers: str, options: str, *, start: bool = True) -> str:
    """Write the campaign down and open it; its public id."""
    with playing.room.unit(leader) as ctx:
        terms: dict[str, Any] = {
            "title": title, "seller": "邻团", "closes_at": moment(playing, "20:00"), "points": ("东门",),
            "offers": tuple(_offer(ctx, one) for one in offers.split("，")),
        }  # fmt: skip
        for option in filter(None, options.split("，")):
            terms |= _option(playing, option)
        named = {name: public_id for public_id, name in drafting.points(ctx)}
        terms["points"] = tuple(named.get(name) or next(iter(named.values())) for name in terms["points"])
        campaign = campaigns.create(ctx, CampaignTerms(**terms)).public_id
    if start:
        content_safety.ask_due(playing.room.unit, playing.outside)
        with playing.room.unit(leader) as ctx:
            opening.open_now(ctx, campaign)
    return campaign


def moment(playing: Playing, words: str) -> Any:
    """明天20:00 as an instant."""
    at = read_moment(words, playing.room.clock.now()).at
    assert at is not None, words
    return at


def fen(yuan: str) -> int:
    """`29.90` in fen."""
    return round(float(yuan) * 100)


def _offer(ctx: Ctx, words: str) -> OfferTerms:
    found = _OFFER.fullmatch(words)
    assert found is not None, words
    name, unit = found["name"], found["unit"] or "份"
    goods = drafting.goods(ctx, name, unit)
    sku = goods.sku if goods and goods.sku else drafting.make_goods(ctx, name, unit, 500, fresh=True)
    values: dict[str, Any] = {
        _NUMBERS[word]: int(number) for word, number in re.findall(r"(限购|共|起订)(\d+)", found["more"])
    }
    tiers = tuple((int(units), fen(price)) for units, price in re.findall(r"满(\d+)只要([\d.]+)", found["more"]))
    return OfferTerms(sku, name, fen(found["yuan"]), 1000, tiers=tiers, **values)


def _option(playing: Playing, words: str) -> dict[str, Any]:
    word, _, rest = words.partition(" ")
    if found := re.fullmatch(r"满(\d+)([人份元])", words):
        number = int(found[1]) * (100 if found[2] == "元" else 1)
        return {"minimum": number, "minimum_kind": _KINDS[found[2]]}
    options: dict[str, Callable[[], dict[str, Any]]] = {
        "截": lambda: {"closes_at": moment(playing, rest)},
        "自提": lambda: {"points": tuple(rest.split("、"))},
        "到货": lambda: {"arrival_text": rest},
        "说明": lambda: {"description": rest},
        "不成延到": lambda: {"below_minimum": BelowMinimum.EXTEND, "extend_until": moment(playing, rest)},
        "不成也做": lambda: {"below_minimum": BelowMinimum.FORM_ANYWAY},
        "达标就截": lambda: {"close_on_target": True},
        "收货付款": lambda: {"payment_policy": PaymentPolicy.ON_PICKUP},
        "送上门": lambda: {"delivery_method": DeliveryMethod.DOOR},
        "快递": lambda: {"delivery_method": DeliveryMethod.COURIER},
        "帮卖": lambda: {"help_sell_bps": 5000},
    }
    return options[word]()
