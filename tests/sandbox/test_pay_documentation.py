"""What the sandbox offers is written down."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from sandbox.knobs import KNOBS
from sandbox.pay.bills.errors import ERRORS
from sandbox.pay.planted import KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()
CORE = ("clock", "knobs", "people", "pay", "subscribe", "wxacode", "shipping")


def test_every_knob_and_planted_difference_is_documented() -> None:
    assert [name for name in [*KNOBS, *KINDS, *ERRORS] if f"`{name}`" not in PAGE] == []


def test_every_control_address_of_the_core_is_documented(sandbox_app: Flask) -> None:
    rules = [rule for rule in sandbox_app.url_map.iter_rules() if rule.endpoint.split(".")[0] in CORE]
    addresses = [
        f"{method} {rule.rule}"
        for rule in rules
        for method in {"GET", "POST"} & (rule.methods or set())
        if rule.rule.startswith("/control")
    ]
    assert len(addresses) > 15
    assert [address for address in addresses if address not in PAGE] == []
