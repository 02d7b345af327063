"""What every part of the sandbox works with, found through the running Flask app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from sandbox.clock import Clock
    from sandbox.config import Config
    from sandbox.credentials import Credentials
    from sandbox.knobs import Knobs
    from sandbox.push import Pusher
    from sandbox.store import Store


@dataclass(frozen=True)
class Sandbox:
    """One sandbox: hand it to background work, which has no Flask app around it."""

    config: Config
    credentials: Credentials
    store: Store
    clock: Clock
    knobs: Knobs
    push: Pusher


def current() -> Sandbox:
    """The sandbox of the request that is being answered."""
    box: Sandbox = current_app.extensions["sandbox"]
    return box
