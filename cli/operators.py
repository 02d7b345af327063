"""`flask operators create|link|kind|lost-phone|dismiss NAME`: who may sign in, how, and how far their hands reach."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import with_appcontext

from domain.actors import SYSTEM
from domain.errors import DomainError
from domain.operators import OperatorKind
from services import operator_links, operators, second_factors
from services.context import Ctx

PASSWORD_VARIABLE = "OPERATOR_PASSWORD"  # noqa: S105 - the name of a variable, not a password
KINDS = [kind.value for kind in OperatorKind]


@click.group("operators")
def command() -> None:
    """Operators of the platform."""


@command.command("create")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), default=OperatorKind.ADMIN.value, help="What they may do.")
@with_appcontext
def create(name: str, kind: str) -> None:
    """Add an operator; the password comes from OPERATOR_PASSWORD or is asked for."""
    password = os.environ.get(PASSWORD_VARIABLE) or click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with _told(name) as ctx:
        operators.create(ctx, name, password, OperatorKind(kind))
    click.echo(f"operator {name} may sign in at the API; the console asks for a second factor: flask operators link")


@command.command("link")
@click.argument("name")
@with_appcontext
def link(name: str) -> None:
    """Print a link with which NAME enters the console once, in the next ten minutes, without the password."""
    with _told(name) as ctx:
        code = operator_links.make(ctx, name)
    base = current_app.extensions["lintuan"].settings.public_url.rstrip("/")
    click.echo(f"{base}/console/enter?code={code}")


@command.command("kind")
@click.argument("name")
@click.argument("kind", type=click.Choice(KINDS))
@with_appcontext
def change_kind(name: str, kind: str) -> None:
    """Make NAME a viewer, support, finance or admin, from the next request on."""
    with _told(name) as ctx:
        operators.change_kind(ctx, name, OperatorKind(kind))
    click.echo(f"operator {name} is {kind} now")


@command.command("lost-phone")
@click.argument("name")
@with_appcontext
def lost_phone(name: str) -> None:
    """Take NAME's second factor away and log NAME out everywhere; a link lets them set up a new one."""
    with _told(name) as ctx:
        second_factors.forget(ctx, operators.shut_out(ctx, name))
    click.echo(f"operator {name} has no second factor now; print a link")


@command.command("dismiss")
@click.argument("name")
@with_appcontext
def dismiss(name: str) -> None:
    """Shut NAME out at once and for good: sessions, links and the password end; what NAME did stays on record."""
    with _told(name) as ctx:
        operators.dismiss(ctx, name)
    click.echo(f"operator {name} cannot get in any more")


@contextmanager
def _told(name: str) -> Iterator[Ctx]:
    """A transaction in the machine's name; refusals are told as the command line does."""
    try:
        with current_app.extensions["lintuan"].unit(SYSTEM) as ctx:
            yield ctx
    except DomainError as refusal:
        raise click.ClickException(f"{refusal.facts.get('field', name)} {refusal}") from None
