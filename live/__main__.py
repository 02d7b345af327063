"""`python -m live`: put the parts of the live process together and serve until SIGTERM or Ctrl-C."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Collection, Mapping

from sqlalchemy import Engine, create_engine

from config import logging
from config.settings import Settings, from_environment
from live import server
from live.hub import Event, event_of
from models.base import ping_the_idle
from models.sqlite import teach_sqlite
from services.hot import live_counts
from services.transactions import glances

SPARE_FILES = 64
LOOK_MILLISECONDS = 2000  # a count that comes later than this is of no use to anybody


def main() -> None:
    """Serve by the settings of the environment."""
    settings = from_environment()
    logging.configure(settings.log_level)
    _allow_files(settings.live_streams + server.SPARE_CONNECTIONS + SPARE_FILES)
    terms = server.Terms(settings.live_streams, settings.live_poll_ms / 1000, settings.public_url.rstrip("/"))
    engine = glances(engine_of(settings))

    def look(ids: Collection[str]) -> Mapping[str, Event]:
        with engine.connect() as reads:
            return {name: event_of(count) for name, count in live_counts.counts(reads, ids).items()}

    asyncio.run(server.serve(settings.host, settings.live_port, look, logging.tell_request, terms))


def engine_of(settings: Settings) -> Engine:
    """One connection to the product's database, for one thread that only reads."""
    how: dict[str, object] = {"pool_size": 1, "max_overflow": 0, "hide_parameters": True}
    if not settings.sqlalchemy_url.startswith("sqlite"):
        how["connect_args"] = {"options": f"-c timezone=UTC -c statement_timeout={LOOK_MILLISECONDS}"}
    engine = create_engine(settings.sqlalchemy_url, **how)
    teach_sqlite(engine)
    ping_the_idle(engine)
    return engine


def _allow_files(wanted: int) -> None:
    """A stream is an open file; take as many as the system lets this process have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


if __name__ == "__main__":
    main()
