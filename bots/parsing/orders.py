"""From a masked message to an order or a cancellation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bots.parsing import signals
from bots.parsing.intents import Cancel, Intent, Item, Join, Nothing, OfferName
from bots.parsing.lexer import FILLER, Quantity, Unclear, check_believable, quantities
from bots.parsing.masks import KEPT, OFFER, PRIVATE, cover
from bots.parsing.names import Hit, index_of
from bots.parsing.normalise import fold
from bots.parsing.numerals import CHINESE
from bots.parsing.pairing import common_mode, one_key, pair, settle

_NOTE_LENGTH = 100
_LONGEST_CHATTER = 6
_CLAUSES = re.compile(r"[,。;!\n]")
_PIECES = re.compile(r"[ ,。;!()\n+*{PRIVATE}{OFFER}]+")
_ONLY_FILLER = re.compile(rf"{FILLER}*+")
_ONLY_NUMBERS = re.compile(rf"(?:{FILLER}|[\d{CHINESE}{OFFER}{PRIVATE}{KEPT}+*])*+")
_WISH = re.compile(r"[要来接订定买]|报名|下单|跟团|参团|拼")
_EXCHANGE = re.compile(r"改[成为]|换")
_MORE = re.compile(r"还[要来加]|再|追加|多[加来要拿订买]")


@dataclass(frozen=True)
class Message:
    """One normalised message, its masked twin of the same length, and what was found in it."""

    plain: str
    masked: str
    hits: tuple[Hit, ...]
    offers: tuple[OfferName, ...]
    recipient: str


def order(message: Message) -> Intent:
    """A Join, or Nothing; raises Unclear for what has to be asked back."""
    raw = quantities(message.masked, message.hits)
    if not raw:
        return _without_number(message)
    if "退款" in message.masked:
        raise Unclear("refund")
    check_believable(message.masked, raw, message.hits)
    found = settle(raw, message.hits)
    mode = common_mode(found)
    words = _blanked(message, raw)
    if signals.UNSURE.search(message.masked) or _chatters(words, message.masked, found):
        raise Unclear("unsure")
    items = pair(words, found, message.hits, message.offers) if message.offers else _no_campaign()
    bare = mode == "add" and not _MORE.search(message.masked)
    return Join(items, mode, _note(message, words), message.recipient, bare)


def cancellation(message: Message) -> Cancel:
    """What a message with a cancel word gives back; raises Unclear if it also asks for something."""
    masked = signals.NOT_ONE.sub(lambda found: " " * len(found[0]), message.masked)
    raw = quantities(masked, message.hits)
    if any(q.mode in ("add", "set") for q in raw) or _wishes_elsewhere(masked, raw, message.hits):
        raise Unclear("mixed")
    found = settle(raw, message.hits)
    if not found:
        keys = dict.fromkeys(one_key([hit]) for hit in message.hits)
        return Cancel(offers=tuple(keys), recipient=message.recipient)
    words = signals.CANCEL.sub(lambda m: " " * len(m[0]), _blanked(message, raw))
    items = pair(words, found, message.hits, message.offers) if message.offers else _no_campaign()
    return Cancel(items, recipient=message.recipient)


def _without_number(message: Message) -> Intent:
    if signals.REFUND.search(message.masked):
        raise Unclear("refund")
    if signals.UNWANTED.fullmatch(message.masked):
        raise Unclear("negation")
    if message.hits and _EXCHANGE.search(message.masked):
        raise Unclear("swap")
    rest = re.sub(f"[{OFFER}{PRIVATE}{KEPT}]", "", message.masked)
    if signals.ME_TOO.fullmatch(rest.strip(" ,。!")):
        return _me_too(message)
    if message.hits and _ONLY_NUMBERS.fullmatch(message.masked):
        raise Unclear("quantity")
    return Nothing()


def _me_too(message: Message) -> Join:
    if not message.offers:
        _no_campaign()
    if len(message.offers) == 1:
        key = message.offers[0].key
    elif message.hits:
        key = one_key(message.hits)
    else:
        raise Unclear("which_offer")
    return Join((Item(key, 1),), "set", recipient=message.recipient, bare=True)


def _no_campaign() -> tuple[Item, ...]:
    raise Unclear("no_campaign")


def _blanked(message: Message, found: Sequence[Quantity]) -> str:
    """The masked message without numbers and their verbs."""
    spans = [(q.start, q.end) for q in found] + [verb for q in found for verb in q.verbs]
    return cover(message.masked, spans, " ")


def _wishes_elsewhere(masked: str, found: Sequence[Quantity], hits: Sequence[Hit]) -> bool:
    """True for "草莓不要了，蓝莓2盒": a clause without the cancel word names or counts something."""
    at, starts = 0, [*(q.start for q in found), *(hit.start for hit in hits)]
    for clause in _CLAUSES.split(masked):
        end = at + len(clause)
        if not signals.CANCEL.search(clause) and any(at <= start < end for start in starts):
            return True
        at = end + 1
    return False


def _chatters(words: str, masked: str, found: Sequence[Quantity]) -> bool:
    """True if a number stands in a long clause that neither names an offer nor says that it wants one."""
    for quantity in found:
        start = max(masked.rfind(mark, 0, quantity.start) for mark in " ,。;!\n") + 1
        ends = [masked.find(mark, quantity.end) for mark in " ,。;!\n"]
        end = min((e for e in ends if e >= 0), default=len(masked))
        clause = words[start:end]
        letters = sum(char.isalnum() for char in clause)
        if letters > _LONGEST_CHATTER and OFFER not in clause and not _WISH.search(clause):
            return True
    return False


def _note(message: Message, words: str) -> str:
    """What is left to tell the leader: no names of offers, no phone, no room, no small talk."""
    kept, before = "", ""
    for plain, masked, word in zip(message.plain, message.masked, words, strict=True):
        blanked = word in (PRIVATE, OFFER) or (word == " " and masked != " ")
        # A time or pack size is a piece of its own, so that "10点前要" leaves "10点前".
        kept += "\n" * (KEPT in (word, before) and word != before) + ("\n" if blanked else plain)
        before = word
    return " ".join(piece for piece in _PIECES.split(kept) if _tells(piece, message.offers))[:_NOTE_LENGTH]


def _tells(piece: str, offers: Sequence[OfferName]) -> bool:
    if piece.isdecimal() or _ONLY_FILLER.fullmatch(piece):
        return False
    misspelt_offer = index_of(tuple(offers)).slips(fold(piece))[1]
    return not misspelt_offer
