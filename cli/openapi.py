"""`flask openapi`: print the API document."""

from __future__ import annotations

import json

import click
from flask import current_app
from flask.cli import with_appcontext


@click.command("openapi")
@with_appcontext
def command() -> None:
    """Print the API document as JSON."""
    api = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    click.echo(json.dumps(api.document(), indent=2, ensure_ascii=False, sort_keys=True))
