"""The journal as people read it: each entry in a sentence, with its legs beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select

from domain.money import yuan
from domain.posting_rules import RULES, Event
from models import JournalEntry, Order, Posting
from services.context import Ctx
from services.explaining import facts, words
from services.explaining.shapes import EntryView, LegView
from services.explaining.words import Facts

MOST_ENTRIES = 2000


def count(ctx: Ctx, which: ColumnElement[bool]) -> int:
    """How many entries `which` chooses."""
    return int(ctx.session.scalar(select(func.count()).select_from(JournalEntry).where(which)) or 0)


def entries(ctx: Ctx, which: ColumnElement[bool], limit: int = MOST_ENTRIES) -> list[EntryView]:
    """The first `limit` entries that `which` chooses, oldest first."""
    chosen = (
        select(JournalEntry, Order.public_id)
        .outerjoin(Order, Order.id == JournalEntry.order_id)
        .where(which)
        .order_by(JournalEntry.id)
        .limit(limit)
    )
    rows = ctx.session.execute(chosen).all()
    some = select(JournalEntry.id).where(which).order_by(JournalEntry.id).limit(limit).subquery()
    legs: dict[int, list[Posting]] = {}
    for posting in ctx.session.scalars(
        select(Posting).join(some, some.c.id == Posting.entry_id).order_by(Posting.entry_id, Posting.id)
    ):
        legs.setdefault(posting.entry_id, []).append(posting)
    known = facts.of_causes(ctx, [entry.cause for entry, _ in rows])
    names = facts.names_of(ctx, {leg.owner for found in legs.values() for leg in found if leg.owner})
    return [_view(entry, order, legs.get(entry.id, []), known[entry.cause], names) for entry, order in rows]


def _view(
    entry: JournalEntry, order: str | None, legs: list[Posting], about: Facts, names: dict[str, str]
) -> EntryView:
    said = _say(Event(entry.event), legs, about, names)
    views = [LegView(leg.account, names.get(leg.owner, leg.owner), leg.amount_fen) for leg in legs]
    return EntryView(entry.public_id, entry.event, entry.posted_at, order, "；".join(said), views)


def _say(event: Event, legs: Sequence[Posting], about: Facts, names: dict[str, str]) -> list[str]:
    """Each debit-credit pair of the event's rule in words, and whatever follows no rule."""
    left = list(legs)
    said = []
    for rule in RULES[event]:
        pair = _pair(left, rule.debit, rule.credit)
        while pair is not None:
            debit, credit = pair
            left = [leg for leg in left if leg not in pair]
            owner = names.get(credit.owner or debit.owner, credit.owner or debit.owner)
            said.append(words.sentence(event, rule.amount, debit.amount_fen, about, owner))
            pair = _pair(left, rule.debit, rule.credit)
    stray = "、".join(f"{words.account(leg.account)} {yuan(leg.amount_fen)}" for leg in left)
    return [*said, words.STRAY.format(legs=stray)] if left else said


def _pair(legs: Sequence[Any], debit: str, credit: str) -> tuple[Posting, Posting] | None:
    for one in legs:
        for other in legs:
            if (one.account, other.account) == (debit, credit) and one.amount_fen == -other.amount_fen:
                return one, other
    return None
