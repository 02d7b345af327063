"""`flask clock`: run the schedule until SIGTERM, in one process or in several at once; `--once` runs it through."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

from jobs.runner import Runner, serve


@click.command("clock")
@click.option("--once", is_flag=True, help="Run every sweep once and leave.")
@with_appcontext
def command(once: bool) -> None:
    """Wake the sweeps: opening, closing, settling, expiring, refunding, lapsing, sending."""
    product = current_app.extensions["lintuan"]
    runner = Runner(current_app.extensions["lintuan-schedule"], product.unit, product.outside)
    if once:
        click.echo(runner.run_all())
        return
    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    serve(runner, stop)
