"""`python -m sandbox init|serve`: make the keys once, or serve the pretend WeChat on loopback until SIGTERM."""

from __future__ import annotations

import argparse
import logging
import signal
from pathlib import Path

from waitress.server import create_server

from sandbox import credentials
from sandbox.app import create_app, stop
from sandbox.config import MINI_PROGRAM, Config

THREADS = 40
"""Each open page with a live count keeps one."""


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("init", "serve"):
        command = commands.add_parser(name)
        command.add_argument("--data", type=Path, required=True)
        command.add_argument("--port", type=int, required=True)
        command.add_argument("--product-url", default="")
        command.add_argument("--live-url", default="", help="the process of live counts")
        command.add_argument("--miniprogram", type=Path, default=MINI_PROGRAM, help="the folder that phones show")
    chosen = parser.parse_args(arguments)
    urls = chosen.product_url.rstrip("/"), chosen.live_url.rstrip("/")
    config = Config(chosen.data, chosen.port, *urls, chosen.miniprogram.resolve())
    if chosen.command == "init":
        credentials.ensure(config)
    else:
        serve(config)


def serve(config: Config) -> None:
    """Answer on loopback until SIGTERM or SIGINT; what is being answered is answered first."""
    logging.basicConfig(level=logging.WARNING, format="sandbox %(levelname)s %(message)s")
    app = create_app(config)
    server = create_server(app, host="127.0.0.1", port=config.port, threads=THREADS)
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    print(f"sandbox on http://127.0.0.1:{server.effective_port}", flush=True)
    try:
        server.run()
    finally:
        server.close()
        stop(app)


def _leave(*_: object) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
