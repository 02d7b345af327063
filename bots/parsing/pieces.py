"""Decide which numbers of a message are wishes: piece by piece, by the words around them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from bots.parsing.lexer import VERB, Quantity, governed
from bots.parsing.masks import COUNT, KEPT, OFFER, PRIVATE, cover
from bots.parsing.talk import AMOUNT_BEFORE, ANNOUNCES, NO_LONGER, STORY, TELLS, USUAL_UNITS
from bots.parsing.words import ALL_OF, FILLER, FOOD, KIN, PERSON, SURNAMES


class Trust(Enum):
    """How sure a number is meant as a wish."""

    WISHED = "a verb of wishing governs it"
    PLAIN = "nothing else stands beside it"
    STRANGER = "it counts a thing that is not in the list"
    DOUBTED = "somebody tells of it"
    BEFORE = "it was ordered earlier"
    TALK = "it is talk"


@dataclass(frozen=True)
class Piece:
    """A stretch between punctuation or blanks, the quantities in it, and what is left besides them."""

    start: int
    end: int
    found: tuple[Quantity, ...]
    trust: Trust
    noted: bool = False


# Spoken messages have no marks: a particle behind a number ends a clause, "这次" begins one.
_CUT = re.compile(
    rf"[ ,。;!?、\n():…\[\]]+|-{{2,}}|(?<={COUNT}[吧哈呀啊哦])(?=.)|(?<=.)(?=这[次回])|(?<=[吧哈呀啊哦了])(?=上[次回])"
)
_SMALL = re.compile(rf"(?>{FILLER}+)")
_LETTER = re.compile(rf"[^\W{KEPT}{PRIVATE}{OFFER}{COUNT}]")
# Behind a number these begin a note on it, not the name of what is counted.
_NOTE = re.compile(
    r"(?:[大小中公母红白黑绿黄青老嫩甜咸辣酸淡细粗长短新鲜熟生热冰]{1,2}(?:的|点|些|一点|$)|就?够|就?行|就?好"
    r"|就?可以|即可|就?成"
    r"|正好|刚好|一家|放|加|送|寄|带走|拿|取|要|不|别|麻烦|谢|给|我|俺|多|少|还有|然后|晚|明|后|今|早|下|周|等"
    r"|到|帮|挑|记|先"
    r"|已|钱|转|付|微信|现金"
    r"|自[己提取用]|公司|单位|老人|老公|老婆|孩子|娃|儿子|女儿|妈|爸|家|尝|试|吃|喝|炖|煲|煮|蒸|炒|烤|做|泡|包"
    r"|过节|存|备|请|招待|当|用|解|囤"
    r"|一起|分开|装|称|切|留|上门|门口|同|的(?:话)?$|[吧呢哈啊呀]|整|哦|楼|号|房|电话|地址|手机|姓|名)"
)
_THING = re.compile(rf"(?>(?:{FILLER}|{PRIVATE})*)(?P<thing>[\u4e00-\u9fff a-z]{{1,8}}?) ?{COUNT}(?>{FILLER}*)")
_NOT_A_THING = re.compile(
    r"[了着过是有没不很太最才被让说想去走到出吃住搬考花坐看听发卖差剩第共等会能]|[一二三四五六七八九十]$"
)
_PERSON = re.compile(PERSON)
_KIN = re.compile(KIN)
_KIND = re.compile(r"^[大小中公母红白黑绿黄青老嫩甜咸辣酸淡]的?")
# "水饺猪肉白菜的3包"; two names with numbers are a list, whatever follows.
_KIND_OF = re.compile(r"[^了过着是送给发我你他买订拿吃剩]{1,5}的")
_LISTED = re.compile(rf"(?>(?:{FILLER}|{PRIVATE})*)(?:{OFFER}+ ?{COUNT}+[ 、和]*){{2,}}")
_FOOD = re.compile(rf"[{FOOD}]$")
_PACKING = re.compile(r"(?:分(?:开|成)?|各)?(?:装|放|送|寄|用|切|打包)")
_LEFT = re.compile(rf"(?:现在|目前|今天|就|我?这里?)*还有 ?{COUNT}")
_WEIGHTS = ("斤", "公斤", "两")
_WEIGHED = re.compile(r"孩子|宝宝|娃|儿子|女儿|体重|瘦|胖|重|背|拎|减肥|长了")
_USUAL_UNITS = ("份", "")
_LONGEST_DOUBT = 6
_LONGEST_FOOD = 4


def pieces(masked: str, found: Sequence[Quantity], units: frozenset[str]) -> list[Piece]:
    """The pieces of a masked message that hold quantities; `units` are those of the offers."""
    shape = shape_of(masked, found)
    at = 0
    result = []
    for start, end in spans(shape):
        inside = []
        while at < len(found) and found[at].start < end:
            inside.append(found[at])
            at += 1
        if inside:
            inside = _before_note(shape[start:end], start, inside)
            trust = _trust(shape, start, end, inside, units)
            result.append(Piece(start, end, tuple(inside), trust, _is_noted(shape[start:end])))
    return result


def shape_of(masked: str, found: Sequence[Quantity]) -> str:
    """`masked` with the quantities covered by COUNT."""
    return cover(masked, [(q.start, q.end) for q in found], COUNT)


def spans(shape: str) -> Iterator[tuple[int, int]]:
    """Half-open spans of the pieces."""
    start = 0
    for cut in _CUT.finditer(shape):
        if cut.start() > start:
            yield start, cut.start()
        start = cut.end()
    if start < len(shape):
        yield start, len(shape)


def rest(text: str) -> str:
    """What is left of a stretch without small words, names, verbs and masks: letters only."""
    text = VERB.sub("", re.sub(ALL_OF, "", text))
    return "".join(_LETTER.findall(re.sub(FILLER, "", text)))


def _trust(shape: str, start: int, end: int, found: Sequence[Quantity], units: frozenset[str]) -> Trust:
    piece = shape[start:end]
    if ANNOUNCES.search(piece):
        return Trust.TALK
    if (not shape[:start].strip() and _LEFT.match(piece)) or (found[0].unit in _WEIGHTS and _WEIGHED.search(piece)):
        return Trust.TALK
    changes = any(q.instead for q in found)
    if NO_LONGER.match(piece) and not changes:
        return Trust.BEFORE
    corrects = any(q.corrects or q.denied for q in found)
    told = TELLS.search(piece)
    if told and not changes and not (corrects and told[0] == "应该"):
        return _told(piece)
    head, middle, tail = _around(piece)
    if corrects:
        return Trust.WISHED
    if governed(shape, _sentence_start(shape, start), found[0].start) or changes:
        return _wished(found[-1], tail, units)
    if AMOUNT_BEFORE.search(piece):
        return Trust.BEFORE
    signed = any(q.signed or q.mode for q in found)
    if not (signed or OFFER in piece or found[0].unit in units | USUAL_UNITS) and rest(shape):
        return Trust.TALK
    if not (signed or OFFER in piece) and STORY.search(shape):
        return Trust.TALK
    if _LISTED.match(piece):
        return Trust.PLAIN
    if (
        not rest(_KIND.sub("", head))
        and (len(rest(middle)) <= (OFFER in piece and not re.search("[了过着]", middle)) or _KIND_OF.fullmatch(middle))
        and _is_note(tail)
    ):
        return Trust.PLAIN
    person = _is_person(head)
    # "李四两份": whether the name ends or the number begins with the numeral cannot be told.
    if len(head) == 1 and head in SURNAMES and found[0].unclear:
        return Trust.PLAIN
    if (person or not rest(head)) and (not rest(middle) or _is_person(middle)) and _is_note(tail):
        return Trust.PLAIN
    thing = _THING.fullmatch(piece)
    if thing and _is_thing(thing["thing"]) and (signed or len(rest(thing["thing"])) > 1):
        return Trust.STRANGER
    if _relates(piece, found):
        return Trust.TALK
    if OFFER in piece and len(found) <= 2 and not _NOT_A_THING.search(re.sub(rf"[^\w]|{ALL_OF}", "", piece)):
        return Trust.DOUBTED
    return Trust.TALK


def _relates(piece: str, found: Sequence[Quantity]) -> bool:
    """True for "一斤山药三两皮": one thing measured in two ways."""
    return len(found) == 2 and found[0].unit != found[1].unit and len(re.findall(f"{OFFER}+", piece)) == 1


def _is_thing(word: str) -> bool:
    return bool(len(word) <= _LONGEST_FOOD and _FOOD.search(word)) or not _NOT_A_THING.search(word)


def _told(piece: str) -> Trust:
    if AMOUNT_BEFORE.search(piece):
        return Trust.BEFORE
    return Trust.DOUBTED if len(rest(piece)) <= _LONGEST_DOUBT else Trust.TALK


def _sentence_start(shape: str, start: int) -> int:
    return max(shape.rfind(mark, 0, start) for mark in ",。;!?\n") + 1


def _around(piece: str) -> tuple[str, str, str]:
    """What stands before the first name or number, between them, and after the last."""
    found = [m.span() for m in re.finditer(rf"[{OFFER}{COUNT}]++", piece)]
    middle = "".join(_KIND.sub("", piece[a:b]) for (_, a), (b, _) in pairwise(found))
    return piece[: found[0][0]], middle, piece[found[-1][1] :]


def _is_note(tail: str) -> bool:
    opening = _SMALL.match(tail)
    return not rest(tail) or bool(_NOTE.match(tail.lstrip("了的")) or (opening and _NOTE.match(tail, opening.end())))


def _is_person(text: str) -> bool:
    bare = re.sub(rf"[ {PRIVATE}]|^的", "", text.strip())
    return bool(_PERSON.fullmatch(bare) or _KIN.fullmatch(rest(bare)))


def _wished(last: Quantity, tail: str, units: frozenset[str]) -> Trust:
    if _is_note(tail):
        return Trust.WISHED
    word = rest(tail)
    own = last.unit in units or last.unit in _USUAL_UNITS or not units
    if own and not (len(word) <= 4 and _FOOD.search(word)):
        return Trust.WISHED
    return Trust.STRANGER


def _before_note(piece: str, start: int, found: list[Quantity]) -> list[Quantity]:
    """The numbers of "2只装一个袋子" without those of the note."""
    after = piece[found[0].end - start :]
    return found[:1] if _PACKING.match(after) and OFFER not in after else found


def _is_noted(piece: str) -> bool:
    tail = _around(piece)[2]
    return bool(rest(tail) or _KIND.match(tail))


def trusted(found: Sequence[Piece]) -> list[Piece]:
    """The pieces whose numbers are wishes."""
    return [piece for piece in found if piece.trust in (Trust.WISHED, Trust.PLAIN)]
