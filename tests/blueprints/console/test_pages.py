"""Every page of the console opens for every kind of operator, empty and with things on it."""

from __future__ import annotations

import pytest
from flask import Flask

from blueprints.shared.guards import audience_of
from domain.operators import OperatorKind
from tests.blueprints.console.visits import visit


def lists(app: Flask) -> list[str]:
    """The paths of all pages that need no id."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if audience_of(app.view_functions[rule.endpoint]) == "console"
        and not rule.arguments
        and "GET" in (rule.methods or ())
    )


@pytest.mark.parametrize("kind", list(OperatorKind))
def test_every_list_opens_in_an_empty_house(app: Flask, kind: str) -> None:
    browser = visit(app, kind)
    found = {path: browser.get(path).status_code for path in lists(app)}
    assert len(found) > 20
    assert {path for path, status in found.items() if status != 200} == set()
