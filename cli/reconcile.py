"""`flask reconcile`: fetch, import and match the gateway's bills, and print what is open."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import click
from flask import current_app
from flask.cli import with_appcontext

from domain.actors import SYSTEM
from domain.clock import business_date
from domain.errors import DomainError
from domain.money import yuan
from services.flows import reconciling
from services.queries import reconciliation


@click.command("reconcile")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The last day (Shanghai); yesterday unless given."
)
@click.option("--days", default=1, type=click.IntRange(1, 366), help="How many days up to it.")
@with_appcontext
def command(day: datetime | None, days: int) -> None:
    """Reconcile with the payment gateway; ends with 1 while a case of these days is open."""
    product = current_app.extensions["lintuan"]
    until = day.date() if day else business_date(product.clock.now()) - timedelta(days=1)
    since = until - timedelta(days=days - 1)
    try:
        for back in range(days - 1, -1, -1):
            reconciling.reconcile(product.unit, product.outside, until - timedelta(days=back))
    except DomainError as refusal:
        raise click.ClickException(str(refusal)) from None
    waiting = _print(product, since, until)
    if waiting:
        raise SystemExit(1)


def _print(product: object, since: date, until: date) -> int:
    with product.unit.reading(SYSTEM) as ctx:  # type: ignore[attr-defined]  # the assembled product
        rows = reconciliation.days(ctx, since, until)
        standing = reconciliation.open_in_clearing(ctx)
    click.echo(f"{'day':<12}{'bill':<11}{'status':<10}{'rows':>7}{'booked':>8}{'open':>6}  {'balance':>14}")
    for row in rows:
        balance = "" if row.balance_fen is None else yuan(row.balance_fen)
        counts = f"{row.rows:>7}{row.matched:>8}{row.open_cases:>6}"
        click.echo(f"{row.day!s:<12}{row.kind:<11}{row.status:<10}{counts}  {balance:>14}")
    explained = sum(item.case is not None for item in standing.items)
    click.echo(
        f"gateway clearing {yuan(standing.account_fen)}: {len(standing.items) - explained} sums not billed yet,"
        f" {explained} with a case, {yuan(standing.unexplained_fen)} unexplained"
    )
    return sum({row.day: row.open_cases for row in rows}.values())
