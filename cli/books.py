"""`flask prove-books`: every invariant, the balance of every account, and what stands in gateway clearing."""

from __future__ import annotations

from itertools import groupby

import click
from flask import current_app
from flask.cli import with_appcontext

from domain.actors import SYSTEM
from domain.money import yuan
from services import invariants
from services.context import Ctx
from services.queries import books, reconciliation


@click.command("prove-books")
@with_appcontext
def command() -> None:
    """Print the proof; ends with 1 on a breach, a sum that is not zero, or a fen in clearing that nothing explains."""
    with current_app.extensions["lintuan"].unit.reading(SYSTEM) as ctx:
        breaches = invariants.check(ctx)
        left = _trial_balance(ctx)
        unexplained = _clearing(ctx)
    for breach in breaches:
        click.echo(f"BROKEN {breach.rule}: {breach.row}")
    click.echo(f"{len(invariants.ALL) - len(breaches)} of {len(invariants.ALL)} invariants hold")
    if breaches or left or unexplained:
        raise SystemExit(1)


def _trial_balance(ctx: Ctx) -> int:
    """Every account, its owners added up; returns their sum, which is 0."""
    total = 0
    for account, rows in groupby(books.balances(ctx), key=lambda row: row.account):
        fen = sum(row.amount_fen for row in rows)
        total += fen
        click.echo(f"{account:<22}{yuan(fen):>16}")
    click.echo(f"{'sum':<22}{yuan(total):>16}\n")
    return total


def _clearing(ctx: Ctx) -> int:
    """What stands in gateway clearing, item by item; returns what no item explains, which is 0."""
    standing = reconciliation.open_in_clearing(ctx)
    click.echo(f"gateway clearing {yuan(standing.account_fen)}, {len(standing.items)} open items")
    for item in standing.items:
        click.echo(f"  {item.number:<34}{item.kind:<9}{yuan(item.amount_fen):>14}  {item.case or 'not billed yet'}")
    click.echo(f"  unexplained {yuan(standing.unexplained_fen)}\n")
    return standing.unexplained_fen
