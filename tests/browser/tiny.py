"""A sandbox without a product that shows the very small mini-program, to look at the phone itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waitress.server import create_server

from sandbox import people
from sandbox.app import create_app, stop
from sandbox.config import Config

TINY = Path(__file__).parents[1] / "miniprogram" / "tiny"


@contextmanager
def shown(folder: Path) -> Iterator[str]:
    """Its address while it runs in `folder`; 张阿姨 and 老陈 have a phone there."""
    app = create_app(Config(folder, 8001, miniprogram=TINY))
    for name in ("张阿姨", "老陈"):
        people.ensure(app.extensions["sandbox"], name)
    server = create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join()
    stop(app)
