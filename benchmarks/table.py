"""The results as a table on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

HEADER = ("workload", "floor", "gate", "aim", "median", "min", "max", "rounds", "noise", "verdict")


def table(entries: Sequence[dict[str, Any]], verdicts: dict[str, str]) -> str:
    """Aligned lines, one a workload, under a header."""
    rows = [HEADER, *(_row(entry, verdicts.get(entry["workload"], "")) for entry in entries)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADER))]
    return "\n".join("  ".join(_aligned(row, widths)).rstrip() for row in rows)


def _aligned(row: tuple[str, ...], widths: Sequence[int]) -> list[str]:
    words = {0, 1, len(HEADER) - 1}
    return [
        text.ljust(width) if place in words else text.rjust(width)
        for place, (text, width) in enumerate(zip(row, widths, strict=True))
    ]


def _row(entry: dict[str, Any], verdict: str) -> tuple[str, ...]:
    noise = entry["floor_noise"]
    return (
        entry["workload"], entry["floor"], f"{entry['gate']:g}", f"{entry['aim']:g}",
        *(_number(entry[name]) for name in ("ratio_median", "ratio_min", "ratio_max")),
        str(entry["rounds"]), "-" if noise is None else f"{noise:.0%}", verdict,
    )  # fmt: skip


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"
