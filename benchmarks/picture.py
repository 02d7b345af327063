"""The results as a drawing: each workload's ratio with its least and greatest, beside its gate and its aim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

ROW, LEFT, TRACK, RIGHT, TOP = 26, 150, 480, 210, 44
COLOURS = {"held": "#2e7d32", "missed": "#c62828", "too noisy": "#9e9e9e"}
OTHER = "#607d8b"


def draw(entries: Sequence[dict[str, Any]], verdicts: dict[str, str], title: str) -> str:
    """An SVG; every row has a scale of its own, from 0 to a little beyond the greatest of its figures."""
    width, height = LEFT + TRACK + RIGHT, TOP + ROW * len(entries) + 12
    svg = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", width=str(width), height=str(height),
                      viewBox=f"0 0 {width} {height}")  # fmt: skip
    svg.set("font-family", "sans-serif")
    svg.set("font-size", "12")
    ET.SubElement(svg, "rect", width=str(width), height=str(height), fill="#ffffff")
    _text(svg, 12, 18, title, weight="bold")
    _text(svg, 12, 34, "bar: median, line: least to greatest, | gate, ¦ aim", colour="#616161")
    for place, entry in enumerate(entries):
        _row(svg, TOP + ROW * place, entry, verdicts.get(entry["workload"], ""))
    return ET.tostring(svg, encoding="unicode") + "\n"


def _row(svg: ET.Element, top: int, entry: dict[str, Any], verdict: str) -> None:
    median, least, most = (entry[name] for name in ("ratio_median", "ratio_min", "ratio_max"))
    end = max(entry["gate"], entry["aim"], most or 0) * 1.08
    colour = COLOURS.get(verdict, OTHER)
    _text(svg, 12, top + 16, entry["workload"])
    _box(svg, 0, end, end, top + 5, 14, "#eceff1")
    if median is not None:
        _box(svg, 0, median, end, top + 5, 14, colour)
        _box(svg, least, most, end, top + 11, 2, "#000000")
    for figure, dashes in ((entry["gate"], ""), (entry["aim"], "3 2")):
        x = str(_x(figure, end))
        ET.SubElement(svg, "line", {"x1": x, "x2": x, "y1": str(top + 2), "y2": str(top + 22), "stroke": "#000000",
                                     "stroke-dasharray": dashes})  # fmt: skip
    _text(svg, LEFT + TRACK + 12, top + 16, f"{'-' if median is None else f'{median:.3g}'}  {verdict}"[:34], colour)


def _x(figure: float, end: float) -> float:
    return round(LEFT + TRACK * min(max(figure, 0.0), end) / end, 1)


def _box(svg: ET.Element, start: float, stop: float, end: float, y: int, height: int, colour: str) -> None:
    left, right = _x(start, end), _x(stop, end)
    ET.SubElement(svg, "rect", x=str(left), y=str(y), width=str(max(0.5, round(right - left, 1))), height=str(height),
                   fill=colour)  # fmt: skip


def _text(svg: ET.Element, x: int, y: int, words: str, colour: str = "#000000", weight: str = "normal") -> None:
    text = ET.SubElement(svg, "text", {"x": str(x), "y": str(y), "fill": colour, "font-weight": weight})
    text.text = words
