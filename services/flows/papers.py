"""Papers on their way out: drawn after the transaction that read them, at once or in the background."""

from __future__ import annotations

from dataclasses import dataclass

from domain.actors import CLOCK, SYSTEM, Actor
from domain.errors import NotFound
from services.assembly import Lintuan
from services.context import Unit
from services.papers import exports, gathering, links, making, printing
from services.papers.exports import Turn
from services.papers.gathering import Bought
from services.papers.making import AskPaper
from services.papers.sheets import sheets
from services.papers.table import Paper, PaperKind
from services.ports import Outside, Workbooks

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class PaperFile:
    """A paper as bytes, with what its browser must know."""

    kind: PaperKind
    format: str
    name: str
    content: bytes


def at_once(product: Lintuan, actor: Actor, asked: AskPaper, format_: str) -> PaperFile:
    """A paper that is short enough; raises `NotFound`, `Forbidden`, `PaperTooLong`."""
    if format_ not in exports.FORMATS:
        raise NotFound
    with product.unit.reading(actor) as ctx:
        paper = making.at_once(ctx, asked)
    return PaperFile(paper.kind, format_, paper.name, drawn(paper, format_, product.outside.workbooks))


def drawn(paper: Paper, format_: str, workbooks: Workbooks) -> bytes:
    """The bytes of a paper as html or xlsx."""
    return workbooks.write(sheets(paper)) if format_ == "xlsx" else printing.page(paper).encode()


def exported(product: Lintuan, actor: Actor, export_id: str) -> PaperFile:
    """The file of an own export; raises `NotFound`, and `WrongState` while it is not ready."""
    with product.unit.reading(actor) as ctx:
        row = exports.ready(ctx, export_id)
        kind, format_, key = PaperKind(row.kind), row.format, exports.key_of(row.public_id)
    stored = product.outside.files.get(key)
    if stored is None:
        raise NotFound
    return PaperFile(kind, format_, export_id, stored[0])


def by_link(product: Lintuan, token: str, format_: str) -> PaperFile:
    """The paper behind a link, which is used up by it, as `format_` unless its file is there already.

    Raises `CodeExpired`, and `PaperTooLong` for one that has grown since the link was made.
    """
    with product.unit(SYSTEM) as ctx:
        opened = links.open_once(ctx, token)
    if opened.export_id:
        return exported(product, opened.actor, opened.export_id)
    return at_once(product, opened.actor, opened.asked, format_)


def make_due(unit: Unit, outside: Outside) -> int:
    """Make every paper that waits or was left by a maker that died; one that breaks keeps no other waiting."""
    with unit.reading(CLOCK) as ctx:
        due = exports.due(ctx)
    made, broken = 0, None
    for export_id in due:
        try:
            made += _make(unit, outside, export_id)
        except Exception as error:  # its lease runs out and it is tried again, a few times
            broken = error
    if broken is not None:
        raise broken
    return made


def _make(unit: Unit, outside: Outside, export_id: int) -> bool:
    with unit(CLOCK) as ctx:
        turn = exports.claim(ctx, export_id)
    if turn is None:
        return False
    paper = _read(unit, turn)
    if paper is None:
        return False
    content = drawn(paper, turn.format, outside.workbooks)
    outside.files.put(turn.file_key, content, XLSX if turn.format == "xlsx" else "text/html")
    with unit(CLOCK) as ctx:
        return exports.finish(ctx, turn)


def _read(unit: Unit, turn: Turn) -> Paper | None:
    """The paper, read in batches of orders; None when another turn has begun."""
    kind = making.kind_of(turn.asked.kind)
    with unit.reading(turn.actor) as ctx:
        scope = making.allowed(ctx, kind, turn.asked)
        if kind in making.SUMMED:
            return making.summed(ctx, kind, scope)
        whole, batch = gathering.how_many(ctx, scope, making.narrower(kind)), ctx.policy.export_batch
    orders: list[Bought] = []
    while True:
        with unit.reading(turn.actor) as ctx:
            after, phones = orders[-1].order if orders else 0, making.with_phones(ctx, kind)
            part = gathering.bought(ctx, scope, making.narrower(kind), after=after, limit=batch, phones=phones)
        orders += part
        with unit(CLOCK) as ctx:
            if not exports.go_on(ctx, turn, len(orders), max(whole, len(orders))):
                return None
        if len(part) < batch:
            break
    with unit.reading(turn.actor) as ctx:
        return making.listed(ctx, kind, scope, orders)


def drop_expired(unit: Unit, outside: Outside) -> int:
    """Let go of files whose days are over, and then of their rows; and of links whose minutes are."""
    with unit.reading(CLOCK) as ctx:
        over = exports.expired(ctx)
    for export_id, key in over:
        outside.files.drop(key)
        with unit(CLOCK) as ctx:
            exports.forget(ctx, export_id)
    with unit(CLOCK) as ctx:
        links.forget_old(ctx)
    return len(over)
