"""Read one chat message against the offers of one campaign."""

import re
from collections.abc import Sequence

from bots.parsing import signals
from bots.parsing.cancelling import cancellation
from bots.parsing.commands import command
from bots.parsing.complaints import is_complaint
from bots.parsing.intents import (
    AfterSale,
    Ask,
    AskKind,
    Cancel,
    Intent,
    Jielong,
    Join,
    Mode,
    Nothing,
    OfferName,
    Question,
    Reason,
)
from bots.parsing.lexer import VERB, Quantity, Unclear, governed, quantities
from bots.parsing.masks import OFFER, PRIVATE, UNIT, cover, mask, room_runs_into_unit
from bots.parsing.message import Message
from bots.parsing.names import index_of
from bots.parsing.normalise import fold, normalise
from bots.parsing.orders import order
from bots.parsing.questions import ask
from bots.parsing.rosters import is_roster
from bots.parsing.words import FILLER

LONGEST = 2000
# NFKC can make one character eighteen; nobody types those.
_LONGEST_NORMALISED = 2 * LONGEST
_LIST_INDEX = re.compile(r"^\(?\d{1,2} ?[、.):] ?(?=[^\d\s])", re.MULTILINE)
_RECIPIENT = re.compile(
    rf"[替帮代给] ?(?:[\d栋楼号单元室-]{{2,10}}的?)?(?P<name>(?:(?![了着过寄送发打说问做])[^\W\d]){{1,8}}?) ?"
    rf"(?=接|带|订|定|拿|买|要|来|报|登|记|搞|弄|下单|加|再|退|减|取消|改|拼|跟|留|:|\d"
    rf"|[一二两三四五六七八九十]{UNIT}|{OFFER})"
)
# "给我送2份" names the speaker, "帮我妈带2份" the mother.
_NOBODY = re.compile(
    rf"(?>{FILLER}+)|我(?!妈|爸|婆|公|奶|爷|姐|妹|哥|弟|家|老|朋友|同事|邻居|对门|楼).*|我家|个?忙|大家"
    rf"|[你您咱她他].*|自己|[加再退减多]"
)
_SENTENCE = re.compile(r"[^,。!?;\n ]+[,。!;\n ]*\?*[,。!?;\n ]*")
# Spoken without a mark: "我要两箱怎么付钱".
_SPOKEN_QUESTION = re.compile(r"(?:怎么|咋)(?:付|转|给|取|拿|支付)|[什啥]么?时候|几[点号]|哪天|在?哪[里儿取拿]|多久")
_PERHAPS = re.compile(r"要不(?![要是]|$)")
_ADDS = re.compile(r"\+|(?:再(?![问想看考说确商])|[还多](?=[要来加])|追?加)")
_SUBS = re.compile(r"退|减|少[要来]|^-")


# A cancel word beside a wish is a changed order, not a cancelled one.
_ASKED_AS: dict[Reason, AskKind] = {"mixed": "order", "swap": "order", "refund": "cancel", "cancel": "cancel"}


def read(text: str, offers: Sequence[OfferName], *, bot_name: str = "") -> Intent:
    """What `text` asks for; never raises, and asks back (`Ask`) whatever would be a guess.

    `offers` are those of the one campaign the message can be about, empty if there is none.
    `bot_name` is the bot's own name in mentions, needed only where no blank ends a mention.
    """
    if len(text) > LONGEST:
        return ask("too_long", offers)
    plain = normalise(text, bot_name)
    if len(plain) > _LONGEST_NORMALISED:
        return ask("too_long", offers)
    if not plain:
        return Nothing()
    told = command(plain, offers)
    if told and told.name in ("开团", "发团", "核销"):
        return told
    if is_roster(plain, _shown(plain, offers)):
        return Jielong(text)
    return told or _read(plain, offers)


def _shown(plain: str, offers: Sequence[OfferName]) -> str:
    """Names are hidden first: an offer called "三只松鼠" holds no quantity and one called "啥都有" no question."""
    folded = fold(plain)
    folded = _PERHAPS.sub(lambda found: " " * len(found[0]), folded)
    return cover(folded, [(hit.start, hit.end) for hit in index_of(tuple(offers)).found_in(folded)], OFFER)


def _read(plain: str, offers: Sequence[OfferName]) -> Intent:
    plain = _LIST_INDEX.sub("", plain)
    shown = _shown(plain, offers)
    if is_complaint(shown):
        return AfterSale()
    if signals.asks(shown):
        return _asked(plain, shown, offers)
    if topic := signals.question_kind(shown):
        return Question(topic)
    return _told(plain, offers)


