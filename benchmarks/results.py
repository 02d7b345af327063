"""benchmarks/results/latest.json: one entry a workload, with commit and settings beside them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measuring import Measured, judge
from benchmarks.plan import Facts, Plan, Workload
from chaos import holding

FOLDER = Path(__file__).parent / "results"
PATHS = (
    "app.py", "blueprints", "bots", "config", "domain", "integrations", "jobs", "live", "migrations", "models",
    "services", "stack", "benchmarks/floors", "benchmarks/seeding", "benchmarks/workloads", "benchmarks/bare.py",
    "benchmarks/load.py", "benchmarks/machine.py", "benchmarks/measuring.py", "benchmarks/pgbench.py",
    "benchmarks/processes.py", "benchmarks/product.py", "benchmarks/real_bare.py", "benchmarks/watchers.py",
    "benchmarks/wire.py",
)  # fmt: skip
"""What a result holds for: it stands until one of these changes."""
JUDGED = ("held", "missed")


@dataclass(frozen=True)
class Result:
    """One workload's outcome: its line of the list, the verdict in words, and what else it told."""

    entry: dict[str, Any]
    verdict: str
    facts: Facts = field(default_factory=dict)


def of(workload: Workload, measured: Measured, plan: Plan, facts: Facts) -> Result:
    """The outcome of a measured workload; one that broke an invariant has no ratio."""
    verdict = judge(measured, workload.gate, workload.better, plan.full)
    entry = _entry(workload, len(measured.rounds), round(measured.floor_noise, 4), not measured.broken)
    if not measured.broken:
        ratios = measured.ratios
        entry |= {
            "ratio_median": round(median(ratios), 4), "ratio_min": round(min(ratios), 4),
            "ratio_max": round(max(ratios), 4),
        }  # fmt: skip
    told = {**facts, "ratios": [round(ratio, 4) for ratio in measured.ratios]}
    return Result(entry, verdict, {**told, "broken": measured.broken} if measured.broken else told)


def without(workload: Workload, why: str) -> Result:
    """The outcome of a workload that could not be measured, and why."""
    return Result(_entry(workload, 0, None, None), why)


def _entry(workload: Workload, rounds: int, noise: float | None, invariants_ok: bool | None) -> dict[str, Any]:
    return {
        "workload": workload.name, "floor": workload.floor, "gate": workload.gate, "aim": workload.aim,
        "ratio_median": None, "ratio_min": None, "ratio_max": None, "rounds": rounds, "floor_noise": noise,
        "invariants_ok": invariants_ok,
    }  # fmt: skip


@dataclass
class Book:
    """The file as it stands; `keep` replaces one workload's entry and leaves the others."""

    file: Path = FOLDER / "latest.json"
    paths: tuple[str, ...] = PATHS

    def read(self) -> dict[str, Any]:
        """What is kept, an empty book when nothing is."""
        empty: dict[str, Any] = {"results": [], "measured": {}}
        return json.loads(self.file.read_text(encoding="utf-8")) if self.file.exists() else empty

    def stands(self, name: str) -> bool:
        """Whether the workload was judged at the present state of what it holds for."""
        known = self.read()["measured"].get(name, {})
        return known.get("verdict") in JUDGED and known["holds_for"] == holding.holds_for(self.paths)

    def keep(self, result: Result, settings: dict[str, str], order: list[str]) -> None:
        """Write the outcome down; `order` is the order of the list, `settings` were read back from the databases."""
        known = self.read()
        name = result.entry["workload"]
        entries = {entry["workload"]: entry for entry in known["results"]} | {name: result.entry}
        holds_for, commit = holding.holds_for(self.paths), holding.commit()
        known["measured"][name] = {
            "commit": commit, "holds_for": holds_for, "changed_paths": holding.changed(self.paths),
            "at": datetime.now(UTC).isoformat(timespec="seconds"), "verdict": result.verdict, **result.facts,
        }  # fmt: skip
        book = {
            "commit": commit, "holds_for": holds_for, "cores": os.cpu_count(), **settings,
            "results": [entries[name] for name in order if name in entries],
            "measured": {name: known["measured"][name] for name in order if name in known["measured"]},
        }  # fmt: skip
        self.file.parent.mkdir(exist_ok=True)
        self.file.write_text(json.dumps(book, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
