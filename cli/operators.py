"""`flask operators create NAME`: who may sign in to the operators' door."""

from __future__ import annotations

import os

import click
from flask import current_app
from flask.cli import with_appcontext

from domain.actors import SYSTEM
from domain.errors import DomainError
from services import operators

PASSWORD_VARIABLE = "OPERATOR_PASSWORD"  # noqa: S105 - the name of a variable, not a password


@click.group("operators")
def command() -> None:
    """Operators of the platform."""


@command.command("create")
@click.argument("name")
@with_appcontext
def create(name: str) -> None:
    """Add an operator; the password comes from OPERATOR_PASSWORD or is asked for."""
    password = os.environ.get(PASSWORD_VARIABLE) or click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        with current_app.extensions["lintuan"].unit(SYSTEM) as ctx:
            operators.create(ctx, name, password)
    except DomainError as refusal:
        raise click.ClickException(f"{refusal.facts.get('field', name)} {refusal}") from None
    click.echo(f"operator {name} may sign in")