def _told(plain: str, offers: Sequence[OfferName]) -> Intent:
    """A message, or what is left of one, that asks nothing."""
    shown = _shown(plain, offers)
    kind: AskKind = "cancel" if signals.CANCEL.search(shown) else "order"
    try:
        if reason := _unclear_as_a_whole(shown):
            raise Unclear(reason)
        message = _message(plain, shown, offers)
        return cancellation(message) if kind == "cancel" else order(message)
    except Unclear as unclear:
        return _ask(unclear.reason, offers, _ASKED_AS.get(unclear.reason, kind), shown)


def _message(plain: str, shown: str, offers: Sequence[OfferName]) -> Message:
    recipient = _recipient(shown)
    hidden = cover(shown, [recipient.span("name")], PRIVATE) if recipient else shown
    hits = index_of(tuple(offers)).found_in(fold(plain))
    name = plain[recipient.start("name") : recipient.end("name")] if recipient else ""
    return Message(plain, mask(hidden), tuple(hits), tuple(offers), name)


def _ask(reason: Reason, offers: Sequence[OfferName], kind: AskKind, shown: str) -> Ask:
    mode: Mode = "sub" if _SUBS.search(shown) else "add" if _ADDS.search(shown) else "set"
    return ask(reason if offers else "no_campaign", offers, kind, mode)


def _asked(plain: str, shown: str, offers: Sequence[OfferName]) -> Intent:
    """A message with a question in it: often only that, sometimes an order with one beside it."""
    question = Question(signals.question_kind(shown) or "other")
    hoped = signals.HOPES.sub("", plain.rstrip("? "))
    if hoped and hoped != plain and not signals.asks(_shown(hoped, offers)):
        return _hesitant(hoped, hoped == plain.rstrip("? "), offers) or question
    if could := signals.COULD.fullmatch(plain):
        told = _told(could["wish"], offers)
        if isinstance(told, Join) and _wishes(could["wish"], _shown(could["wish"], offers), offers):
            return _ask("unsure", offers, "order", shown)
    asking, telling = _parted(plain, offers)
    if not telling.strip(" ,。!\n"):
        return question
    told = _told(telling, offers)
    if signals.IF.search(_shown(telling, offers)) and isinstance(told, Ask):
        return told
    if not isinstance(told, Join | Cancel):
        return question
    decides = signals.DECIDES.search(asking)
    priced = signals.PRICED.search(asking) and _wishes(telling, _shown(telling, offers), offers)
    if (priced or signals.BESIDE_THE_POINT.search(asking)) and not decides:
        return told
    return _hesitant(telling, False, offers) or question


def _hesitant(plain: str, only_marked: bool, offers: Sequence[OfferName]) -> Intent | None:
    """ "2份?" is an order but for its question mark; a polite "…好吗" only behind a verb of wishing."""
    told = _told(plain, offers)
    shown = _shown(plain, offers)
    if isinstance(told, Cancel):
        return _ask("cancel", offers, "cancel", shown)
    if isinstance(told, Ask):
        return told
    if isinstance(told, Join) and (only_marked or _wishes(plain, shown, offers)):
        return _ask("unsure", offers, "order", shown)
    return None


def _wishes(plain: str, shown: str, offers: Sequence[OfferName]) -> bool:
    return _governs(plain, offers) or bool(VERB.search(shown) and _counted(plain, offers)[1])


def _governs(plain: str, offers: Sequence[OfferName]) -> bool:
    """Whether a verb of wishing leads to one of the numbers."""
    message, found = _counted(plain, offers)
    return any(governed(message.masked, 0, q.start) for q in found)


def _counted(plain: str, offers: Sequence[OfferName]) -> tuple[Message, list[Quantity]]:
    message = _message(plain, _shown(plain, offers), offers)
    return message, quantities(message.masked, message.hits)


def _parted(plain: str, offers: Sequence[OfferName]) -> tuple[str, str]:
    """The clauses that ask, and those that tell."""
    asking, telling = "", ""
    for found in _SENTENCE.finditer(plain):
        if signals.asks(_shown(found[0], offers)):
            told = _told_before_question(found[0], offers)
            telling += told
            asking += found[0][len(told) :]
        else:
            telling += found[0]
    return asking, telling


def _told_before_question(sentence: str, offers: Sequence[OfferName]) -> str:
    """The wish that opens an asking sentence, "" if there is none."""
    found = _SPOKEN_QUESTION.search(sentence)
    head = sentence[: found.start()] if found else ""
    return head if head and not signals.asks(_shown(head, offers)) and _governs(head, offers) else ""


def _unclear_as_a_whole(shown: str) -> Reason | None:
    if signals.NEGATED_CANCEL.search(shown):
        return "cancel"
    if signals.SAME_AS.fullmatch(shown):
        return "same_as"
    return "number" if room_runs_into_unit(shown) else None


def _recipient(shown: str) -> re.Match[str] | None:
    """The neighbour of "替李四接2份"; "帮我" and "给大家" name nobody."""
    found = _RECIPIENT.search(shown)
    return found if found and not _NOBODY.fullmatch(found["name"]) else None
