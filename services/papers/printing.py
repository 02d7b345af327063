"""A paper as one HTML page for the printer: A4, or labels of 60 x 40 mm; it loads nothing and holds no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape

from domain.money import yuan
from services.papers.table import Column, ColumnKind, Group, Paper, PaperKind, Row
from services.ports import Cell

_BASE = """
*{box-sizing:border-box}
body{margin:0;color:#000;background:#fff;font:11pt/1.45 "PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
h1{font-size:16pt;margin:0}h2{font-size:13pt;margin:0}p{margin:0}
"""
_A4 = """
@page{size:A4;margin:14mm 12mm 16mm;@bottom-center{content:"第 " counter(page) " 页，共 " counter(pages) " 页";
font-size:9pt}}
header{display:flex;justify-content:space-between;align-items:baseline;margin-bottom:4mm}
table{width:100%;border-collapse:collapse}thead{display:table-header-group}tr{break-inside:avoid}
th,td{border:.3mm solid #555;padding:1.2mm 1.8mm;text-align:left;overflow-wrap:anywhere}
th{background:#eee;white-space:nowrap}.n{text-align:right;white-space:nowrap}
tfoot td{font-weight:600}tfoot{display:table-row-group}
section{margin-bottom:6mm}
.apart section+section{break-before:page}
.slips{display:grid;grid-template-columns:1fr 1fr;gap:4mm}
.slips section{break-inside:avoid;border:.3mm dashed #555;padding:3mm;margin:0}
.wide{font-size:8.5pt}.wide th,.wide td{padding:.8mm 1mm}
"""
_WIDE = "@page{size:A4 landscape}"
_LABELS = """
@page{size:60mm 40mm;margin:0}
section{width:60mm;height:40mm;padding:2mm 3mm;overflow:hidden;break-after:page;font-size:8pt;line-height:1.2}
section:last-child{break-after:auto}
header{display:flex;justify-content:space-between;align-items:baseline;gap:2mm}
h2,p{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}h2{font-size:12pt}
header b{font-size:10pt;white-space:nowrap}p:first-of-type{font-size:10pt;font-weight:600}
ul{list-style:none;margin:1mm 0 0;padding:1mm 0 0;border-top:.3mm solid #000}
li{display:flex;justify-content:space-between;gap:2mm}li b{white-space:nowrap}
li span{overflow:hidden;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical}
"""
CONTENT_TYPE = "text/html; charset=utf-8"


def style_of(kind: PaperKind) -> str:
    """The style sheet inside the page of a paper of this kind."""
    if kind is PaperKind.LABELS:
        return _BASE + _LABELS
    return _BASE + _A4 + (_WIDE if kind is PaperKind.ROSTER else "")


def policy_of(kind: PaperKind) -> str:
    """A Content-Security-Policy under which such a page may do nothing but look as it does."""
    digest = base64.b64encode(hashlib.sha256(style_of(kind).encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'"


def page(paper: Paper) -> str:
    """The whole document; every text from people is escaped."""
    body = _labels(paper) if paper.kind is PaperKind.LABELS else _sheets(paper)
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(paper.name)}</title><style>{style_of(paper.kind)}</style></head><body>{body}</body></html>"
    )


def _sheets(paper: Paper) -> str:
    layout = {PaperKind.POINTS: "apart", PaperKind.SLIPS: "slips", PaperKind.ROSTER: "wide"}.get(paper.kind, "")
    head = f"<header><h1>{escape(paper.name)}</h1><p>{_notes(paper.notes)}</p></header>"
    if not any(group.rows for group in paper.groups):
        return f"{head}<p>没有要打印的内容。</p>"
    groups = "".join(_section(group, paper.columns) for group in paper.groups)
    return f'{head}<main class="{layout}">{groups}</main>'


def _section(group: Group, columns: tuple[Column, ...]) -> str:
    title = f"<h2>{escape(group.title)}</h2>" if group.title else ""
    notes = f"<p>{_notes(group.notes)}</p>" if group.notes else ""
    heads = "".join(f"<th{_side(column)}>{escape(column.title)}</th>" for column in columns)
    rows = "".join(f"<tr>{_cells(row, columns)}</tr>" for row in group.rows)
    foot = f"<tfoot><tr>{_cells(group.total, columns)}</tr></tfoot>" if group.total else ""
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>{foot}</table>"
    return f"<section>{title}{notes}{table}</section>"


def _cells(row: Row, columns: tuple[Column, ...]) -> str:
    pairs = zip(row, columns, strict=True)
    return "".join(f"<td{_side(column)}>{escape(_words(value, column))}</td>" for value, column in pairs)


def _side(column: Column) -> str:
    return "" if column.kind is ColumnKind.TEXT else ' class="n"'


def _words(value: Cell, column: Column) -> str:
    if column.kind is ColumnKind.MONEY and isinstance(value, int):
        return yuan(value) if value else ""
    return "" if value is None else str(value)


def _labels(paper: Paper) -> str:
    if not paper.groups:
        return "<section><p>没有要打印的袋标。</p></section>"
    return "".join(_label(group) for group in paper.groups)


def _label(group: Group) -> str:
    bag, *where = group.notes
    goods = "".join(
        f"<li><span>{escape(f'{name} {spec}')}</span><b>{units} {escape(str(unit))}</b></li>"
        for name, spec, units, unit in group.rows
    )
    lines = "".join(f"<p>{escape(line)}</p>" for line in where)
    head = f"<header><h2>{escape(group.title)}</h2><b>{escape(bag)}</b></header>"
    return f"<section>{head}{lines}<ul>{goods}</ul></section>"


def _notes(notes: Iterable[str]) -> str:
    return " · ".join(escape(note) for note in notes)
