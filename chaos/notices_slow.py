"""A database that is half a second slower: each transaction that hears a notice waits so long in its commit.

What makes a database slow for every writer at once is the disk that its commits wait for, and locks stay held while
they wait. A deferred trigger waits at just that place, once per transaction, however many notices it takes. A reader
does not wait. (Half a second on each round trip would be another matter: a far-away database, which nobody has who runs
both on one machine.)
"""

from __future__ import annotations

from sqlalchemy import Engine, text

_SLOW = """
CREATE FUNCTION chaos_wait_in_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('chaos.waited_in', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM set_config('chaos.waited_in', pg_current_xact_id()::text, false), pg_sleep({seconds});
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER chaos_slow_commit AFTER INSERT OR UPDATE ON gateway_events
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chaos_wait_in_commit();
"""


def slow_down(engine: Engine, seconds: float) -> None:
    """Make every commit behind a PostgreSQL engine that changes the inbox of notices take that much longer."""
    with engine.begin() as connection:
        connection.execute(text(_SLOW.format(seconds=float(seconds))))
