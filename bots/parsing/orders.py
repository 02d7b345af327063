"""From a masked message to an order."""

import re
from collections.abc import Sequence

from bots.parsing import signals
from bots.parsing.intents import Intent, Item, Join, Nothing, OfferName
from bots.parsing.lexer import Quantity, Unclear, quantities
from bots.parsing.masks import KEPT, OFFER, PRIVATE, bare_number, cover
from bots.parsing.message import Message
from bots.parsing.names import Hit, index_of
from bots.parsing.normalise import fold
from bots.parsing.numerals import CHINESE
from bots.parsing.pairing import common_mode, one_key, pair
from bots.parsing.pieces import Piece, Trust, pieces, rest, shape_of, spans, trusted
from bots.parsing.quantity_limits import INGREDIENT_UNITS
from bots.parsing.talk import AGREES, OTHER_BUSINESS, UNDECIDED
from bots.parsing.words import FILLER

_NOTE_LENGTH = 100
_PIECES = re.compile(r"[ ,。;!()\n+*]+")
_ONLY_FILLER = re.compile(rf"(?>{FILLER}*)")
_ONLY_NUMBERS = re.compile(rf"(?>(?:{FILLER}|[点些几]|[\d{CHINESE}{OFFER}{PRIVATE}+*])*)")
_TWICE = re.compile(r"^(.{1,4}?)[,。!]?(?:\1[,。!]?)+$")
_PRICED = re.compile(r" ?\d+(?:\.\d+)?(?:元|块|毛)")
_EXCHANGE = re.compile(rf"改[成为]|换|(?<={OFFER})改(?={OFFER})")
_MORE = re.compile(r"还[要来加]|再|追加|多[加来要拿订买]")
_NEGATION = re.compile(r"(?:不要|不想要|不是|不用|没有|没|别|不)(?:再|要|订|接|买)?$")
# "馄饨不要" beside what is wished leaves the dumplings out; "不要了" would give them back.
_LEFT_OUT = re.compile(r"(?:就|先|都)?不[要用](?=$|[ ,。!])")


def order(message: Message) -> Intent:
    """A Join, or Nothing; raises Unclear for what has to be asked back."""
    if signals.ALSO_ME.fullmatch(message.masked):
        return _me_too(message)
    raw = quantities(message.masked, message.hits)
    if not raw:
        return _without_number(message)
    if "退款" in message.masked:
        raise Unclear("refund")
    found = pieces(message.masked, raw, message.units)
    if _talks(message, raw):
        return Nothing()
    believed = _without_breakdown(message, trusted(found))
    if not believed:
        return _unbelieved(message, found)
    _check_negation(message, believed)
    if _is_unsure(message, found):
        raise Unclear("unsure")
    if any(q.each for q in believed) and len(message.offers) == 1:
        raise Unclear("each")
    if any(piece.trust is Trust.STRANGER for piece in found):
        raise Unclear("unknown_offer")
    shape = shape_of(message.masked, raw)
    kept, total = settle(believed, message.hits)
    mode = common_mode(kept)
    hits = _meant(shape, message.hits, kept)
    if not message.offers:
        raise Unclear("no_campaign")
    items = pair(shape, kept, hits, message.offers, total)
    words = _blanked(message, [*believed, *(q for q in raw if q.restated)])
    return Join(
        items, mode, _note(message, words), message.recipient, mode == "add" and not _MORE.search(message.masked)
    )


def _talks(message: Message, found: Sequence[Quantity]) -> bool:
    """True for "同意，+1", which seconds an opinion, for a recipe and for another trade."""
    if OTHER_BUSINESS.search(message.masked):
        return True
    if AGREES.search(message.masked) and not any(q.unit for q in found):
        return True
    return any(q.unit in INGREDIENT_UNITS - message.units for q in found[1:])


def _is_unsure(message: Message, found: Sequence[Piece]) -> bool:
    """Whether a condition, a doubt or a price leaves the wish open."""
    trusts = {piece.trust for piece in found}
    if signals.hinges(message.masked) or UNDECIDED.search(message.masked) or Trust.DOUBTED in trusts:
        return True
    return any(piece.trust is Trust.PLAIN and _PRICED.match(message.plain, piece.found[-1].end) for piece in found)


def _without_breakdown(message: Message, found: Sequence[Piece]) -> list[Quantity]:
    """The numbers of "3只，两个公的" and "两份 一份送我妈" without those that only tell how the first is made up."""
    first, later = found[:1], found[1:]
    total = sum(q.value for piece in first for q in piece.found)
    parts = sum(q.value for piece in later for q in piece.found)
    alone = len(message.offers) == 1 or not any(p.start <= hit.start < p.end for p in later for hit in message.hits)
    if alone and later and all(piece.noted for piece in later) and not first[0].noted:
        later = [] if parts <= total else later
    return [q for piece in (*first, *later) for q in piece.found if not q.denied and not q.restated]


