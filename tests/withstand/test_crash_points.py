"""A process killed at any statement or outbound call of any use case, and started again, ends like one that was not."""

from __future__ import annotations

from pathlib import Path

from chaos.points import run
from chaos.points.use_cases import writing_use_cases

STRIDE = 300


def test_every_use_case_that_writes_has_a_story_and_a_kill_leaves_no_trace(sqlite_url: str) -> None:
    found = run.in_process(sqlite_url, run.whole(), STRIDE)
    print(f"{found['points']} points, killed at {found['killed']} of them")  # noqa: T201 - the figure is the report
    assert run.untold(found) == [], "these write, and no story reaches them: give them one in chaos/points/stories"
    assert found["killed"] > found["points"] // STRIDE // 2
    assert found["differed"] == []


def test_a_kill_in_a_batch_leaves_no_trace_on_postgresql(postgres_url: str) -> None:
    found = run.in_process(postgres_url, run.whole("rushing_to_fetch"), 25)
    assert found["killed"]
    assert found["differed"] == []


def test_without_transactions_a_kill_leaves_a_trace(sqlite_url: str) -> None:
    assert run.in_process(sqlite_url, run.whole("at_the_desk"), 15, careless=True)["differed"]


def test_a_use_case_that_no_story_reaches_is_named() -> None:
    everything = {"wrote": writing_use_cases()}
    assert run.untold(everything) == []
    assert run.NO_STORY.keys() <= set(everything["wrote"])
    everything["wrote"].remove("services.ordering.place")
    assert run.untold(everything) == ["services.ordering.place"]


def test_a_new_use_case_is_picked_up_by_itself(tmp_path: Path) -> None:
    _write(tmp_path, "services/giving.py",
           "def give(ctx: Ctx, what: str) -> None:\n    _write(ctx, what)\n\n\n"
           "def look(ctx: Ctx) -> int:\n    return 1\n\n\n"
           "def unasked(ctx: Ctx) -> None:\n    _write(ctx, '')\n\n\n"
           "def _write(ctx: Ctx, what: str) -> None:\n    ctx.session.add(what)\n")  # fmt: skip
    _write(tmp_path, "blueprints/gifts.py",
           "from services import giving\n\n\n"
           "def post(ctx):\n    giving.give(ctx, 'x')\n    giving.look(ctx)\n")  # fmt: skip
    assert writing_use_cases(tmp_path) == ["services.giving.give"]


def test_what_a_new_batch_does_is_picked_up_too(tmp_path: Path) -> None:
    _write(tmp_path, "services/batches.py",
           "GIVE = Bulk('INSERT INTO gifts SELECT * FROM {rows}')\n\n\n"
           "class Giving:\n    def __call__(self, what):\n        GIVE(what)\n\n\n"
           "class Batches:\n    def __init__(self):\n        self._giving = Giving()\n\n"
           "    def give(self, what):\n        self._commit(self._giving, what)\n\n"
           "    def look(self):\n        return 1\n")  # fmt: skip
    _write(tmp_path, "services/assembly.py",
           "from services.batches import Batches\n\n\nclass Lintuan:\n    batches: Batches | None\n")  # fmt: skip
    _write(tmp_path, "blueprints/gifts.py",
           "def post(product):\n    product.batches.give('x')\n    product.batches.look()\n")  # fmt: skip
    assert writing_use_cases(tmp_path) == ["services.batches.Batches.give"]


def _write(root: Path, name: str, text: str) -> None:
    file = root / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
