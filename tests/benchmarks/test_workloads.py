"""Each workload once in miniature: it measures, breaks nothing, and its answers are what the database holds."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import product
from benchmarks.load import Told
from benchmarks.machine import Machine, NotDurable, refuse_unless_durable, settings_of
from benchmarks.measuring import take_rounds
from benchmarks.plan import NotMeasured, Plan, Setting
from benchmarks.registry import WORKLOADS, chosen
from benchmarks.workloads import joining
from benchmarks.workloads.live import lateness
from tests.benchmarks.conftest import serve_here

MINIATURE = Plan(rounds=1, seconds=0.15, size=0.001)
TWICE = {"W1-256", "W1-on_pickup", "W4-cold", "growth-join", "growth-page", "memory-idle"}
"""Their code runs in a kindred workload of the table."""
ONCE = [w.name for w in WORKLOADS if w.name not in TWICE]


@pytest.mark.parametrize("name", ONCE)
def test_a_workload_measures_and_breaks_nothing(machine: Machine, name: str) -> None:
    (workload,) = chosen([name])
    setting = Setting(machine, MINIATURE, serve=serve_here)
    with workload.set_up(setting) as sides:
        measured = take_rounds(1, sides.floor, sides.ours, sides.broken, lambda _: None)
    assert measured.broken == []
    assert len(measured.rounds) == 1


def test_a_watcher_is_late_from_the_answer_to_the_first_join_it_did_not_know() -> None:
    answered = [1.0, 1.1, 1.2, 1.3]
    prompt, slow = [(0.5, 0), (1.05, 1), (1.35, 4)], [(0.5, 0), (1.5, 4)]
    assert lateness(answered, [prompt, slow]) == pytest.approx([0.05, 0.25, 0.5])
    with pytest.raises(NotMeasured, match="1 of 4"):
        lateness(answered, [prompt, slow[:1] + prompt[1:2]])


def test_the_product_is_served_by_several_processes_that_all_answer(machine: Machine, tmp_path: Path) -> None:
    with product.serving(tmp_path, product.BARE, {}, workers=2, threads=2) as served:
        assert len(served.workers()) == 2


def test_an_answer_without_its_order_would_be_seen(machine: Machine) -> None:
    unit = product.transactions(machine.postgresql())
    nowhere = SimpleNamespace(campaign_id=1)
    assert joining.missing(unit, nowhere, 0) == ()  # type: ignore[arg-type]  # it asks for the number only
    assert joining.missing(unit, nowhere, 1) == ("1 answers, 0 orders of 0 residents",)  # type: ignore[arg-type]  # the same


def test_another_answer_than_the_wanted_one_is_no_measurement(machine: Machine) -> None:
    heard = Told(seconds=1)
    heard.all.update({201: 3, 503: 1})
    with pytest.raises(NotMeasured, match="503"):
        joining.told(Setting(machine, MINIATURE), heard, 201)


def test_a_server_that_does_not_wait_for_the_disk_is_refused(machine: Machine, tmp_path: Path) -> None:
    careless = {**settings_of(machine.server.url()), "fsync": "off"}
    with pytest.raises(NotDurable, match="fsync"):
        refuse_unless_durable(careless)
    refuse_unless_durable(settings_of(f"sqlite:///{tmp_path / 'any.sqlite3'}"))
    with pytest.raises(NotDurable, match="synchronous"):
        refuse_unless_durable({"journal_mode": "delete", "synchronous": "2"})


def test_parts_are_asked_for_by_their_name_or_their_kind() -> None:
    assert [w.name for w in chosen(["W4"])] == ["W4-hot", "W4-cold"]
    assert [w.name for w in chosen(["growth-join", "W2"])] == ["W2", "growth-join"]
    assert len(chosen([])) == len(WORKLOADS)
    with pytest.raises(KeyError, match="W77"):
        chosen(["W77"])
