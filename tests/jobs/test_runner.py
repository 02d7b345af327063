"""The runner wakes sweeps, survives a failing one, and notes what happened."""

from __future__ import annotations

import re
import threading

import pytest
from flask import Flask
from sqlalchemy import select

from domain.errors import Busy
from jobs.runner import Runner, serve
from jobs.schedule import SCHEDULE, Job, each, inside
from models import JobRun
from services.context import Ctx, Unit
from services.ports import Outside
from services.transactions import Transactions


def job(sweep: object, name: str = "tests.do_nothing") -> Job:
    return Job(name, 1, sweep, "something for a test")  # type: ignore[arg-type]  # tests hand in lambdas


@pytest.fixture
def runner(unit: Transactions, outside: Outside) -> Runner:
    return Runner(SCHEDULE, unit, outside)


def test_sweeps_are_named_by_area_and_verb(app: Flask) -> None:
    schedule = app.extensions["lintuan-schedule"]
    names = [one.name for one in schedule]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", name) for name in names)
    assert all(one.does and one.seconds > 0 for one in schedule)


def test_every_sweep_runs_on_an_empty_product(app: Flask, unit: Transactions, outside: Outside) -> None:
    assert Runner(app.extensions["lintuan-schedule"], unit, outside).run_all() == 0


def test_a_failing_sweep_is_noted_and_stops_nobody(runner: Runner, unit: Transactions) -> None:
    def fail(_unit: Unit, _outside: Outside) -> int:
        raise RuntimeError("a test's own failure")

    assert runner.run(job(fail, "tests.fail")) == 0
    assert runner.run(job(lambda unit, outside: 3, "tests.succeed")) == 3
    with unit.reading() as ctx:
        runs = {run.name: (run.handled, run.failed) for run in ctx.session.scalars(select(JobRun))}
    assert runs == {"tests.fail": (0, 1), "tests.succeed": (3, 0)}


def test_an_idle_sweep_writes_no_more_than_a_note_now_and_then(runner: Runner, unit: Transactions) -> None:
    for _ in range(3):
        runner.run(job(lambda unit, outside: 0))
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(JobRun.handled)).all() == [0]


def test_one_refused_thing_does_not_stop_the_others(unit: Transactions, outside: Outside) -> None:
    done = []

    def act(_ctx: Ctx, number: int) -> bool:
        if number == 2:
            raise Busy
        done.append(number)
        return True

    assert each(lambda ctx, limit: [1, 2, 3], act)(unit, outside) == 2
    assert done == [1, 3]


def test_one_sick_row_keeps_no_other_waiting_and_is_told_of(unit: Transactions, outside: Outside) -> None:
    done = []

    def act(_ctx: Ctx, number: int) -> bool:
        if number == 1:
            raise RuntimeError("a test's own failure")
        done.append(number)
        return True

    with pytest.raises(RuntimeError):
        each(lambda ctx, limit: [1, 2, 3], act)(unit, outside)
    assert done == [2, 3]


def test_sweeps_that_wait_for_a_silent_outside_leave_the_others_room(unit: Transactions, outside: Outside) -> None:
    answered, stop = threading.Event(), threading.Event()

    def wait(_unit: Unit, _outside: Outside) -> int:
        return int(answered.wait(30))

    def close(_unit: Unit, _outside: Outside) -> int:
        answered.set()
        stop.set()
        return 1

    calling = [job(wait, f"tests.call_{number}") for number in range(6)]
    serve(Runner([*calling, job(close, "tests.close")], unit, outside), stop)
    with unit.reading() as ctx:
        handled = ctx.session.scalars(select(JobRun.handled).where(JobRun.name != "tests.close")).all()
        assert handled and 0 not in handled, "the close came only when the callers had given up"


def test_a_sweep_in_one_transaction_commits_what_it_did(unit: Transactions, outside: Outside) -> None:
    def act(ctx: Ctx) -> int:
        ctx.session.add(JobRun(name="tests.kept", started_at=ctx.now, handled=1, failed=0))
        return 1

    assert inside(act)(unit, outside) == 1
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(JobRun.name)).all() == ["tests.kept"]


def test_the_scheduler_wakes_sweeps_until_it_is_told_to_stop(unit: Transactions, outside: Outside) -> None:
    stop = threading.Event()

    def once(_unit: Unit, _outside: Outside) -> int:
        stop.set()
        return 1

    serve(Runner([job(once)], unit, outside), stop)
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(JobRun.handled)).one() >= 1
