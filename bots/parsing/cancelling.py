"""From a masked message with a cancel word to what it gives back."""

import re
from collections.abc import Sequence

from bots.parsing import signals
from bots.parsing.intents import Cancel, Intent, Join, Nothing, OfferName
from bots.parsing.lexer import Unclear, quantities
from bots.parsing.masks import COUNT
from bots.parsing.message import Message
from bots.parsing.names import Hit
from bots.parsing.pairing import one_key, pair
from bots.parsing.pieces import pieces, rest, shape_of, trusted
from bots.parsing.talk import ANNOUNCES
from bots.parsing.words import PERSON

_CLAUSES = re.compile(r"[ ,。;!\n]")
_EVENTS = re.compile(
    r"课|会议|开会|聚会|约会|航班|飞机|高铁|火车|动车|活动|演唱会|比赛|婚礼|饭局|门诊|考试|行程|直播|补贴|红包"
    r"|政策|限行|限购"
)
_PERSON = re.compile(PERSON)
_MARKS = ",。;!\n"


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
        if (not hits and _EVENTS.search(shape)) or signals.OTHERS_CANCEL.search(shape):
            return Nothing()
        if not hits and _strange_thing(shape):
            raise Unclear("unknown_offer")
        hits = _without_common(hits or _topic(message, shape), message.offers)
        keys = dict.fromkeys(one_key([hit]) for hit in hits)
        return Cancel(offers=tuple(keys), recipient=message.recipient)
    if not message.offers:
        raise Unclear("no_campaign")
    shape = signals.CANCEL.sub(lambda found: " " * len(found[0]), shape_of(masked, raw))
    items = pair(shape, raw, hits, message.offers, None)
    if re.search(r"退[了掉]", shape_of(masked, raw)):
        return Join(items, "sub", recipient=message.recipient)
    return Cancel(items, recipient=message.recipient)


def _clause(shape: str, at: int) -> str:
    start = max((m.end() for m in re.finditer(r"[,。;!\n]", shape[:at])), default=0)
    end = re.search(r"[,。;!\n]", shape[at:])
    return shape[start : at + end.start() if end else len(shape)]


def _in_cancel_clause(shape: str, at: int) -> bool:
    """Whether the cancellation speaks of what stands at `at`."""
    clause = _clause(shape, at)
    if signals.CANCEL.search(clause):
        return True
    return not (signals.KEEPS.search(clause) or ANNOUNCES.search(clause) or rest(clause))


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
    start = max(shape.rfind(mark, 0, found.start()) for mark in " " + _MARKS) + 1
    head = re.sub(
        r"那几?个?单?|[份单只箱盒]|这|暂时|今天|全部|[全都]|我的|的|水果|东西|吃的|菜|货",
        "",
        shape[start : found.start()],
    )
    word = rest(head)
    return (
        len(word) > 1
        and not _PERSON.fullmatch(word)
        and not re.search(r"[了着过是有没不很太说想去走到吃住看听能再下次先]", word)
    )


def _topic(message: Message, shape: str) -> list[Hit]:
    """The names of "樱桃太贵了，不要了": the clause before speaks of them, and the cancelling one of nothing else."""
    found = signals.CANCEL.search(shape)
    if not found or signals.WHOLE.search(shape):
        return []
    end = max(shape.rfind(mark, 0, found.start()) for mark in _MARKS)
    start = max(shape.rfind(mark, 0, max(end, 0)) for mark in _MARKS) + 1
    return [hit for hit in message.hits if start <= hit.start < end and not signals.KEEPS.search(shape[start:end])]


def _without_common(hits: Sequence[Hit], offers: Sequence[OfferName]) -> list[Hit]:
    """ "丑橘都不要了" names the whole campaign where every offer is one; alone, it gives up all."""
    common = [hit for hit in hits if len(offers) > 1 and len(hit.keys) == len(offers)]
    return [] if len(common) == len(hits) else list(hits)
