"""kill -9 of the served product under load: what was acknowledged is there after each restart, and nothing twice.

A run is made of towns that live through some kills each, come to rest and are judged; one that was cut short goes on
with the next town.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

from chaos import holding
from chaos.databases import copied
from chaos.kill_databases import durability, waiting_for_disk
from chaos.kill_product import CARELESS
from chaos.kill_promises import broken
from chaos.kill_rest import at_rest
from chaos.kill_town import Town, town
from services.assembly import Lintuan
from services.flows import refunding
from tests.integrations.sandbox_process import running_sandbox
from tests.servers.shared_run import REPOSITORY

TOWNS, KILLS, WORKERS, WAITING = 8, 25, 2, 60
LIVES = range(10, 61)
"""How many promises a generation of the product lives to make; the control's is slow and dies sooner."""
SHORT_LIVES = range(3, 6)
PATIENCE_SECONDS = 300.0
PATHS = (
    *holding.SERVED, "chaos/kill.py", "chaos/kill_customers.py", "chaos/kill_product.py", "chaos/kill_promises.py",
    "chaos/kill_rest.py", "chaos/kill_stall.py", "chaos/kill_town.py", "constraints.txt",
)  # fmt: skip
KEPT = REPOSITORY / "var" / "chaos"


def kills(place: Town, count: int, seed: int, lives: range = LIVES) -> list[str]:
    """Start the product, let it work and kill it, that many times; everything that was wrong, each with its kill."""
    parts: Lintuan = place.app.extensions["lintuan"]
    chance = random.Random(f"kill-{seed}")  # noqa: S311 - the same lives each time
    found: list[str] = []
    for number in range(count):
        before = len(place.promises.kept)
        place.product.start()
        place.repeat()
        if not place.busy_until(before + chance.choice(lives), PATIENCE_SECONDS):
            found.append(f"kill {number}: too few answers in {PATIENCE_SECONDS:.0f} s")
        wrong = broken(place.unit, place.promises.kept[before:])
        refunding.submit_due(place.unit, parts.outside)  # their notices come while the next generation works
        found += [f"kill {number}: {words}" for words in wrong]
    return found


def live(url: str, folder: Path, seed: int) -> dict[str, Any]:
    """One town, killed `KILLS` times and judged at rest; the same people and wishes each time for its seed."""
    (folder / "sandbox").mkdir(parents=True)
    with (
        copied(url) as copy,
        running_sandbox(folder / "sandbox") as stage,
        town(copy, folder / "product", stage, WORKERS, WAITING, seed) as place,
    ):
        wrong = [*kills(place, KILLS, seed), *at_rest(place)]
        promises = Counter(one.kind for one in place.promises.kept)
    return {"kills": KILLS, "promises": promises, "answers": place.told, "wrong": [f"town {seed}, {w}" for w in wrong]}


def control(url: str, folder: Path) -> list[str]:
    """What is found wrong with a product that answers before it commits."""
    (folder / "sandbox").mkdir(parents=True)
    with (
        copied(url) as copy,
        running_sandbox(folder / "sandbox") as stage,
        town(copy, folder / "product", stage, WORKERS, 1, 0, CARELESS) as place,
    ):
        return kills(place, 2, 0, SHORT_LIVES)


def run(url: str, folder: Path) -> dict[str, Any]:
    """200 kills on the kind of database at `url`, and the control; what was promised and what was not kept."""
    kind = url.partition(":")[0].partition("+")[0]
    with waiting_for_disk(url, folder) as disk:
        waits = durability(disk)
        towns = _kept(kind)
        for number in range(len(towns), TOWNS):
            towns.append(live(disk, folder / f"town-{number}", number))
            _keep(kind, towns)
            print(f"kill on {kind}: {sum(one['kills'] for one in towns)} kills", flush=True)
        lost = control(disk, folder / "control")
    wrong = [words for one in towns for words in one["wrong"]]
    sums = {name: dict(sum((Counter(one[name]) for one in towns), Counter())) for name in ("promises", "answers")}
    return {"held": not wrong and bool(lost), **waits, "workers": WORKERS,
            "kills": sum(one["kills"] for one in towns), **sums, "wrong": wrong[:20], "control_wrong": len(lost),
            "control_first": lost[:3]}  # fmt: skip


def _kept(kind: str) -> list[dict[str, Any]]:
    """Towns that were judged before, while nothing they hold for has changed; from the first that broke on, anew."""
    file = KEPT / f"kill-{kind}.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    towns = known["towns"] if known.get("holds_for") == holding.holds_for(PATHS) else []
    sound = [one for one in towns if not one["wrong"]]
    return sound if len(sound) == len(towns) else []


def _keep(kind: str, towns: list[dict[str, Any]]) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = {"holds_for": holding.holds_for(PATHS), "towns": towns}
    (KEPT / f"kill-{kind}.json").write_text(json.dumps(kept))
