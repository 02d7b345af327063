"""What a leader may say: 截团; what belongs into the mini-program is refused clearly."""

from __future__ import annotations

from typing import Any

from bots.commands.looking import progress_line
from bots.messages import Reply, say
from bots.turn import Turn
from domain.errors import Forbidden
from models import Campaign
from services.campaigns import ending
from services.chat import identities
from services.finding import by_public_id


def close(turn: Turn, argument: str) -> Reply:
    """截团: asked back once, then the campaign closes before its deadline."""
    if turn.speaker is None:
        return turn.unbound()
    mine = [one for one in turn.campaigns(("open", "paused")) if identities.leader_of(turn.ctx, turn.speaker, one)]
    if not mine:
        return say("只有本团团长能截团。" if turn.looked_at() else "这里没有正在进行的团。")
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
    actor = identities.leader_of(turn.ctx, turn.speaker, campaign) if turn.speaker else None
    if actor is None:
        raise Forbidden
    ending.close_now(turn.ctx.acting_as(actor), campaign.public_id)
    return say(f"已截团：{progress_line(campaign)}")


def elsewhere(turn: Turn, argument: str) -> Reply:
    """开团 and 到货 are done where there is room for them."""
    return say("开团和到货登记请在小程序的团长端操作，群里可以说：发团、进度、名单、截团。")
