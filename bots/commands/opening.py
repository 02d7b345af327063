"""开团 in the chat: what is missing is asked back, one thing at a time; then a draft, and one word to open it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bots.cards import card_of
from bots.channels.registry import CHANNELS
from bots.drafts import missing
from bots.drafts.reading import Draft, Wanted, read_draft
from bots.jielong.reading import is_pasted
from bots.messages import SILENCE, Link, Reply, say
from bots.parsing import Command, Jielong, read
from bots.parsing.normalise import normalise
from bots.refusals import in_words
from bots.turn import Turn
from domain.campaigns import MinimumKind
from domain.clock import local
from domain.errors import BeingChecked, ContentRefused, Forbidden, Invalid, NotFound, WrongState
from domain.money import yuan
from models import Campaign
from services.campaigns import drafting as campaigns
from services.campaigns.finding import own
from services.campaigns.terms import CampaignTerms, OfferTerms
from services.chat import drafting, identities, sessions
from services.chat.drafting import Goods
from services.context import Ctx

STOP = {"取消", "算了", "不开了", "不开"}
HOW_TO_OPEN = "只有您点「开团」才会开；也可以回复 1"
NO_POINT = "您还没有自提点，请先在小程序团长端添加，再来开团。"


def start(turn: Turn, text: str) -> Reply:
    """开团 大闸蟹 58 周五20:00截 满10份成团; further lines are further goods."""
    if turn.speaker is None:
        return turn.unbound()
    if identities.as_leader(turn.ctx, turn.speaker) is None:
        return say("只有团长能开团。想当团长，请在小程序「我的」里申请。")
    return _go_on(turn, _own(turn), read_draft(text, turn.ctx.now))


def answered(turn: Turn, facts: dict[str, Any]) -> Reply | None:
    """The answer to what was missing; a command or a list instead of it is that. Raises `Forbidden`."""
    said = normalise(turn.heard.text, turn.voice.bot_name)
    if said in STOP:
        return say("好的，不开了。")
    if isinstance(read(said, ()), Command | Jielong) or is_pasted(turn.heard.text, turn.voice.bot_name):
        return None
    ctx = _own(turn)
    draft = missing.answered(
        Draft.of(facts["draft"]), facts["what"], facts["place"], said, turn.ctx.now, drafting.points(ctx)
    )
    if draft is not None:
        return _go_on(turn, ctx, draft)
    if turn.heard.group:  # neighbours talk meanwhile: the question waits, and what was said is heard as ever
        sessions.ask(turn.ctx, turn.heard.place, "draft", facts)
        return None
    return turn.ask("draft", facts, f"没看懂。{facts['question']}")


def confirmed(turn: Turn, facts: dict[str, Any]) -> Reply:
    """Yes, open it; raises `Forbidden`, `Invalid` once the deadline is past, `WrongState`."""
    place = turn.heard.place
    campaign, shown = drafting.open_here(_own(turn), facts["campaign"], place.channel, place.chat_id)
    if shown:
        return Reply(("开团了！",), card_of(turn.ctx, turn.voice, campaign))
    link = Link("团的页面", turn.voice.campaign_link(campaign.public_id))
    return say(f"「{campaign.title}」开团了：", link, "。在您绑定的群里 @我 说「发团」，就发到那个群。")


def pressed(turn: Turn) -> Reply:
    """The draft's button: its leader opens it, for everybody else it does nothing."""
    actor = identities.as_leader(turn.ctx, turn.speaker) if turn.speaker else None
    if actor is None:
        return SILENCE
    ctx, place = turn.ctx.acting_as(actor), turn.heard.place
    try:
        with ctx.session.begin_nested():
            campaign, _ = drafting.open_here(ctx, turn.heard.subject, place.channel, place.chat_id)
    except NotFound:
        return SILENCE
    except (Invalid, WrongState, BeingChecked, ContentRefused) as refusal:
        campaign = own(ctx, turn.heard.subject)
        return Reply(card=card_of(turn.ctx, turn.voice, campaign, in_words(refusal)), private=True)
    return Reply(card=card_of(turn.ctx, turn.voice, campaign))


def declined(turn: Turn, facts: dict[str, Any]) -> Reply:
    """No: the draft stays where leaders keep theirs."""
    return say("好的，没有开。草稿在小程序团长端，改好随时可以开。")


