"""`flask explain order|payment|leader|campaign ID`: where each fen came from and went, in sentences."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from domain.actors import SYSTEM
from domain.clock import local
from domain.errors import NotFound
from domain.money import yuan
from services.explaining import subjects
from services.explaining.shapes import Explanation


@click.command("explain")
@click.argument("kind", type=click.Choice(list(subjects.KINDS)))
@click.argument("public_id")
@with_appcontext
def command(kind: str, public_id: str) -> None:
    """Print it, and end with 1 when a fen is unexplained."""
    try:
        with current_app.extensions["lintuan"].unit(SYSTEM) as ctx:
            told = subjects.explain(ctx, kind, public_id)
    except NotFound:
        raise click.ClickException(f"no {kind} has the id {public_id}") from None
    for line in told.sentences:
        click.echo(line)
    _print_entries(told)
    click.echo(f"unexplained: {told.unexplained_fen} fen")
    if told.unexplained_fen:
        raise SystemExit(1)


def _print_entries(told: Explanation) -> None:
    click.echo(f"\n{len(told.entries)} of {told.entry_count} entries")
    for entry in told.entries:
        click.echo(f"{local(entry.at)}  {entry.event}  {entry.id}")
        for leg in entry.legs:
            side = "debit " if leg.amount_fen > 0 else "credit"
            owner = f" ({leg.owner})" if leg.owner else ""
            click.echo(f"    {side} {yuan(abs(leg.amount_fen)):>14}  {leg.account}{owner}")
