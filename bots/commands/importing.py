"""A pasted 接龙: shown to its leader as a preview, taken in on a yes; others hear alone how to order themselves."""

from __future__ import annotations

from typing import Any

from bots.jielong import reading, words
from bots.jielong.standing import Standing, standing_of
from bots.messages import SILENCE, Link, Reply, say
from bots.parsing.normalise import fold, normalise
from bots.turn import Turn, offer_names
from domain.errors import Forbidden
from models import Campaign
from services.chat import identities, pasted_lists
from services.chat.pasted_lists import Pasted
from services.context import Ctx
from services.finding import by_public_id

TAKEN = ("scheduled", "open", "paused", "closed", "formed")
NOT_YOURS = "接龙名单由团长导入。您自己要的直接说就行，比如：2份、替李四接1份。"
NOTHING_RUNS = "您现在没有正在进行的团，没有导入。先「开团」，再把接龙贴给我。"
TOO_LONG = f"这份接龙太长了，一次最多 {reading.MOST_ENTRIES} 位，没有导入。请分成几份、各写一个标题发给我。"
UNREADABLE = "没看懂这份接龙，请一行一位，比如：1. 张三 2份。"


def paste(turn: Turn, text: str) -> Reply:
    """A pasted list: for the leader of a campaign here a preview, for everybody else no import."""
    if turn.speaker is None:
        return SILENCE if turn.heard.group else turn.unbound()
    mine = [one for one in turn.campaigns(TAKEN) if identities.leader_of(turn.ctx, turn.speaker, one)]
    if not mine:
        if turn.heard.group:
            return SILENCE
        return say(NOTHING_RUNS if identities.as_leader(turn.ctx, turn.speaker) else NOT_YOURS)
    if reading.too_long(text):
        return say(TOO_LONG)
    roster = reading.read_list(text, (), turn.voice.bot_name)
    if not roster.entries:
        return say(UNREADABLE)
    mine = _meant(turn, roster.title, mine)
    title = reading.title_key(roster.title)
    ctx = turn.own
    if len(mine) == 1:
        return _preview(turn, mine[0], pasted_lists.keep(ctx, title, text, mine[0]))
    facts = {"list": pasted_lists.keep(ctx, title, text), "campaigns": [one.public_id for one in mine]}
    lines = "\n".join(f"{number} {one.title}" for number, one in enumerate(mine, 1))
    return turn.ask("list", facts, f"这份接龙是哪个团的？请回复序号：\n{lines}")


def of_campaign(turn: Turn, facts: dict[str, Any], public_id: str) -> Reply:
    """The list's campaign was chosen; raises `Forbidden`."""
    campaign, ctx = _own(turn, public_id)
    pasted_lists.assign(ctx, facts["list"], campaign)
    return _preview(turn, campaign, facts["list"])


def confirmed(turn: Turn, facts: dict[str, Any]) -> Reply:
    """Yes, take it in: compared once more, because orders and other lists go on meanwhile."""
    campaign, ctx = _own(turn, facts["campaign"])
    this = pasted_lists.pasted(ctx, facts["list"])
    if this is None:
        return say("这份接龙已经导入过了。")
    pasted_lists.lock(ctx, campaign, this.title_key)
    standing = _standing(turn, ctx, campaign, this)
    names = [(one.index, one.name, one.units) for one in standing.changes.standing]
    if not pasted_lists.put(ctx, this, campaign.public_id, names):
        return say("这份接龙已经导入过了。")
    waiting = len(names) - standing.ordered
    if not waiting:
        return say(f"已导入 {len(names)} 位，都已经下单了。")
    link = Link("下单链接", turn.voice.campaign_link(campaign.public_id))
    return say(f"已导入 {len(names)} 位，{waiting} 位还没下单（私下对我说「名单」可看）。请大家自己下单：", link)


def declined(turn: Turn, facts: dict[str, Any]) -> Reply:
    """No: the list is forgotten."""
    pasted_lists.drop(turn.own, facts["list"])
    return say("好的，没有导入。")


def _meant(turn: Turn, title: str, mine: list[Campaign]) -> list[Campaign]:
    """The campaign that the list's title names, else all it can be."""
    said = reading.title_key(title)
    if not said or len(mine) == 1:
        return mine
    named = [one for one in mine if (key := reading.title_key(one.title)) and (key in said or said in key)]
    if len(named) != 1:
        plain = fold(normalise(title))
        named = [one for one in mine if any(fold(offer.name) in plain for offer in offer_names(turn, one))]
    return named if len(named) == 1 else mine


def _preview(turn: Turn, campaign: Campaign, list_id: int) -> Reply:
    this = pasted_lists.pasted(turn.own, list_id)
    if this is None:
        return say("这份接龙已经导入过了。")
    standing = _standing(turn, turn.own, campaign, this)
    if len(standing.roster.entries) > reading.MOST_ENTRIES:
        pasted_lists.drop(turn.own, list_id)
        return say(TOO_LONG)
    if standing.changes.nothing:
        pasted_lists.drop(turn.own, list_id)
        return say("和上次导入的一样，没有变化。")
    shown = words.preview(standing, campaign.title, offer_names(turn, campaign), group=turn.heard.group)
    facts = {"list": list_id, "campaign": campaign.public_id}
    return turn.ask("import", facts, f"{shown}\n{words.PROMISE}回复 1 导入，回复 2 不导入。")


def _standing(turn: Turn, ctx: Ctx, campaign: Campaign, this: Pasted) -> Standing:
    return standing_of(ctx, campaign, this, offer_names(turn, campaign), turn.voice.bot_name)


def _own(turn: Turn, public_id: str) -> tuple[Campaign, Ctx]:
    """The campaign and the transaction in its leader's name; raises `Forbidden` for anybody else."""
    campaign = by_public_id(turn.ctx, Campaign, public_id)
    actor = identities.leader_of(turn.ctx, turn.known, campaign)
    if actor is None:
        raise Forbidden
    return campaign, turn.ctx.acting_as(actor)
