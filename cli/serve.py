"""`flask serve`: the product over HTTP; on SIGTERM it takes no more, finishes what it has, and ends."""

from __future__ import annotations

import signal
import time
from types import FrameType
from typing import Any

import click
import structlog
from flask import Flask, current_app
from flask.cli import with_appcontext
from waitress.server import create_server

WAKE_SECONDS = 0.2
FINISH_SECONDS = 30.0
LARGEST_BODY = 16 * 1024 * 1024  # the app has narrower limits of its own, per route
log = structlog.get_logger("lintuan.serve")


@click.command("serve")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on.")
@with_appcontext
def command(host: str | None, port: int | None) -> None:
    """Serve the product until SIGTERM or Ctrl-C."""
    settings = current_app.extensions["lintuan"].settings
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own way out
    serve(app, host or settings.host, settings.port if port is None else port, settings.threads)


def serve(app: Flask, host: str, port: int, threads: int) -> None:
    """Answer requests until a signal asks to stop; then return once every request in flight is answered."""
    server: Any = create_server(
        app, host=host, port=port, threads=threads, ident="lintuan", clear_untrusted_proxy_headers=True,
        max_request_body_size=LARGEST_BODY,
    )  # fmt: skip
    asked_to_stop = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    log.info("serving", host=host, port=server.effective_port)
    while not asked_to_stop:
        _turn(server)
    _finish(server)
    log.info("stopped")


def _finish(server: Any) -> None:
    """Close the door, then wait for those inside; keep-alive connections without a request are simply cut."""
    server.accepting = False
    server.socket.close()
    server.del_channel(server._map)
    deadline = time.monotonic() + FINISH_SECONDS
    while any(c.requests or c.total_outbufs_len for c in list(server.active_channels.values())):
        if time.monotonic() > deadline:
            log.warning("gave up waiting", channels=len(server.active_channels))
            break
        _turn(server)
    server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)


def _turn(server: Any) -> None:
    server.asyncore.loop(timeout=WAKE_SECONDS, map=server._map, use_poll=True, count=1)
