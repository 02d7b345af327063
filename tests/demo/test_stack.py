"""The supervisor's manners: a taken port, a second holder, a child that ends, a wrong call."""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path

import pytest

from config.settings import from_environment
from stack import __main__ as command
from stack.folder import AS_INSTALLED, environment, own_secrets
from stack.processes import DidNotStart, Process, run_once, tail
from stack.run import run
from stack.serving import together
from stack.stack import free_port, is_free


def test_a_taken_port_is_said_kindly_and_nothing_starts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not is_free(port)
        assert run(tmp_path / "run", port, free_port(), free_port()) == 1
    assert f"端口 {port} 已被占用" in capsys.readouterr().out
    assert not (tmp_path / "run").exists()


def test_two_do_not_serve_over_one_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (tmp_path / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert run(tmp_path / "run", free_port(), free_port(), free_port()) == 1
    assert "另一个 make run" in capsys.readouterr().out


def test_a_child_that_ends_by_itself_is_named_with_the_end_of_its_log(tmp_path: Path) -> None:
    child = Process("product", ["-c", "print('the last words')"], {}, tmp_path / "log")
    with pytest.raises(DidNotStart, match="product did not start") as refusal:
        child.await_url(f"http://127.0.0.1:{free_port()}/livez")
    assert "the last words" in str(refusal.value)
    assert not child.is_running()


def test_a_child_is_ended_by_its_own_id(tmp_path: Path) -> None:
    child = Process("sleeper", ["-c", "import time; time.sleep(600)"], {}, tmp_path / "log")
    assert child.is_running()
    child.stop()
    assert not child.is_running()


def test_a_command_that_fails_is_told_with_its_output() -> None:
    with pytest.raises(DidNotStart, match="no such thing"):
        run_once(["-c", "raise SystemExit('no such thing')"], {})


def test_settings_of_another_installation_do_not_reach_the_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINTUAN_DATABASE_URL", "postgresql://elsewhere")
    told = "import os; print(sorted(name for name in os.environ if name.startswith('LINTUAN_')))"
    assert run_once(["-c", told], {"LINTUAN_ENV": "development"}).strip() == "['LINTUAN_ENV']"


def test_secrets_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    first = own_secrets(tmp_path)
    assert own_secrets(tmp_path) == first
    assert (tmp_path / "secrets.env").stat().st_mode & 0o077 == 0


def test_a_log_that_is_not_there_has_no_end(tmp_path: Path) -> None:
    assert tail(tmp_path / "none") == ""


@pytest.mark.parametrize("arguments", [[], ["start"], ["run", "now"]])
def test_a_wrong_call_is_told_how(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(arguments) == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65535", "-1", "http", "８０００"])
def test_a_port_that_cannot_be_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    assert command.main(["run"]) == 2


NOTED = """
import os, signal, sys
name, book, door, then = sys.argv[1:]
def end(*_):
    with open(book, "a") as file:
        print(name, file=file)
    sys.exit()
signal.signal(signal.SIGTERM, end)
open(door, "w" if name == "first" else "r").close()
if then == "tell":
    os.kill(os.getppid(), signal.SIGTERM)
if then != "leave":
    signal.pause()
"""
"""Notes that it was asked to end; the first and the second wait for each other at the door."""


@pytest.mark.parametrize(("then", "code", "asked"), [("tell", 0, ["first", "second"]), ("leave", 1, ["first"])])
def test_what_is_served_together_ends_together_and_in_order(
    tmp_path: Path, then: str, code: int, asked: list[str]
) -> None:
    book, door = tmp_path / "book", tmp_path / "door"
    os.mkfifo(door)
    words = ["-c", NOTED]
    first, second = ([*words, name, str(book), str(door)] for name in ("first", "second"))
    assert together([[*first, "wait"], [*second, then]], os.environ) == code
    assert book.read_text().split() == asked


def test_people_agree_and_their_words_are_checked_where_it_runs_as_installed(tmp_path: Path) -> None:
    told = environment(tmp_path, "http://127.0.0.1:8000")
    plain, installed = from_environment(told), from_environment({**told, **AS_INSTALLED})
    assert (plain.consent, plain.policy.content_safety) == (False, False)
    assert (installed.consent, installed.policy.content_safety) == (True, True)
