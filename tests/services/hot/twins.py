"""Two products that begin with the same rows: one does requests many at a time, the other one by one the plain way.

The plain one is asked in the order in which the hot one decided; then both must have said the same and hold the same.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import make_url

from app import create_app
from blueprints.shared.problems import answer_refusal
from chaos import dumps
from domain.errors import DomainError
from services.assembly import Lintuan
from services.hot.joining import Joining
from services.hot.redeeming import Redeeming
from services.hot.requests import HandOut, Join, Outcome, Said
from services.hot.rush import Rush
from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.builders.settings import test_settings

_DRAWN = re.compile(r"\b(ord|lin|out|ntf|rdm)_[0-9a-hjkmnp-tv-z]{26}\b|(?<=\"request_id\": )\"[^\"]*\"")
LEFT_OUT = ("job_runs",)


@dataclass(frozen=True, eq=False)
class Post:
    """One request of somebody, by their token."""

    path: str
    token: str
    key: str
    body: dict[str, Any]

    def to(self, app: Flask) -> tuple[int, str]:
        """Send it; the status and the text of the answer, ids that are drawn by lot left out."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": self.key, "X-Request-ID": self.key}
        answer = app.test_client().post(self.path, json=self.body, headers=headers)
        return answer.status_code, plainly(answer.get_data(as_text=True))


def plainly(text: str) -> str:
    """The text without the ids that are drawn by lot."""
    return _DRAWN.sub(lambda found: found[1] or "", text)


class _Recorder(Joining):
    """Remembers in which order joins were decided."""

    def __init__(self, unit: Transactions) -> None:
        super().__init__(unit)
        self.decided: list[Join] = []

    def _round(self, joins: Sequence[Join]) -> dict[Join, Outcome]:
        settled = super()._round(joins)
        self.decided += settled
        return settled


class _Catcher(Rush):
    """Stands where the committer would, and keeps what it was asked."""

    def __init__(self, product: Lintuan) -> None:
        super().__init__(product.unit, product.clock, most_waiting=1, sold_out_seconds=0)
        self.caught: list[Join | HandOut] = []
        self._commit = self._keep

    def _keep(self, _work: object, request: Join | HandOut) -> Outcome:
        self.caught.append(request)
        return Said(299, "")


@dataclass
class Twins:
    """The hot product and the plain one."""

    hot: Flask
    plain: Flask
    rounds: int = 0

    def unit(self, of: Flask) -> Transactions:
        """The transactions of one of them."""
        return _product(of).unit

    def batch(self, posts: Sequence[Post]) -> list[tuple[int, str]]:
        """Have the hot one do `posts` together and the plain one each alone; what both said."""
        said = self._together(posts)
        for post, answer in said.items():
            plain = post.to(self.plain)
            assert plain == answer, f"{post.body}: {answer} together, {plain} alone"
        self.compare()
        return list(said.values())

    def compare(self) -> None:
        """Both hold the same rows."""
        hot, plain = (Counter(self.rows(app)) for app in (self.hot, self.plain))
        assert hot == plain, f"together {list(hot - plain)}, alone {list(plain - hot)}"

    def both(self, act: Callable[[Transactions], object]) -> None:
        """Do something else to both."""
        for app in (self.hot, self.plain):
            act(self.unit(app))

    def rows(self, of: Flask) -> list[str]:
        """Every row of one of them, by what it says."""
        return dumps.canonical(self.unit(of).engine, without=LEFT_OUT)

    def _together(self, posts: Sequence[Post]) -> dict[Post, tuple[int, str]]:
        """What the hot one said, in the order in which it decided."""
        said: dict[Post, tuple[int, str]] = {}
        post_of: dict[Join | HandOut, Post] = {}
        for post in posts:
            catcher = _Catcher(_product(self.hot))
            with _Replaced(self.hot, catcher):
                answer = post.to(self.hot)
            if catcher.caught:
                post_of[catcher.caught[0]] = post
            else:
                said[post] = answer
        joining = _Recorder(self.unit(self.hot))
        joins = [asked for asked in post_of if isinstance(asked, Join)]
        at_desks = [asked for asked in post_of if isinstance(asked, HandOut)]
        with self.hot.app_context():
            outcomes: dict[Join | HandOut, Outcome] = dict(zip(joins, joining(joins), strict=True))
            outcomes |= zip(at_desks, Redeeming(self.unit(self.hot))(at_desks), strict=True)
        decided = dict.fromkeys([*joining.decided, *post_of])
        self.rounds += 1
        # What is left to the plain path comes after.
        for asked in sorted(decided, key=lambda asked: outcomes[asked] is None):
            said[post_of[asked]] = self._said(post_of[asked], outcomes[asked])
        return said

    def _said(self, post: Post, outcome: Outcome) -> tuple[int, str]:
        if outcome is None:
            with _Replaced(self.hot, None):
                return post.to(self.hot)
        if isinstance(outcome, Said):
            return outcome.status, plainly(outcome.text)
        return self._refused(post, outcome)

    def _refused(self, post: Post, refusal: DomainError) -> tuple[int, str]:
        with self.hot.test_request_context(post.path):
            answer = answer_refusal(refusal)
        return answer.status_code, plainly(answer.get_data(as_text=True))


class _Replaced:
    """For a while the product has another committer, or none."""

    def __init__(self, app: Flask, rush: Rush | None) -> None:
        self._app, self._rush, self._before = app, rush, _product(app)

    def __enter__(self) -> None:
        self._app.extensions["lintuan"] = replace(self._before, rush=self._rush)

    def __exit__(self, *_: object) -> None:
        self._app.extensions["lintuan"] = self._before


def _product(app: Flask) -> Lintuan:
    product: Lintuan = app.extensions["lintuan"]
    return product


def twins(hot: Flask, clock: FrozenClock, outside: PretendOutside, folder: Path, copy: Callable[[], str]) -> Twins:
    """The hot product as it stands now, and a plain one over a copy of its rows."""
    url = copy()
    plain = create_app(test_settings(folder, url, rush_waiting=0), clock=clock, outside=outside)
    return Twins(hot, plain)


def copied_file(app: Flask, folder: Path) -> str:
    """The address of a copy of an SQLite database."""
    engine = _product(app).unit.engine
    engine.dispose()
    database = make_url(str(engine.url)).database
    assert database is not None
    shutil.copyfile(database, folder / "plain.sqlite3")
    return f"sqlite:///{folder / 'plain.sqlite3'}"


def copied_database(app: Flask, create: Callable[[str], str]) -> str:
    """The address of a copy of a PostgreSQL database."""
    engine = _product(app).unit.engine
    engine.dispose()
    name = engine.url.database
    assert name is not None
    return create(name)
