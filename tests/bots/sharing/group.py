"""Neighbours in a group of their own: they share, open and order; the sender keeps the cards current."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from bots.sending import drain as draining
from bots.voice import Voice
from domain.actors import SYSTEM, Actor
from models import Campaign, OutboxMessage, Resident, Share
from services.chat.sharing import Ticket
from services.flows import sharing
from services.flows.sharing import OpenShare, TakeShare
from services.transactions import Transactions
from tests.builders.outside import PretendOutside
from tests.builders.pretend_cards import PretendCard
from tests.services.pickup.world import World, one

VOICE = Voice("https://lintuan.example")
CLOSE_LOOK = 8


@dataclass
class Group:
    """One campaign's world, seen from the phones."""

    world: World
    outside: PretendOutside

    @property
    def unit(self) -> Transactions:
        """Begins transactions."""
        return self.world.unit

    def campaign(self, least: int = 10, kind: str = "people", **columns: object) -> str:
        """An open campaign with a minimum; below it, it fails."""
        made = self.world.campaign(**columns)  # type: ignore[arg-type]  # columns of the campaign, as they come
        with self.unit(SYSTEM) as ctx:
            row = one(ctx, Campaign, made)
            row.minimum, row.minimum_kind = least, kind
        return made

    def share(self, who: Actor, campaign: str, mode: str = "updatable") -> Ticket:
        """A ticket."""
        return sharing.take(self.unit, self.outside, who, campaign, TakeShare(mode))

    def open(self, who: Actor, ticket: Ticket, chat: str = "group-1", name: str = "") -> str:
        """Open a card in a chat, in the chat tool under a name; the campaign behind it."""
        with self.unit(SYSTEM) as ctx:
            openid = ctx.session.get_one(Resident, who.resident_id).openid
        sealed = OpenShare(f"openid:{openid}", f"{chat}|{name}", "iv")
        return sharing.open_shared(self.unit, self.outside, who, ticket.id, sealed).campaign

    def buy(self, campaign: str, times: int = 1, units: int = 1) -> list[str]:
        """So many new people order and pay; their orders."""
        return [self.buys(self.world.resident(), campaign, units) for _ in range(times)]

    def buys(self, who: Actor, campaign: str, units: int = 1) -> str:
        """Somebody orders and pays."""
        return self.world.order(who, campaign, {"草莓": units})

    def drain(self) -> None:
        """Send what is due now."""
        draining.drain(self.unit, self.outside, VOICE)

    def rest(self, seconds: int = 40) -> None:
        """Let some time pass, sending each second at first and then now and again."""
        passed = 0
        while passed < seconds:
            step = min(1 if passed < CLOSE_LOOK else CLOSE_LOOK, seconds - passed)
            self.world.clock.advance(seconds=step)
            self.drain()
            passed += step

    def card(self, ticket: Ticket) -> PretendCard:
        """What the group sees."""
        return self.outside.mini_program.cards[ticket.activity_id]

    def count(self, ticket: Ticket) -> str:
        """`7/10`, while the card collects."""
        card = self.card(ticket)
        return f"{card.members}/{card.room}" if card.state == "collecting" else card.state

    def row(self, ticket: Ticket) -> Share:
        """Our own memory of the card."""
        with self.unit.reading() as ctx:
            return one(ctx, Share, ticket.id)

    def messages(self, kind: str) -> list[OutboxMessage]:
        """Outbox rows of a kind."""
        with self.unit.reading() as ctx:
            return list(ctx.session.scalars(select(OutboxMessage).filter_by(kind=kind).order_by(OutboxMessage.id)))
