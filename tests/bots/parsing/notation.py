"""A short spelling of intents, so that the vectors read as a table."""

import json
from pathlib import Path

from bots.parsing import AfterSale, Ask, Cancel, Command, Intent, Jielong, Join, Nothing, OfferName, Question

CAMPAIGNS: dict[str, tuple[OfferName, ...]] = {
    "none": (),
    "one": (OfferName("crab", "大闸蟹"),),
    "three": (
        OfferName("crab", "周五大闸蟹"),
        OfferName("berry", "红颜草莓", ("草莓",)),
        OfferName("blue", "蓝莓"),
    ),
    "packs": (OfferName("small", "草莓2斤装"), OfferName("big", "草莓5斤装")),
    "letters": (OfferName("a", "A款"), OfferName("b", "B款")),
    "tricky": (
        OfferName("nuts", "三只松鼠坚果"),
        OfferName("gift", "啥都有礼包"),
        OfferName("apple", "苹果"),
        OfferName("yantai", "烟台苹果"),
    ),
}


def spell(intent: Intent) -> str:
    """`Join((Item("crab", 2),), "set")` is "set crab=2"."""
    match intent:
        case Join(items, mode, note, recipient, bare):
            parts = [mode, *(f"{i.offer_key}={i.quantity}" for i in items), *(["bare"] if bare else [])]
            parts += [f"for:{recipient}"] if recipient else []
            return " ".join(parts + ([f"note:{note}"] if note else []))
        case Cancel(items, offers, recipient):
            parts = ["cancel", *(f"{i.offer_key}={i.quantity}" for i in items), *offers]
            return " ".join(parts + ([f"for:{recipient}"] if recipient else []))
        case Ask(reason, _):
            return f"ask {reason}"
        case Question(kind):
            return f"question {kind}"
        case Command(name, argument):
            return f"command {name} {argument}".strip()
        case AfterSale():
            return "after-sale"
        case Jielong():
            return "jielong"
        case Nothing():
            return "nothing"


def vectors() -> list[tuple[str, str, str]]:
    """Rows of (campaign, text, expected spelling)."""
    rows: list[tuple[str, str, str]] = []
    for path in sorted(Path(__file__).with_name("vectors").glob("*.json")):
        rows += [(campaign, text, expected) for campaign, text, expected in json.loads(path.read_text("utf-8"))]
    return rows
