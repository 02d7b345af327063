"""From a masked message to an order or a cancellation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bots.parsing import signals
from bots.parsing.intents import Cancel, Intent, Item, Join, Nothing, OfferName
from bots.parsing.lexer import Quantity, Unclear, quantities
from bots.parsing.masks import COUNT, KEPT, OFFER, PRIVATE, bare_number, cover
from bots.parsing.names import Hit, index_of
from bots.parsing.normalise import fold
from bots.parsing.numerals import CHINESE
from bots.parsing.pairing import common_mode, one_key, pair
from bots.parsing.pieces import Piece, Trust, pieces, rest, shape_of, spans, trusted
from bots.parsing.words import FILLER, PERSON

_NOTE_LENGTH = 100
_CLAUSES = re.compile(r"[ ,。;!\n]")
_PIECES = re.compile(r"[ ,。;!()\n+*{PRIVATE}{OFFER}]+")
_ONLY_FILLER = re.compile(rf"{FILLER}*+")
_ONLY_NUMBERS = re.compile(rf"(?:{FILLER}|[点些几]|[\d{CHINESE}{OFFER}{PRIVATE}+*])*+")
_TWICE = re.compile(r"^(.{1,4}?)[,。!]?(?:\1[,。!]?)+$")
_PRICED = re.compile(r" ?\d+(?:\.\d+)?(?:元|块|毛)")
_EXCHANGE = re.compile(r"改[成为]|换")
_MORE = re.compile(r"还[要来加]|再|追加|多[加来要拿订买]")
_NEGATION = re.compile(r"(?:不要|不想要|不是|不用|没有|没|别|不)(?:再|要|订|接|买)?$")
_EVENTS = re.compile(
    r"课|会议|开会|聚会|约会|航班|飞机|高铁|火车|动车|活动|演唱会|比赛|婚礼|饭局|门诊|考试|行程|直播|补贴|红包"
    r"|政策|限行|限购"
)
_PERSON = re.compile(PERSON)


@dataclass(frozen=True)
class Message:
    """One normalised message, its masked twin of the same length, and what was found in it."""

    plain: str
    masked: str
    hits: tuple[Hit, ...]
    offers: tuple[OfferName, ...]
    recipient: str

    @property
    def units(self) -> frozenset[str]:
        """The words by which the offers are counted."""
        return frozenset(offer.unit for offer in self.offers if offer.unit)


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
    believed = _without_breakdown(message, trusted(found))
    if not believed:
        return _unbelieved(message, found)
    _check_negation(message, believed)
    if signals.IF.search(message.masked) or any(piece.trust is Trust.DOUBTED for piece in found):
        raise Unclear("unsure")
    if any(piece.trust is Trust.PLAIN and _PRICED.match(message.plain, piece.found[-1].end) for piece in found):
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
    words = _blanked(message, believed)
    return Join(
        items, mode, _note(message, words), message.recipient, mode == "add" and not _MORE.search(message.masked)
    )


def _without_breakdown(message: Message, found: Sequence[Piece]) -> list[Quantity]:
    """The numbers of "3只，两个公的" and "两份 一份送我妈" without those that only tell how the first is made up."""
    first, later = found[:1], found[1:]
    total = sum(q.value for piece in first for q in piece.found)
    parts = sum(q.value for piece in later for q in piece.found)
    if len(message.offers) == 1 and later and all(piece.noted for piece in later) and not first[0].noted:
        later = [] if parts <= total else later
    return [q for piece in (*first, *later) for q in piece.found if not q.denied]


def cancellation(message: Message) -> Intent:
    """What a message with a cancel word gives back; raises Unclear if it also asks for something."""
    masked = signals.NOT_ONE.sub(lambda found: " " * len(found[0]), message.masked)
    raw = quantities(masked, message.hits)
    shape = shape_of(masked, raw)
    raw = [q for q in raw if _in_cancel_clause(shape, q.start)]
    hits = [hit for hit in message.hits if _in_cancel_clause(shape, hit.start)]
    if any(q.mode in ("add", "set") for q in raw) or _wishes_elsewhere(message, masked, shape):
        raise Unclear("mixed")
    if not raw:
        if not hits and _EVENTS.search(shape):
            return Nothing()
        if not hits and _strange_thing(shape):
            raise Unclear("unknown_offer")
        keys = dict.fromkeys(one_key([hit]) for hit in hits)
        return Cancel(offers=tuple(keys), recipient=message.recipient)
    if not message.offers:
        raise Unclear("no_campaign")
    shape = signals.CANCEL.sub(lambda found: " " * len(found[0]), shape_of(masked, raw))
    items = pair(shape, raw, hits, message.offers, None)
    if re.search(r"退[了掉]", shape_of(masked, raw)):
        return Join(items, "sub", recipient=message.recipient)
    return Cancel(items, recipient=message.recipient)


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
    if Trust.DOUBTED in kinds:
        raise Unclear(reason or "unsure")
    if Trust.STRANGER in kinds:
        raise Unclear("unknown_offer" if message.offers else "no_campaign")
    return Nothing()


def _check_negation(message: Message, found: Sequence[Quantity]) -> None:
    starts = [q.start for q in found if not q.corrects] + [hit.start for hit in message.hits]
    if any(_NEGATION.search(message.masked[max(0, start - 8) : start]) for start in starts):
        raise Unclear("negation")
    for hit in message.hits:
        if re.match(r"(?:就|先|都)?不要|不用|别", message.masked[hit.end : hit.end + 4]):
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


def _clause(shape: str, at: int) -> str:
    start = max((m.end() for m in re.finditer(r"[,。;!\n]", shape[:at])), default=0)
    end = re.search(r"[,。;!\n]", shape[at:])
    return shape[start : at + end.start() if end else len(shape)]


def _in_cancel_clause(shape: str, at: int) -> bool:
    """Whether the cancellation speaks of what stands at `at`."""
    clause = _clause(shape, at)
    return bool(signals.CANCEL.search(clause)) or not (signals.KEEPS.search(clause) or rest(clause))


def _wishes_elsewhere(message: Message, masked: str, shape: str) -> bool:
    """True for "草莓不要了，蓝莓2盒": a clause without the cancel word counts or names something as a wish."""
    at = 0
    for clause in _CLAUSES.split(shape):
        inside = masked[at : at + len(clause)]
        if not signals.CANCEL.search(clause) and COUNT in clause:
            found = quantities(inside, ())
            if trusted(pieces(inside, found, message.units)) and signals.CANCEL.search(_clause(shape, at)) is None:
                return True
        at += len(clause) + 1
    return False


def _strange_thing(shape: str) -> bool:
    """True for "西瓜不要了": what is given up has a name, and it is no offer's."""
    found = signals.CANCEL.search(shape)
    if not found:
        return False
    start = max(shape.rfind(mark, 0, found.start()) for mark in " ,。;!\n") + 1
    head = re.sub(r"那个?单?|份|单|这|暂时|今天|全部|我的|的", "", shape[start : found.start()])
    word = rest(head)
    return (
        len(word) > 1
        and not _PERSON.fullmatch(word)
        and not re.search(r"[了着过是有没不很太说想去走到吃住看听能再下次先]", word)
    )


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
