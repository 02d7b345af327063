"""The results as a drawing: each workload's median with its least and greatest beside gate and aim, on a log axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

ROW, LEFT, TRACK, RIGHT, TOP, FOOT = 26, 130, 520, 230, 46, 34
COLOURS = {"held": "#2e7d32", "missed": "#c62828", "too noisy": "#9e9e9e"}
OTHER, GOOD, GRID, QUIET = "#607d8b", "#e8f5e9", "#e0e0e0", "#616161"
TICKS = (1, 2, 5)
LEGEND = "dot: median of the rounds, bar: least to greatest; solid line: gate, dashed: aim, green: within the gate"
LEAST = 0.01
"""What is less, zero included, stands at the left end of the axis."""


def draw(entries: Sequence[dict[str, Any]], verdicts: dict[str, str], title: str) -> str:
    """An SVG; ratios share one axis, and what has no floor and is counted in MiB has one of its own below."""
    groups = [[entry for entry in entries if (entry["floor"] == "none") is bare] for bare in (False, True)]
    width = LEFT + TRACK + RIGHT
    height = TOP + sum(ROW * len(group) + FOOT for group in groups if group)
    svg = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", width=str(width), height=str(height),
                      viewBox=f"0 0 {width} {height}")  # fmt: skip
    svg.set("font-family", "sans-serif")
    svg.set("font-size", "12")
    _box(svg, 0, width, 0, height, "#ffffff")
    _text(svg, 12, 18, title, weight="bold")
    _text(svg, 12, 36, LEGEND, colour=QUIET)
    top = TOP
    for group, unit in zip(groups, ("× the floor", "MiB"), strict=True):
        if group:
            axis = Axis.of(group)
            _scale(svg, axis, top, top + ROW * len(group), unit)
            for place, entry in enumerate(group):
                _row(svg, axis, top + ROW * place, entry, verdicts.get(entry["workload"], ""))
            top += ROW * len(group) + FOOT
    return ET.tostring(svg, encoding="unicode") + "\n"


@dataclass(frozen=True)
class Axis:
    """Powers of ten from `10 ** low` to `10 ** high`."""

    low: int
    high: int

    @classmethod
    def of(cls, entries: Sequence[dict[str, Any]]) -> Axis:
        """The axis that holds gates, aims and all that was measured."""
        names = ("gate", "aim", "ratio_min", "ratio_max")
        figures = [entry[name] for entry in entries for name in names if entry[name] is not None]
        shown = [figure for figure in figures if figure >= LEAST]
        return cls(math.floor(math.log10(min(shown))), math.ceil(math.log10(max(shown) * 1.01)))

    def x(self, figure: float) -> float:
        """Where a figure stands."""
        place = (math.log10(max(figure, LEAST)) - self.low) / (self.high - self.low)
        return round(LEFT + TRACK * min(max(place, 0.0), 1.0), 1)

    def ticks(self) -> list[float]:
        """The figures that are written at the axis."""
        found = [10.0**power * times for power in range(self.low, self.high) for times in TICKS]
        return [*found, 10.0**self.high]


def _scale(svg: ET.Element, axis: Axis, top: int, bottom: int, unit: str) -> None:
    for figure in axis.ticks():
        x = axis.x(figure)
        _line(svg, x, top, bottom, GRID)
        _text(svg, x, bottom + 14, f"{figure:g}", colour=QUIET, anchor="middle")
    _text(svg, LEFT + TRACK + 24, bottom + 14, unit, colour=QUIET)


def _row(svg: ET.Element, axis: Axis, top: int, entry: dict[str, Any], verdict: str) -> None:
    gate, aim, median = axis.x(entry["gate"]), axis.x(entry["aim"]), entry["ratio_median"]
    colour = COLOURS.get(verdict, OTHER)
    left, right = (gate, LEFT + TRACK) if entry["aim"] > entry["gate"] else (LEFT, gate)
    _box(svg, left, right, top + 4, 18, GOOD)
    _line(svg, gate, top + 2, top + 24, "#000000")
    _line(svg, aim, top + 2, top + 24, "#000000", dashes="3 2")
    _text(svg, 12, top + 17, entry["workload"])
    if median is not None:
        least, most = axis.x(entry["ratio_min"]), axis.x(entry["ratio_max"])
        _box(svg, least, max(most, least + 1), top + 11, 4, colour)
        ET.SubElement(svg, "circle", cx=str(axis.x(median)), cy=str(top + 13), r="5", fill=colour)
    figure = "-" if median is None else f"{median:.3g}"
    _text(svg, LEFT + TRACK + 24, top + 17, f"{figure}  {verdict}"[:34], colour=colour)


def _line(svg: ET.Element, x: float, top: float, bottom: float, colour: str, dashes: str = "") -> None:
    ET.SubElement(svg, "line", {"x1": str(x), "x2": str(x), "y1": str(top), "y2": str(bottom), "stroke": colour,
                                 "stroke-dasharray": dashes})  # fmt: skip


def _box(svg: ET.Element, left: float, right: float, top: float, height: float, colour: str) -> None:
    ET.SubElement(svg, "rect", x=str(left), y=str(top), width=str(round(right - left, 1)), height=str(height),
                   fill=colour)  # fmt: skip


def _text(svg: ET.Element, x: float, y: float, words: str, *, colour: str = "#000000", weight: str = "normal",
          anchor: str = "start") -> None:  # fmt: skip
    text = ET.SubElement(svg, "text", {"x": str(x), "y": str(y), "fill": colour, "font-weight": weight,
                                        "text-anchor": anchor})  # fmt: skip
    text.text = words
