"""Count how well the parser reads a labelled half; knows figures only, never shows a message."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bots.parsing import OfferName
from bots.parsing.reading import as_record

HERE = Path(__file__).parent
HALVES = ("tuning", "held_out", "more_held_out")
Label = dict[str, Any]


@dataclass(frozen=True)
class Ratio:
    """`right` of `of`; an empty ratio is perfect."""

    right: int
    of: int

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.right / self.of if self.of else 1.0

    def __str__(self) -> str:
        return f"{self.right}/{self.of} = {self.share:.1%}"


@dataclass(frozen=True)
class Figures:
    """How a half was read. An order is one to act on; those to ask back about are counted by `ask_*`."""

    messages: int
    order_precision: Ratio
    order_recall: Ratio
    order_exact: Ratio
    kind_right: Ratio
    ask_precision: Ratio
    ask_recall: Ratio
    all_right: Ratio
    noise_as_order: int


def labels(half: str) -> list[Label]:
    """The labels of one half."""
    return [json.loads(line) for line in (HERE / f"{half}.jsonl").read_text("utf-8").splitlines()]


def campaigns() -> dict[str, tuple[OfferName, ...]]:
    """Offers by the name of their campaign."""
    listed = json.loads((HERE / "campaigns.json").read_text("utf-8"))
    return {
        name: tuple(OfferName(one["name"], one["name"], tuple(one["aliases"]), one["unit"]) for one in offers)
        for name, offers in listed.items()
    }


def read_label(label: Label) -> Label:
    """What the parser makes of a label's text, in the shape of a label's answer."""
    record = as_record(label["text"], campaigns()[label["campaign"]])
    return {**record, "ask": record["ask"] is not None}


def is_right(label: Label, read: Label) -> bool:
    """Whether kind, mode, items and asking all agree."""
    return all(label[part] == read[part] for part in ("kind", "mode", "items", "ask"))


def measure(half: str) -> Figures:
    """The figures of one half."""
    pairs = [(label, read_label(label)) for label in labels(half)]
    ordered = [pair for pair in pairs if _is_order(pair[0])]
    taken = [pair for pair in pairs if _is_order(pair[1])]
    asked = [pair for pair in pairs if pair[0]["ask"]]
    asking = [pair for pair in pairs if pair[1]["ask"]]
    return Figures(
        len(pairs),
        order_precision=_ratio(taken, lambda label, read: _is_order(label)),
        order_recall=_ratio(ordered, lambda label, read: _is_order(read)),
        order_exact=_ratio(ordered, is_right),
        kind_right=_ratio(pairs, lambda label, read: label["kind"] == read["kind"]),
        ask_precision=_ratio(asking, lambda label, read: label["ask"]),
        ask_recall=_ratio(asked, lambda label, read: read["ask"]),
        all_right=_ratio(pairs, is_right),
        noise_as_order=sum(label["kind"] not in ("order", "cancel") for label, _ in taken),
    )


def _is_order(answer: Label) -> bool:
    return answer["kind"] == "order" and not answer["ask"]


def _ratio(pairs: Iterable[tuple[Label, Label]], holds: Callable[[Label, Label], bool]) -> Ratio:
    results = [holds(label, read) for label, read in pairs]
    return Ratio(sum(results), len(results))
