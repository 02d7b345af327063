"""Keeping shared cards current: the count when it rests, every end by itself, no older count after a newer one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bots.sending.plans import Decision, Later, Nothing, Send, Sending
from models import Campaign
from services.chat import share_cards, share_queue, share_updates
from services.chat.share_updates import Card, Counts, Plan
from services.context import Ctx
from services.finding import by_public_id
from services.ports import MiniProgram, Refused, Unknown, Unreachable

LONGEST_REST = timedelta(seconds=13)
"""With the two sweeps that follow, a second each, no card is more than fifteen seconds behind."""
DEAD = ("47501", "47504")
PAST = "47502"


def spread(sending: Sending) -> Decision:
    """share_spread: once the count has rested, or moved for long enough, every card of the campaign is told."""
    ctx, message = sending.ctx, sending.message
    changed_at = datetime.fromtimestamp(sending.payload["at"] / 1000, UTC)
    rested = min(changed_at + share_queue.DEBOUNCE, message.created_at + LONGEST_REST)
    if rested > ctx.now:
        return Later(rested)
    campaign = by_public_id(ctx, Campaign, sending.payload["campaign"])
    return Nothing(f"{share_queue.spread(ctx, campaign, 'count')} 张卡片要更新")


def update(sending: Sending) -> Decision:
    """share_update: tell one card what is true now; whatever was to be said before it is said by this."""
    ctx = sending.ctx
    card = share_updates.find(ctx, sending.payload["share"])
    if card is None:
        return Nothing("the card's life is over")
    if sending.payload.get("soon") and card.campaign.state == "open" and share_updates.last_call(card) > ctx.now:
        return Later(share_updates.last_call(card))
    plan = share_updates.plan(ctx, card)
    if plan is None:
        return Nothing("the card shows it already")
    not_before = share_updates.occupy(ctx, card, sending.message)
    if not_before is not None:
        return Later(not_before)
    telling = _Telling(sending.outside.mini_program, card.share.id, sending.message.public_id, _call(card, plan), plan)
    return Send(telling.act, telling.after, repeatable=True)


@dataclass(frozen=True)
class _Telling:
    """One call to the platform for one card."""

    mini_program: MiniProgram
    share_id: int
    cause: str
    call: Callable[[MiniProgram], None]
    plan: Plan

    def act(self) -> str:
        """Nothing to tell when the card shows the plan, else why it never will.

        What is said is absolute, so a call whose fate is unknown is simply made again.
        """
        try:
            self.call(self.mini_program)
        except Refused as refusal:
            return self._judged(refusal)
        except Unknown as doubt:
            raise Unreachable("a card may not have changed; say it again", code=doubt.code) from None
        return ""

    def after(self, ctx: Ctx, result: str) -> None:
        """Note what the card shows, or that it is over; what is left to say follows by itself."""
        if result:
            share_updates.over(ctx, self.share_id, result)
            return
        share_updates.shown(ctx, self.share_id, self.plan)
        if not isinstance(self.plan, Counts) and self.plan.more:
            share_queue.one(ctx, self.share_id, f"after:{self.cause}", after=share_updates.PACE)

    def _judged(self, refusal: Refused) -> str:
        """A card past the state we ask for is where we wanted it at its end, and lost to us before."""
        if refusal.code == PAST and self.plan.state != "collecting":
            return ""
        if refusal.code in (*DEAD, PAST):
            return f"refused {refusal.code}"
        raise refusal


def _call(card: Card, plan: Plan) -> Callable[[MiniProgram], None]:
    activity = card.share.activity_id
    if isinstance(plan, Counts):
        return lambda outside: outside.update_activity(
            activity, plan.state, members=plan.members, room=plan.room, path=plan.path
        )
    names = [name for _, name in plan.people]
    template = share_cards.TEMPLATES["chat_tool"]
    return lambda outside: outside.update_chat_tool(activity, template, plan.state, names)
