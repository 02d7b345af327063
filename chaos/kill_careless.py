"""The product with a planted fault, for the control: it answers first and commits a little later."""

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
    """The product, its edges on late transactions."""
    app = create_sound_app()
    parts: Lintuan = app.extensions["lintuan"]
    sound = parts.unit
    late = _Late(sound.engine, parts.clock, parts.policy, parts.vault, sound._request_id)
    app.extensions["lintuan"] = replace(parts, unit=late)
    return app
