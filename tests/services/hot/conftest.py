"""Twins on either database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.services.hot.twins import Twins, copied_database, copied_file, twins


@pytest.fixture
def make_twins(request: pytest.FixtureRequest, app: Flask, clock: FrozenClock, outside: PretendOutside,
               tmp_path: Path) -> Iterator[Callable[[], Twins]]:  # fmt: skip
    """`make_twins()` once the rows stand that both begin with."""
    made: list[Twins] = []

    def make() -> Twins:
        if app.extensions["lintuan"].unit.engine.dialect.name == "sqlite":
            made.append(twins(app, clock, outside, tmp_path, lambda: copied_file(app, tmp_path)))
        else:
            create = request.getfixturevalue("fresh_postgres")
            request.getfixturevalue("emptied_postgres").step_out()
            made.append(twins(app, clock, outside, tmp_path, lambda: copied_database(app, create)))
        return made[-1]

    yield make
    for pair in made:
        pair.unit(pair.plain).engine.dispose()
