"""The fourth front door: `flask --app app` commands."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import click


def commands() -> Iterator[click.Command]:
    """The `command` of every module in this package."""
    for module in pkgutil.iter_modules(__path__):
        yield importlib.import_module(f"{__name__}.{module.name}").command
