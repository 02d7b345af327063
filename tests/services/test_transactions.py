"""A transaction commits at its end or leaves nothing; contention is told as Busy, our own mistakes are not."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from domain.actors import SYSTEM
from domain.errors import Busy
from models import Community, sqlite
from services.transactions import Transactions, is_contention
from tests.builders import people


def names(unit: Transactions) -> list[str]:
    with unit.reading() as ctx:
        return list(ctx.session.scalars(select(Community.name)))


def test_it_commits_at_the_end_and_rolls_back_on_any_exception(unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        people.community(ctx, "留下")
    with pytest.raises(KeyboardInterrupt), unit(SYSTEM) as ctx:
        people.community(ctx, "不留")
        raise KeyboardInterrupt
    assert names(unit) == ["留下"]


def test_what_a_reading_transaction_writes_does_not_stay(unit: Transactions) -> None:
    with unit.reading() as ctx:
        people.community(ctx, "不留")
    assert names(unit) == []


def test_a_reader_does_not_wait_for_a_writer(unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        people.community(ctx, "未提交")
        seen: list[list[str]] = []
        reader = threading.Thread(target=lambda: seen.append(names(unit)))
        reader.start()
        reader.join(60)
    assert seen == [[]]


def test_writers_take_their_turn_and_whoever_waits_too_long_is_told_to_come_again(
    unit: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(name: str) -> None:
        with unit(SYSTEM) as ctx:
            people.community(ctx, name)

    with unit(SYSTEM) as ctx:
        people.community(ctx, "先来")
        ctx.session.flush()
        if unit.engine.dialect.name == "sqlite":
            with monkeypatch.context() as hurried, pytest.raises(Busy):
                hurried.setattr(sqlite, "WAIT_SECONDS", 0)
                write("等不及")
        second = threading.Thread(target=write, args=("后到",))
        second.start()
    second.join(60)
    assert names(unit) == ["先来", "后到"]


def test_what_no_waiting_mends_is_told_at_once(unit: Transactions, monkeypatch: pytest.MonkeyPatch) -> None:
    if unit.engine.dialect.name != "sqlite":
        pytest.skip("it has many writers, and nobody looks for a turn")
    monkeypatch.setattr("models.sqlite.time.sleep", lambda _: pytest.fail("it waited"))
    with unit.engine.connect() as connection:
        own = connection.connection.dbapi_connection
        assert own is not None
        own.cursor().execute("BEGIN")
        with pytest.raises(OperationalError, match="within a transaction"):
            connection.begin()
        own.rollback()


def test_a_broken_rule_of_the_database_is_not_called_busy(unit: Transactions) -> None:
    with pytest.raises(IntegrityError) as broken, unit(SYSTEM) as ctx:
        people.community(ctx, "同名")
        people.community(ctx, "同名")
    assert "hide_parameters=True" in str(broken.value)


class Refused(Exception):
    """A driver's error with the SQLSTATE of PostgreSQL."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("orig", "busy"),
    [
        (Refused("40001"), True),
        (Refused("40P01"), True),
        (Refused("55P03"), True),
        (Refused("42P01"), False),
        (Exception("database is locked"), True),
        (Exception("no such table: x"), False),
    ],
)
def test_contention_is_told_from_mistakes(unit: Transactions, orig: Exception, busy: bool) -> None:
    error = OperationalError("SELECT 1", {}, orig)
    assert is_contention(error) is busy
    with pytest.raises(Busy if busy else SQLAlchemyError), unit(SYSTEM):
        raise error


def test_a_glance_sends_its_statement_and_leaves_no_transaction_behind(unit: Transactions) -> None:
    with unit.glance() as reads:
        assert reads.execute(select(Community.name)).all() == []
        driver = reads.connection.driver_connection
        assert driver is not None
        assert not (driver.in_transaction if unit.engine.dialect.name == "sqlite" else driver.info.transaction_status)
    with pytest.raises(KeyboardInterrupt), unit(SYSTEM) as ctx:
        people.community(ctx, "不留")
        raise KeyboardInterrupt
    assert names(unit) == []


def test_a_connection_that_died_while_it_rested_troubles_nobody(
    unit: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    if unit.engine.dialect.name == "sqlite":
        pytest.skip("there is no connection that could be cut")
    with unit.reading() as one, unit.reading() as two:
        mine = [ctx.session.scalar(text("SELECT pg_backend_pid()")) for ctx in (one, two)]
    with create_engine(unit.engine.url, poolclass=NullPool).begin() as other:
        other.execute(text("SELECT pg_terminate_backend(pid, 5000) FROM unnest(:pids) pid"), {"pids": mine})
    monkeypatch.setattr("models.base.IDLE_SECONDS", 0)
    assert names(unit) == []


def test_a_connection_cut_at_work_is_busy_once(unit: Transactions) -> None:
    if unit.engine.dialect.name == "sqlite":
        pytest.skip("there is no connection that could be cut")
    with pytest.raises(Busy), unit.reading() as ctx:
        mine = ctx.session.scalar(text("SELECT pg_backend_pid()"))
        with create_engine(unit.engine.url, poolclass=NullPool).begin() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": mine})
        ctx.session.scalar(text("SELECT 1"))
    assert names(unit) == []
