"""Read one chat message against the offers of one campaign."""

import re
from collections.abc import Sequence

from bots.parsing import signals
from bots.parsing.commands import command
from bots.parsing.intents import AfterSale, Intent, Join, Nothing, OfferName, Question, Reason
from bots.parsing.lexer import FILLER, Unclear
from bots.parsing.masks import OFFER, PRIVATE, RANGE, UNIT, cover, mask, room_runs_into_unit
from bots.parsing.names import index_of
from bots.parsing.normalise import fold, normalise
from bots.parsing.orders import Message, cancellation, order
from bots.parsing.questions import ask

LONGEST = 2000
# NFKC can make one character eighteen; nobody types those.
_LONGEST_NORMALISED = 2 * LONGEST
_LIST_INDEX = re.compile(r"^\(?\d{1,2} ?[、.):] ?(?=[^\d\s])", re.MULTILINE)
_RECIPIENT = re.compile(
    rf"[替帮代给] ?(?P<name>[^\W\d]{{1,8}}?) ?"
    rf"(?=接|带|订|定|拿|买|要|来|报|下单|加|再|退|减|取消|改|拼|跟|留|\d|[一二两三四五六七八九十]{UNIT})"
)
# "给我送2份" names the speaker, "帮我妈带2份" the mother.
_NOBODY = re.compile(
    rf"{FILLER}++|我(?!妈|爸|婆|公|奶|爷|姐|妹|哥|弟|家|老|朋友|同事|邻居|对门|楼).*|我家|个?忙|大家|[你您咱].*|自己|[加再退减多]"
)


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
    return command(plain, offers) or _read(plain, offers)


def _hesitant(plain: str, offers: Sequence[OfferName]) -> Intent | None:
    """ "2份?" is an order but for its question mark."""
    sure = plain.rstrip("? ")
    if sure and sure != plain and "?" not in sure and isinstance(_read(sure, offers), Join):
        return ask("unsure", offers)
    return None


def _read(plain: str, offers: Sequence[OfferName]) -> Intent:
    if signals.PASTED_ROSTER.match(plain):
        return ask("pasted_roster", offers)
    plain = _LIST_INDEX.sub("", plain)
    folded = fold(plain)
    hits = index_of(tuple(offers)).hits(folded)
    # Names are hidden first: an offer called "三只松鼠" holds no quantity and one called "啥都有" no question.
    shown = cover(folded, [(hit.start, hit.end) for hit in hits], OFFER)
    early = _not_an_order(shown, offers)
    if early:
        return (early == Question("other") and _hesitant(plain, offers)) or early
    recipient = _recipient(shown)
    hidden = cover(shown, [recipient.span()], PRIVATE) if recipient else shown
    message = Message(plain, mask(hidden), tuple(hits), tuple(offers), _name(plain, recipient))
    try:
        if signals.CANCEL.search(message.masked):
            return cancellation(message)
        return order(message)
    except Unclear as unclear:
        return ask(unclear.reason if offers else "no_campaign", offers)


def _not_an_order(shown: str, offers: Sequence[OfferName]) -> Intent | None:
    """What must never become an order, whatever numbers it holds."""
    if signals.is_after_sale(shown):
        return AfterSale()
    kind = signals.question_kind(shown)
    if kind in (None, "other") and offers and signals.VAGUE_NUMBER.search(shown):
        return ask("number", offers)
    if kind:
        return Question(kind)
    reason = _unclear_as_a_whole(shown)
    return ask(reason if offers else "no_campaign", offers) if reason else None


def _unclear_as_a_whole(shown: str) -> Reason | None:
    if signals.NEGATED_CANCEL.search(shown):
        return "cancel"
    if signals.SAME_AS.fullmatch(shown):
        return "same_as"
    if RANGE.search(shown):
        return "range"
    return "number" if room_runs_into_unit(shown) else None


def _recipient(shown: str) -> re.Match[str] | None:
    """The neighbour of "替李四接2份"; "帮我" and "给大家" name nobody."""
    found = _RECIPIENT.search(shown)
    return found if found and not _NOBODY.fullmatch(found["name"]) else None


def _name(plain: str, found: re.Match[str] | None) -> str:
    return plain[found.start("name") : found.end("name")] if found else ""
