"""`python -m benchmarks [part …]`: measure each workload, print a table, keep the results and draw them.

Without parts, what was judged at the present state of the code is not measured again, so that a run that was cut short
goes on where it stopped. Smaller runs (`--seconds`, `--size`) only print.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import time
from dataclasses import dataclass
from types import FrameType
from typing import Any

import psycopg
import structlog
from sqlalchemy.exc import SQLAlchemyError

from benchmarks import picture, results
from benchmarks.load import Broken
from benchmarks.machine import NotDurable, on_disk, settings_of
from benchmarks.measuring import Round, take_rounds
from benchmarks.pgbench import FloorBroke
from benchmarks.plan import NotMeasured, Plan, Setting, Workload
from benchmarks.registry import WORKLOADS, chosen
from benchmarks.results import Book, Result
from benchmarks.table import table
from stack.processes import DidNotStart

ORDER = [workload.name for workload in WORKLOADS]
TROUBLE = (NotMeasured, NotDurable, FloorBroke, Broken, DidNotStart, SQLAlchemyError, psycopg.Error, OSError)
"""What ends one workload and not the run."""


def main(arguments: list[str] | None = None) -> int:
    """Measure what was asked for; 0 unless something broke an invariant or could not be measured."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(dict.fromkeys(w.part for w in WORKLOADS))}")
    parser.add_argument("--rounds", type=int, default=Plan.rounds)
    parser.add_argument("--seconds", type=float, default=Plan.seconds, help="of each load")
    parser.add_argument("--size", type=float, default=Plan.size, help="the part of rows and connections, 1 for all")
    told = parser.parse_args(arguments)
    plan, book = Plan(told.rounds, told.seconds, told.size), Book()
    logging.basicConfig(level=logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    found: list[Result] = []
    for workload in chosen(told.parts):
        if not told.parts and plan.full and book.stands(workload.name):
            print(f"{workload.name}: judged, and nothing it holds for has changed")
            continue
        result, settings = measure(workload, plan)
        found.append(result)
        if plan.full:
            book.keep(result, settings, ORDER)
    _show(found, book, plan)
    return 1 if any(result.entry["invariants_ok"] is False or _failed(result) for result in found) else 0


def _failed(result: Result) -> bool:
    return result.verdict.startswith("not measured")


def measure(workload: Workload, plan: Plan) -> tuple[Result, dict[str, str]]:
    """One workload on servers of its own, telling of each round; with the settings that were read back."""
    print(f"\n{workload.name}: {workload.title} ÷ {workload.floor}", flush=True)
    settings: dict[str, str] = {}
    began = time.monotonic()
    try:
        with on_disk() as machine:
            settings = settings_of(machine.server.url())
            settings["sqlite_synchronous"] = settings_of(machine.sqlite("settings"))["synchronous"]
            setting = Setting(machine, plan)
            with workload.set_up(setting) as sides:
                measured = take_rounds(plan.rounds, sides.floor, sides.ours, sides.broken, _Progress(workload, plan))
        setting.facts["took_seconds"] = round(time.monotonic() - began)
        result = results.of(workload, measured, plan, setting.facts)
    except TROUBLE as why:
        print(f"  {type(why).__name__}: {why}", file=sys.stderr)
        result = results.without(workload, f"not measured: {type(why).__name__}")
    for name, told in result.facts.items():
        print(f"  {name}: {_words(told)}")
    print(f"  {result.verdict}", flush=True)
    return result, settings


def _words(told: Any) -> str:
    figures = told if isinstance(told, list) else [told]
    return " ".join(f"{one:.4g}" if isinstance(one, float) else str(one) for one in figures)


@dataclass
class _Progress:
    """Prints each round as it ends."""

    workload: Workload
    plan: Plan
    taken: int = 0

    def __call__(self, this: Round) -> None:
        self.taken += 1
        floors = "" if self.workload.floor == "none" else f"floor {this.floor_before:.4g} and {this.floor_after:.4g}, "
        broken = f"  BROKE {', '.join(this.broken)}" if this.broken else ""
        ratio = f"ratio {this.ratio:.3g} {self.workload.unit}"
        print(f"  {self.taken}/{self.plan.rounds}: {floors}ours {this.ours:.4g}, {ratio}{broken}", flush=True)


def _show(found: list[Result], book: Book, plan: Plan) -> None:
    if not plan.full:
        print("\n" + table([result.entry for result in found], {r.entry["workload"]: r.verdict for r in found}))
        print("\na small run: nothing is judged or kept")
        return
    kept = book.read()
    verdicts = {name: told["verdict"] for name, told in kept["measured"].items()}
    print("\n" + table(kept["results"], verdicts))
    drawing = book.file.with_suffix(".svg")
    title = f"Lintuan ÷ floors of this machine, {kept['cores']} cores, {kept['commit'][:12]}"
    drawing.write_text(picture.draw(kept["results"], verdicts, title), encoding="utf-8")
    print(f"\n{book.file.relative_to(book.file.parents[2])}, {drawing.name}")


def _leave(number: int, _frame: FrameType | None) -> None:
    """End as by an exception, so that every server that was started ends as well."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _leave)
    sys.exit(main())
