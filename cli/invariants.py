"""`flask invariants`: ask the database whether every rule of money, stock and numbers holds."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from services import invariants


@click.command("invariants")
@with_appcontext
def command() -> None:
    """Print every breach and end with 1 if there is one."""
    with current_app.extensions["lintuan"].unit.reading() as ctx:
        breaches = invariants.check(ctx)
    for breach in breaches:
        click.echo(f"BROKEN {breach.rule}: {breach.row}")
    if breaches:
        raise SystemExit(1)
    click.echo(f"all {len(invariants.ALL)} invariants hold")