def _go_on(turn: Turn, ctx: Ctx, draft: Draft) -> Reply:
    if why := missing.refused(draft):
        return say(why)
    points = drafting.points(ctx)
    if not points:
        return say(NO_POINT)
    draft = missing.with_points(draft, points)
    known = [drafting.goods(ctx, offer.name, offer.unit) for offer in draft.offers]
    lacks = missing.first_missing(draft, known, points)
    if lacks is None:
        return _preview(turn, _write(ctx, draft, known), draft, known, dict(points))
    facts = {"draft": draft.facts, "what": lacks.what, "place": lacks.place, "question": lacks.question}
    return turn.ask("draft", facts, f"{lacks.question}\n（不开了回复「取消」）")


def _write(ctx: Ctx, draft: Draft, known: Sequence[Goods | None]) -> Campaign:
    """The draft as a row; raises `Invalid`. What nobody said is as in the leader's newest campaign."""
    habits = drafting.habits(ctx)
    terms = CampaignTerms(
        title=draft.title or draft.offers[0].name, seller=habits.seller, closes_at=draft.closes_at or ctx.now,
        offers=tuple(
            OfferTerms(_sku(ctx, offer, goods), offer.name, offer.price_fen or 0, habits.commission_bps,
                       offer.quota, offer.per_person)
            for offer, goods in zip(draft.offers, known, strict=True)
        ),
        points=draft.points or habits.points, arrival_text=draft.arrival_text, minimum=draft.minimum,
        minimum_kind=MinimumKind(draft.minimum_kind),
    )  # fmt: skip
    return campaigns.create(ctx, terms)


def _sku(ctx: Ctx, offer: Wanted, goods: Goods | None) -> str:
    if goods and goods.sku:
        return goods.sku
    product = goods.product if goods else ""
    return drafting.make_goods(
        ctx, offer.name, offer.unit or "份", offer.supply_fen or 0, fresh=bool(offer.fresh), product=product
    )


def _preview(turn: Turn, campaign: Campaign, draft: Draft, known: Sequence[Goods | None],
             points: dict[str, str]) -> Reply:  # fmt: skip
    habits = drafting.habits(_own(turn))
    chosen = [points[point] for point in draft.points or habits.points if point in points]
    lines = [
        f"草稿「{campaign.title}」",
        *(_offer(offer, goods) for offer, goods in zip(draft.offers, known, strict=True)),
        f"{local(campaign.closes_at)} 截团，{_minimum(campaign)}",
        f"自提 {'、'.join(chosen)}" + (f"，{draft.arrival_text}" if draft.arrival_text else ""),
        f"{_for_the_leader(turn, habits.commission_bps)}微信支付，{campaign.hold_minutes} 分钟内付款",
    ]
    asked = turn.ask("open", {"campaign": campaign.public_id}, "\n".join(lines) + "\n回复 1 开团，回复 2 先不开。")
    if not CHANNELS[turn.heard.place.channel].CAPABILITIES.buttons:
        return asked
    return Reply(asked.parts, card_of(turn.ctx, turn.voice, campaign, HOW_TO_OPEN))


def _for_the_leader(turn: Turn, commission_bps: int) -> str:
    """What the leader earns is no neighbour's business."""
    return "" if turn.heard.place.chat_id else f"佣金 {commission_bps / 100:g}%，"


def _offer(offer: Wanted, goods: Goods | None) -> str:
    limits = (f"每人限 {offer.per_person}" if offer.per_person else "", f"共 {offer.quota}" if offer.quota else "")
    unit = (goods.unit if goods and goods.sku else offer.unit) or "份"
    return "，".join(filter(None, (f"{offer.name} {yuan(offer.price_fen or 0)}/{unit}", *limits)))


def _minimum(campaign: Campaign) -> str:
    if not campaign.minimum:
        return "不设成团门槛"
    kinds = {MinimumKind.PEOPLE: f"{campaign.minimum} 人", MinimumKind.AMOUNT: yuan(campaign.minimum)}
    return f"满 {kinds.get(MinimumKind(campaign.minimum_kind), f'{campaign.minimum} 份')}成团，不成团全额退款"


def _own(turn: Turn) -> Ctx:
    """The transaction in the leader's name; raises `Forbidden` for anybody else."""
    actor = identities.as_leader(turn.ctx, turn.known)
    if actor is None:
        raise Forbidden
    return turn.ctx.acting_as(actor)
