"""The five papers, each from orders or sums to a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.money import yuan
from domain.places import walk
from domain.privacy import masked_name
from services.papers.buyers import LINES_PER_BAG, Buyer, bags, merged
from services.papers.gathering import Bought, Portion
from services.papers.table import Column, ColumnKind, Group, Paper, PaperKind, Row
from services.queries.pick_lists import PickLine, PickList

_GOODS = (Column("商品"), Column("规格"), Column("数量", ColumnKind.COUNT), Column("单位"))
_ROSTER = (
    Column("接龙号", ColumnKind.COUNT), Column("昵称"), Column("收货人"), Column("电话"), Column("楼栋"),
    Column("单元"), Column("房号"), Column("自提点"), Column("商品"), Column("金额", ColumnKind.MONEY),
    Column("待收", ColumnKind.MONEY), Column("状态"), Column("备注"),
)  # fmt: skip
STATES = {
    "pending_payment": "待付款", "paid": "已付款", "confirmed": "待到货", "ready": "待提货", "collected": "已提货",
    "completed": "已完成", "expired": "已失效", "cancelled": "已取消", "refunded": "已退款",
}  # fmt: skip
WITHDRAWN = "已退"
BY_SLIP = "不逐袋贴标，按提货小票整单交接"


def pick_list(title: str, sums: PickList) -> Paper:
    """What the warehouse takes off its shelves, by SKU over all points."""
    return Paper(PaperKind.PICK_LIST, title, _GOODS, (_goods("", sums.by_sku),))


def points(title: str, sums: PickList) -> Paper:
    """What the driver unloads: a sheet for each point."""
    return Paper(PaperKind.POINTS, title, _GOODS, tuple(_goods(point.point, point.lines) for point in sums.by_point))


def _goods(title: str, lines: Sequence[PickLine]) -> Group:
    rows = tuple((line.name, line.spec, line.units, line.unit) for line in lines)
    return Group(title, rows=rows, total=("合计", "", sum(line.units for line in lines), "") if rows else ())


def slips(title: str, orders: Iterable[Bought]) -> Paper:
    """A slip for each buyer at each point, with what is still to be handed over and to be paid."""
    return Paper(PaperKind.SLIPS, title, _GOODS, tuple(_slip(person) for person in merged(orders)))


def _slip(person: Buyer) -> Group:
    notes = [person.point_name, *_whither(person)]
    if person.due_fen:
        notes.append(f"收货付款，待收 {yuan(person.due_fen)}")
    rows = tuple((part.name, part.spec, part.left, part.unit) for part in person.portions)
    total: Row = ("合计", "", sum(part.left for part in person.portions), "")
    return Group(f"{person.number}号 {person.name}", tuple(notes), rows, total)


def labels(title: str, orders: Iterable[Bought], bag_units: int, most: int) -> Paper:
    """A label for each bag: number, masked name, place, goods, bag i/n; neither phone nor code.

    Who would get more than `most` bags gets one label for all: so much is handed over in cases, by the slip.
    """
    return Paper(
        PaperKind.LABELS, title, _GOODS,
        tuple(label for person in merged(orders) for label in _labels(person, bags(person, bag_units), most)),
    )  # fmt: skip


def _labels(person: Buyer, packed: Sequence[Sequence[Portion]], most: int) -> Iterable[Group]:
    if len(packed) > most:
        yield Group(
            f"{person.number}号 {person.name}",
            (f"大单 {len(packed)} 袋", *_whither(person), person.point_name, BY_SLIP),
            _shortened(person.portions),
        )
        return
    for place, bag in enumerate(packed, start=1):
        rows = tuple((part.name, part.spec, part.left, part.unit) for part in bag)
        yield Group(
            f"{person.number}号 {person.name}",
            (f"{place}/{len(packed)} 袋", *_whither(person), person.point_name),
            rows,
        )


def _shortened(portions: Sequence[Portion]) -> tuple[Row, ...]:
    """As many lines as a label has room for; the last one sums up the rest."""
    shown = portions if len(portions) <= LINES_PER_BAG else portions[: LINES_PER_BAG - 1]
    rest = portions[len(shown) :]
    rows: list[Row] = [(part.name, part.spec, part.left, part.unit) for part in shown]
    if rest:
        rows.append((f"等 {len(rest)} 样", "", sum(part.left for part in rest), "件"))
    return tuple(rows)


def _whither(person: Buyer) -> list[str]:
    """Where to, and for whom, as far as it is known."""
    return [words for words in (person.place.words, "".join(f"代 {name}" for name in person.recipients)) if words]


def roster(title: str, orders: Iterable[Bought], *, masked: bool) -> Paper:
    """The whole roster as its leader sees it, phones masked; a desk's is `masked`: names are, notes are left out."""
    listed = sorted(orders, key=lambda order: (walk(order.place), order.number or 0))
    counted = [order for order in listed if order.counted]
    total: Row = ("合计", f"{len(counted)} 单", "", "", "", "", "", "", "", _sum(counted), _due(counted), "", "")
    rows = tuple(_roster_row(_for_a_desk(order) if masked else order) for order in listed)
    return Paper(PaperKind.ROSTER, title, _ROSTER, (Group(rows=rows, total=total if rows else ()),))


def _for_a_desk(order: Bought) -> Bought:
    name, recipient = masked_name(order.name, order.anonymous), masked_name(order.recipient) if order.recipient else ""
    return replace(order, name=name, recipient=recipient, note="")


def _sum(orders: Iterable[Bought]) -> int:
    return sum(order.total_fen - order.refunded_fen for order in orders)


def _due(orders: Iterable[Bought]) -> int:
    return sum(order.due_fen for order in orders)


def _listed(part: Portion, *, withdrawn: bool) -> str:
    """`草莓 500g ×2`, with what went back of it; a line that is no more says what it was, and under an order that is
    no more `WITHDRAWN` says why.
    """
    goods, back = f"{part.name} {part.spec} ×{part.wanted or part.ordered}", part.ordered - part.wanted
    if not back or withdrawn:
        return goods
    return f"{goods}（退 {back}）" if part.wanted else f"{goods}（已退）"


def _roster_row(order: Bought) -> Row:
    goods = "、".join(_listed(part, withdrawn=not order.counted) for part in order.portions)
    return (
        order.number, order.name, order.recipient, order.phone, order.place.building, order.place.unit,
        order.place.room, order.point_name, goods, _sum([order]) if order.counted else 0, order.due_fen,
        STATES[order.state] if order.counted else WITHDRAWN, order.note,
    )  # fmt: skip
