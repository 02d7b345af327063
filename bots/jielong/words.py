"""A list's changes in words: for its leader alone with names, in a group with counts only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bots.channels.texts import cut
from bots.jielong.comparing import Named
from bots.jielong.standing import Standing
from bots.parsing import OfferName

MOST_LINES = 5
PROMISE = "名字只记作邀请，不是订单，也不收钱。"


def preview(standing: Standing, title: str, offers: Sequence[OfferName], *, group: bool) -> str:
    """What importing into the campaign called `title` would change."""
    head = f"接龙{_titled(standing)}导入到「{title}」，{_counts(standing)}。"
    return head if group else "\n".join([head, *_lines(standing, {offer.key: offer.name for offer in offers})])


def units_words(units: Mapping[str, int], names: Mapping[str, str]) -> str:
    """`×2` where one thing is on sale, else `草莓×2、蓝莓×1`."""
    if len(names) == 1:
        return "".join(f"×{number}" for number in units.values())
    return "、".join(f"{names[offer]}×{number}" for offer, number in units.items() if offer in names)


def _titled(standing: Standing) -> str:
    return f"「{cut(standing.roster.title, 20)}」" if standing.roster.title else ""


def _counts(standing: Standing) -> str:
    changes = standing.changes
    counted = [
        ("新增", len(changes.new)), ("有变", len(changes.changed)), ("不见了", len(changes.gone)),
        ("看不清", len(standing.unclear)), ("没变", len(changes.same)),
    ]  # fmt: skip
    told = "、".join(f"{word} {count}" for word, count in counted if count)
    ordered = f"，其中 {standing.ordered} 位已下单" if standing.ordered else ""
    return f"共 {len(changes.standing)} 位：{told}{ordered}"


def _lines(standing: Standing, names: Mapping[str, str]) -> Iterable[str]:
    changes = standing.changes
    for word, shown in (
        ("新增", [_one(one, names) for one in changes.new]),
        ("有变", [f"{_name(now)} {units_words(old.units, names) or '?'}→{units_words(now.units, names) or '?'}"
                for old, now in changes.changed]),
        ("不见了", [_one(one, names) for one in changes.gone]),
        ("看不清", [f"{entry.index} {cut(entry.name, 12)}（{entry.unclear}）" for entry in standing.unclear]),
        ("像是两人同时接龙互相盖掉的，先都保留", [_one(one, names) for one in changes.kept]),
    ):  # fmt: skip
        if shown:
            more = f" 等 {len(shown)} 位" if len(shown) > MOST_LINES else ""
            yield f"{word}：{'；'.join(shown[:MOST_LINES])}{more}"


def _one(one: Named, names: Mapping[str, str]) -> str:
    return f"{_name(one)}{units_words(one.units, names) and ' '}{units_words(one.units, names)}"


def _name(one: Named) -> str:
    return f"{one.index} {cut(one.name, 12)}"
