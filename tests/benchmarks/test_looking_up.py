"""The desk's field in miniature: every kind of proof finds its person, and no look reads through all that waits."""

from __future__ import annotations

import pytest

from benchmarks.looking_up import ask, desk, take_lease
from benchmarks.machine import Machine
from benchmarks.plan import NotMeasured, Plan, Setting
from tests.benchmarks.conftest import serve_here


def test_each_kind_of_proof_is_measured_and_finds_its_person(machine: Machine) -> None:
    with desk(Setting(machine, Plan(), serve=serve_here), 60) as (port, token, bodies):
        found = [ask(port, token, proof, some, 5) for proof, some in bodies.items()]
        assert [took.proof for took in found] == [
            "code", "qr", "roster_number", "phone_tail", "payment_id", "order_id",
        ]  # fmt: skip
        assert all(0 < took.p50 <= took.p95 for took in found)
        assert take_lease(port, token).p50 > 0
        with pytest.raises(NotMeasured, match="404"):
            ask(port, token, "code", [{"code": "00000000"}], 1)
