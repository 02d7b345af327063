"""What a leader may say of a running campaign: 截团 and 催付."""

from __future__ import annotations

from typing import Any

from bots.commands.looking import progress_line
from bots.messages import Reply, say
from bots.turn import LOOKED_AT, Turn
from domain.clock import is_quiet
from domain.errors import Forbidden
from models import Campaign
from services.campaigns import ending
from services.chat import identities, nudging
from services.context import Ctx
from services.finding import by_public_id

PAYABLE = ("open", "paused", "closed")


def close(turn: Turn, argument: str) -> Reply:
    """截团: asked back once, then the campaign closes before its deadline."""
    if turn.speaker is None:
        return turn.unbound()
    mine = [one for one in turn.campaigns(("open", "paused")) if identities.leader_of(turn.ctx, turn.speaker, one)]
    if not mine:
        return _not_now(turn, "截团")
    if len(mine) > 1:
        return turn.which_campaign(mine, "截团")
    return ask_to_close(turn, mine[0])


def ask_to_close(turn: Turn, campaign: Campaign) -> Reply:
    """The question before closing."""
    facts = {"campaign": campaign.public_id}
    return turn.ask("close", facts, f"{progress_line(campaign)}现在就截团吗？回复 1 截团，回复 2 再等等。")


def closed(turn: Turn, facts: dict[str, Any]) -> Reply:
    """Yes, close; raises `Forbidden` or `WrongState`."""
    campaign = by_public_id(turn.ctx, Campaign, facts["campaign"])
    ending.close_now(_acting(turn, campaign), campaign.public_id)
    return say(f"已截团：{progress_line(campaign)}")


def nudge(turn: Turn, argument: str) -> Reply:
    """催付: those who have not paid are reminded, each alone and once a day per order; nobody is named."""
    if turn.speaker is None:
        return turn.unbound()
    mine = [one for one in turn.campaigns(PAYABLE) if identities.leader_of(turn.ctx, turn.speaker, one)]
    if not mine:
        return _not_now(turn, "催付")
    if len(mine) > 1:
        return turn.which_campaign(mine, "催付")
    if is_quiet(turn.ctx.now):
        return say("晚上 10 点到早上 8 点不打扰邻居，请早上再催。")
    done = nudging.nudge(_acting(turn, mine[0]), mine[0].public_id)
    if not done.unpaid:
        return say(f"「{mine[0].title}」没有待付款的订单。")
    if not done.told:
        return say(f"{done.unpaid} 单待付款，今天都提醒过了，每单一天只提醒一次。")
    before = done.unpaid - done.told
    return say(f"已私下提醒 {done.told} 单待付款" + (f"，另有 {before} 单今天提醒过。" if before else "。"))


def _not_now(turn: Turn, what: str) -> Reply:
    """Why `what` cannot be done here: nothing runs, the speaker is no leader of it, or it is past that."""
    found = turn.campaigns(LOOKED_AT)
    mine = [one for one in found if turn.speaker and identities.leader_of(turn.ctx, turn.speaker, one)]
    if mine:
        return say(f"{progress_line(mine[0])}现在不能{what}。")
    return say(f"只有本团团长能{what}。" if found else "这里没有正在进行的团。")


def _acting(turn: Turn, campaign: Campaign) -> Ctx:
    """The transaction in the campaign's leader's name; raises `Forbidden` for anybody else."""
    actor = identities.leader_of(turn.ctx, turn.known, campaign)
    if actor is None:
        raise Forbidden
    return turn.ctx.acting_as(actor)
