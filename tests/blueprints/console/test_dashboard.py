"""The first page shows what waits and how the last weeks went, by few statements."""

from __future__ import annotations

from flask import Flask

from tests.blueprints.console.visits import visit


def test_the_dashboard_shows_pictures_of_an_empty_house(app: Flask) -> None:
    page = visit(app).get("/console")
    assert page.status_code == 200
    assert page.text.count('<svg class="chart"') == 5
    assert "看板" in page.text
