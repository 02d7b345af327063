"""Pictures of figures as inline SVG: no script, no inline style, colours by class so that they follow the night."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 560, 204, 70, 22, 24
SHADES = ("", " second", " third")
Series = tuple[str, Sequence[int]]


@dataclass(frozen=True)
class Chart:
    """Figures that are shown as a picture and, for whoever cannot see it, as a table: series over the same labels.

    `show` writes a value for people; `summed` says whether the values of a series make a sum, `over` what labels are.
    """

    name: str
    labels: Sequence[str]
    series: Sequence[Series]
    show: Callable[[int], str] = str
    stacked: bool = False
    summed: bool = True
    over: str = "日期"

    @property
    def picture(self) -> Markup:
        """The bars, or a word where there is nothing to be drawn."""
        return bars(self.name, self.labels, self.series, self.show, stacked=self.stacked, summed=self.summed)

    @property
    def heads(self) -> list[str]:
        """The columns of the table."""
        return [self.over, *(f"¥{name}" for name, _ in self.series)]

    @property
    def rows(self) -> list[list[str]]:
        """The table: each label with its values."""
        return [
            [label, *(self.show(values[place]) for _, values in self.series)] for place, label in enumerate(self.labels)
        ]


def bars(
    name: str, labels: Sequence[str], series: Sequence[Series], show: Callable[[int], str] = str,
    *, stacked: bool = False, summed: bool = True,
) -> Markup:  # fmt: skip
    """Bars of one or more series over the same labels, side by side or stacked; each tells its value when pointed at.

    `show` writes a value for people.
    """
    heights = [sum(values) for values in zip(*(values for _, values in series), strict=True)] if stacked else [
        value for _, values in series for value in values
    ]  # fmt: skip
    most = _round(max([1, *heights]))
    slot = (WIDTH - LEFT) / max(1, len(labels))
    drawn = [*_legend([n for n, _ in series]), *(_rule(most, share, show) for share in (0, 0.5, 1))]
    for place, label in enumerate(labels):
        drawn += _column(label, LEFT + place * slot, slot, [(n, values[place]) for n, values in series], most, show,
                         stacked=stacked)  # fmt: skip
        if len(labels) < 8 or place % 2 == (len(labels) - 1) % 2:
            drawn.append(_text(LEFT + (place + 0.5) * slot, HEIGHT - 6, label, "middle"))
    if not any(heights):
        drawn.append(_text((LEFT + WIDTH) / 2, (HEIGHT - BOTTOM + TOP) / 2, "还没有数据", "middle"))
    told = [(n, "合计", sum(values)) if summed else (n, "最高", max(values, default=0)) for n, values in series]
    words = "；".join(f"{n}{how} {show(value)}" for n, how, value in told)
    head = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
        WIDTH, HEIGHT, f"{name}：{words}"
    )
    return head + Markup("").join(drawn) + Markup("</svg>")


def _legend(names: Sequence[str]) -> list[Markup]:
    """Which shade is which, where there are several."""
    drawn: list[Markup] = []
    for number, name in enumerate(names if len(names) > 1 else ()):
        x = LEFT + number * 90
        drawn.append(Markup('<rect class="bar{}" x="{}" y="2" width="10" height="10"/>').format(SHADES[number], x))
        drawn.append(_text(x + 16, 11, name, "start"))
    return drawn


def _column(
    label: str, x: float, slot: float, parts: Sequence[tuple[str, int]], most: int, show: Callable[[int], str],
    *, stacked: bool,
) -> list[Markup]:  # fmt: skip
    room, base = HEIGHT - BOTTOM - TOP, float(HEIGHT - BOTTOM)
    width = slot * 0.7 / (1 if stacked else len(parts))
    drawn: list[Markup] = []
    for number, (name, value) in enumerate(parts):
        height = room * value / most
        left = x + slot * 0.15 + (0 if stacked else number * width)
        drawn.append(
            Markup('<rect class="bar{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>')
            .format(SHADES[number], left, base - height, width, height, f"{label} {name} {show(value)}")
        )  # fmt: skip
        base -= height if stacked else 0
    return drawn


def _rule(most: int, share: float, show: Callable[[int], str]) -> Markup:
    y = HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share
    line = Markup('<line class="rule" x1="{}" y1="{:.1f}" x2="{}" y2="{:.1f}"/>').format(LEFT, y, WIDTH, y)
    return line + _text(LEFT - 6, y + 4, show(round(most * share)), "end")


def _text(x: float, y: float, words: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(x, y, anchor, escape(words))


def _round(value: int) -> int:
    """The next even number of one figure and zeros: a scale people can read."""
    power = int("1" + "0" * (len(str(value)) - 1))
    up = -(-value // power) * power
    return up + up % 2
