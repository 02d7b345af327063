"""Begins and ends the transactions of the edges and flows: commit at the end of the block, else roll back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

from domain.actors import NOBODY, Actor
from domain.clock import Clock
from domain.errors import Busy
from domain.policy import Policy
from services.context import Ctx
from services.ports import Vault

GLANCE: dict[str, dict[str, object]] = {
    "postgresql": {"isolation_level": "AUTOCOMMIT"},
    "sqlite": {"glance": True},  # models.base begins nothing then
}

# serialization failure, deadlock, lock not available, too many connections, shutdown and recovery, statement cancelled
_CONTENTION = {"40001", "40P01", "55P03", "53300", "57P01", "57P02", "57P03", "57014"}


class Transactions:
    """`services.context.Unit`: each call is one transaction on a session of its own; `request_id` names its cause.

    What the database refuses because others are at it becomes `Busy`: nothing was done, the caller may try again.
    """

    def __init__(
        self, engine: Engine, clock: Clock, policy: Policy, vault: Vault, request_id: Callable[[], str]
    ) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, autoflush=False, expire_on_commit=False)
        self._glances = glances(engine)
        self._clock, self._policy, self._vault, self._request_id = clock, policy, vault, request_id

    @contextmanager
    def __call__(self, actor: Actor) -> Iterator[Ctx]:
        """A transaction that may write."""
        with self._session() as session, session.begin():
            yield self._ctx(session, actor)
            session.flush()

    @contextmanager
    def reading(self, actor: Actor = NOBODY) -> Iterator[Ctx]:
        """A transaction that only reads: waits for no writer, and is rolled back at the end."""
        with self._session() as session:
            session.connection(execution_options={"reading": True})
            yield self._ctx(session, actor)

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """A connection for one statement that reads: no transaction around it, so nothing else goes to the database."""
        with _busy_when_contended(), self._glances.connect() as connection:
            yield connection

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with _busy_when_contended(), self._sessions() as session:
            yield session

    def _ctx(self, session: Session, actor: Actor) -> Ctx:
        return Ctx(session, self._clock, actor, self._request_id(), self._policy, self._vault)


def glances(engine: Engine) -> Engine:
    """The same engine for connections that only read, one statement at a time: around it no transaction is begun."""
    return engine.execution_options(**GLANCE[engine.dialect.name])


@contextmanager
def _busy_when_contended() -> Iterator[None]:
    try:
        yield
    except PoolTimeout:
        raise Busy(retry_after=1) from None
    except DBAPIError as error:
        if is_contention(error):
            raise Busy(retry_after=1) from error
        raise


def is_contention(error: DBAPIError) -> bool:
    """Whether the database only asks to come again: locks, deadlocks, serialization, lost connections."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in _CONTENTION
    if error.connection_invalidated:
        return True
    return isinstance(error, OperationalError) and any(
        word in str(error.orig) for word in ("locked", "busy", "connection", "server closed")
    )
