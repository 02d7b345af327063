"""The product with a planted fault, for the controls: it answers first and commits a little later."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask

from app import create_app as create_sound_app
from domain.actors import Actor
from services.assembly import Lintuan
from services.context import Ctx
from services.hot.rush import Rush
from services.transactions import Transactions

LATE_SECONDS = 0.3


class _Late(Transactions):
    """Transactions whose commit comes after the answer."""

    @contextmanager
    def __call__(self, actor: Actor) -> Iterator[Ctx]:
        session = self._sessions()
        session.begin()
        try:
            yield self._ctx(session, actor)
            session.flush()
        except BaseException:
            session.close()
            raise

        def commit() -> None:
            session.commit()
            session.close()

        threading.Timer(LATE_SECONDS, commit).start()


def create_app() -> Flask:
    """The product without a committer, its edges on late transactions."""
    app = create_sound_app()
    parts: Lintuan = app.extensions["lintuan"]
    app.extensions["lintuan"] = replace(parts, unit=_late(parts), rush=None)
    return app


def create_app_of_a_late_committer() -> Flask:
    """The product whose committer, and nothing else, is on late transactions."""
    return with_late_committer(create_sound_app())


def with_late_committer(app: Flask) -> Flask:
    """The same product, its committer on late transactions."""
    parts: Lintuan = app.extensions["lintuan"]
    rush = Rush(_late(parts), parts.clock, parts.settings.rush_waiting, parts.settings.sold_out_ms / 1000)
    app.extensions["lintuan"] = replace(parts, rush=rush)
    return app


def _late(parts: Lintuan) -> _Late:
    sound = parts.unit
    return _Late(sound.engine, parts.clock, parts.policy, parts.vault, sound._request_id)