def settle(found: Sequence[Quantity], hits: Sequence[Hit]) -> tuple[list[Quantity], Quantity | None]:
    """Drop the old number of "2份改成3份" and of "2份，哦不3份"; part a total that only adds up."""
    kept: list[Quantity] = []
    total = None
    for quantity in found:
        named = [hit for hit in hits if kept and kept[-1].end <= hit.start < quantity.start]
        replaces = quantity.instead and kept and (kept[-1].mode is None or kept[-1].instead)
        if (replaces or (quantity.corrects and kept)) and not named:
            old = kept.pop()
            if quantity.corrects and not quantity.instead and kept and old.mode and not quantity.mode:
                raise Unclear("mixed")
        if quantity.total and kept:
            total = quantity
            continue
        kept.append(quantity)
    return kept, total


def _unbelieved(message: Message, found: Sequence[Piece]) -> Intent:
    """Numbers, but none that is clearly a wish."""
    kinds = {piece.trust for piece in found}
    if any(re.search(r"不(?:想)?要$", message.masked[: hit.start]) for hit in message.hits):
        raise Unclear("negation")
    if any(
        _NEGATION.search(message.masked[piece.start : piece.found[0].start])
        for piece in found
        if len(message.masked) < 12
    ):
        raise Unclear("negation")
    reason = next(
        (q.unclear for piece in found for q in piece.found if q.unclear and piece.trust is Trust.DOUBTED), None
    )
    if len(message.offers) == 1 and any(q.each for piece in found for q in piece.found) and Trust.STRANGER in kinds:
        raise Unclear("each")
    if Trust.DOUBTED in kinds or Trust.BEFORE in kinds:
        raise Unclear(reason or "unsure")
    if Trust.STRANGER in kinds:
        raise Unclear("unknown_offer" if message.offers else "no_campaign")
    return Nothing()


def _check_negation(message: Message, found: Sequence[Quantity]) -> None:
    starts = [q.start for q in found if not q.corrects] + [hit.start for hit in message.hits]
    if any(_NEGATION.search(message.masked[max(0, start - 8) : start]) for start in starts):
        raise Unclear("negation")
    left_out = [hit for hit in message.hits if _LEFT_OUT.match(message.masked, hit.end)]
    for hit in message.hits:
        if hit not in left_out and re.match(r"(?:就|先|都)?不要|不用|别", message.masked[hit.end : hit.end + 4]):
            raise Unclear("negation")
    if len(left_out) == len(message.hits) and left_out:
        raise Unclear("negation")


def _meant(shape: str, hits: Sequence[Hit], kept: Sequence[Quantity]) -> list[Hit]:
    """The names that belong to numbers: those in pieces with a number, or in pieces that say nothing else."""
    stretches = list(spans(shape))
    meant = []
    for hit in hits:
        start, end = next(((a, b) for a, b in stretches if a <= hit.start < b), (hit.start, hit.end))
        if any(start <= q.start < end for q in kept) or not re.sub(r"\d", "", rest(shape[start:end])):
            meant.append(hit)
    return meant or list(hits)


def _without_number(message: Message) -> Intent:
    if signals.REFUND.search(message.masked):
        raise Unclear("refund")
    if signals.UNWANTED.fullmatch(message.masked):
        raise Unclear("negation")
    if message.hits and _EXCHANGE.search(message.masked):
        raise Unclear("swap")
    words = re.sub(f"[{OFFER}{PRIVATE}{KEPT}]", "", message.masked)
    said = _TWICE.sub(r"\1", re.sub(r"[^\w,。!]+", "", words).strip(",。! "))
    if signals.ME_TOO.fullmatch(said):
        if bare_number(message.plain):
            raise Unclear("unsure")
        return _me_too(message)
    if message.hits and KEPT not in message.masked and _ONLY_NUMBERS.fullmatch(message.masked):
        raise Unclear("quantity")
    return Nothing()


def _me_too(message: Message) -> Join:
    if not message.offers:
        raise Unclear("no_campaign")
    if len(message.offers) == 1:
        key = message.offers[0].key
    elif message.hits:
        key = one_key(message.hits)
    else:
        raise Unclear("which_offer")
    return Join((Item(key, 1),), "set", recipient=message.recipient, bare=True)


def _blanked(message: Message, found: Sequence[Quantity]) -> str:
    """The masked message without numbers and their verbs."""
    taken = [(q.start, q.end) for q in found] + [verb for q in found for verb in q.verbs]
    return cover(message.masked, taken, " ")


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
