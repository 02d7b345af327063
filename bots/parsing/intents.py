"""The closed set of things a chat message can mean."""

from dataclasses import dataclass
from typing import Literal

Mode = Literal["set", "add", "sub"]
QuestionKind = Literal["price", "closing", "pickup", "progress", "open", "other"]
AskKind = Literal["order", "cancel", "question"]
CommandName = Literal[
    "发团", "开团", "进度", "名单", "催付", "截团", "到货", "核销", "我的", "取货码", "帮助",
    "绑定", "绑定本群", "绑定店员群",
]  # fmt: skip
Reason = Literal[
    "which_offer",
    "unknown_offer",
    "quantity",
    "range",
    "number",
    "fraction",
    "measure",
    "too_many",
    "zero",
    "each",
    "several_numbers",
    "repeated_offer",
    "mixed",
    "swap",
    "negation",
    "cancel",
    "refund",
    "same_as",
    "unsure",
    "too_long",
    "no_campaign",
]


@dataclass(frozen=True)
class OfferName:
    """What one offer of the campaign is called; `key` is handed back untouched.

    `unit` is the word its units are counted by ("斤"); empty means that any word may stand for it.
    """

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class Item:
    """Whole units (1 to 99) of one offer."""

    offer_key: str
    quantity: int


@dataclass(frozen=True)
class Join:
    """An order or a change of one: `set` replaces, `add` and `sub` change by the quantity.

    `bare` marks a message that names no own wish beyond "me too" (`+1`, `接`): from somebody who
    already has an order it may be a repetition, so the caller asks instead of applying it.
    """

    items: tuple[Item, ...]
    mode: Mode = "set"
    note: str = ""
    recipient: str = ""
    bare: bool = False


@dataclass(frozen=True)
class Cancel:
    """Give back `items` (units), or all of `offers` (keys); both empty means the whole order."""

    items: tuple[Item, ...] = ()
    offers: tuple[str, ...] = ()
    recipient: str = ""


@dataclass(frozen=True)
class Ask:
    """The message is unclear; `question` is the Chinese sentence that asks back.

    `kind` and `mode` (of an order) are what the message would be if the answer were yes.
    """

    reason: Reason
    question: str
    kind: AskKind = "order"
    mode: Mode = "set"


@dataclass(frozen=True)
class AfterSale:
    """A complaint about goods; never an order, even with a number in it."""


@dataclass(frozen=True)
class Question:
    """A question; never an order, even with a number in it."""

    kind: QuestionKind


@dataclass(frozen=True)
class Command:
    """A command word with the rest of its line."""

    name: CommandName
    argument: str = ""


@dataclass(frozen=True)
class Jielong:
    """A pasted list of several people's entries, as it was typed."""

    text: str


@dataclass(frozen=True)
class Nothing:
    """Not meant for the bot."""


Intent = Join | Cancel | Ask | AfterSale | Question | Command | Jielong | Nothing
