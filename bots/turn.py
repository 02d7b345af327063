"""One turn of a conversation: who said what where, and the ways to answer that every command shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bots.messages import Heard, Part, Reply, say
from bots.parsing import OfferName
from bots.voice import Voice
from domain.catalog import aliases_of
from domain.errors import Unauthenticated
from models import Campaign
from services.chat import identities, rooms, sessions
from services.chat.identities import CUSTOMER, Speaker
from services.context import Ctx
from services.queries import campaigns as reading

LOOKED_AT = ("open", "paused", "closed", "formed", "fulfilling", "scheduled")


@dataclass(frozen=True)
class Turn:
    """What a command needs: one transaction, the message, our voice, the speaker (None: unbound).

    `only` is the campaign that was chosen when the bot asked which one is meant.
    """

    ctx: Ctx
    heard: Heard
    voice: Voice
    speaker: Speaker | None
    only: Campaign | None = None

    @classmethod
    def begin(cls, ctx: Ctx, heard: Heard, voice: Voice) -> Turn:
        """A turn of whoever spoke."""
        return cls(ctx, heard, voice, identities.speaker(ctx, heard.place.channel, heard.place.user_id))

    @property
    def own(self) -> Ctx:
        """The transaction in the speaker's own name; only for bound ones."""
        return self.ctx.acting_as(self.known.actor)

    @property
    def known(self) -> Speaker:
        """The speaker; raises `Unauthenticated` for somebody unbound."""
        if self.speaker is None:
            raise Unauthenticated
        return self.speaker

    def campaigns(self, states: Sequence[str]) -> list[Campaign]:
        """What this chat's messages can be about, in these states."""
        if self.only is not None:
            return [self.only] if self.only.state in states else []
        place = self.heard.place
        resident_id = self.speaker.resident_id if self.speaker else None
        return rooms.campaigns(self.ctx, place.channel, place.chat_id, resident_id, states)

    def looked_at(self) -> list[Campaign]:
        """Which campaigns a look can mean: the open ones, else the newest one that is not over."""
        found = self.campaigns(LOOKED_AT)
        running = [campaign for campaign in found if campaign.state == "open"]
        return running or found[:1]

    def ask(self, name: str, facts: dict[str, Any], *parts: Part) -> Reply:
        """Ask back, and remember what for."""
        sessions.ask(self.ctx, self.heard.place, name, facts)
        return say(*parts)

    def which_campaign(self, found: Sequence[Campaign], text: str) -> Reply:
        """Ask which of several campaigns `text` is about."""
        lines = "\n".join(f"{number} {campaign.title}" for number, campaign in enumerate(found, 1))
        facts = {"text": text, "campaigns": [campaign.public_id for campaign in found]}
        return self.ask("campaign", facts, f"这里有 {len(found)} 个团，请回复序号：\n{lines}")

    def nothing_here(self) -> Reply:
        """There is no campaign this could be about."""
        if self.heard.group:
            return say("这个群里现在没有正在进行的团。")
        return say("没有找到您参加过的团，请打开小程序选团。")

    def unbound(self) -> Reply:
        """How a stranger becomes known."""
        if self.heard.place.channel == CUSTOMER:
            return say("还不认识您：请先打开小程序登录一次，再来这里说。")
        return say("还不认识您：打开小程序「我的 → 绑定群聊」拿 6 位码，再发「绑定 482913」（换成您的码）。")


def offer_names(turn: Turn, campaign: Campaign) -> list[OfferName]:
    """What the campaign's offers are called, for the reader."""
    return [
        OfferName(offer.id, offer.name, aliases_of(offer.aliases), offer.unit)
        for offer in reading.offers(turn.ctx, campaign)
        if offer.state != "failed"
    ]
