"""Run the product's migrations against one database: what database templates are made with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from flask import Flask
from flask_migrate import Migrate

from models.base import db
from models.sqlite import teach_sqlite
from tests.servers.shared_run import REPOSITORY


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest revision and leave no connection open."""
    with alembic_of(url) as config:
        command.upgrade(config, "head")


@contextmanager
def alembic_of(url: str) -> Iterator[Config]:
    """The migration environment for the database at `url`, inside an app that has a database and no front door."""
    app = Flask("migrations")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    extension = Migrate(app, db, directory=str(REPOSITORY / "migrations"))
    with app.app_context():
        teach_sqlite(db.engine)
        try:
            yield extension.get_config()
        finally:
            db.engine.dispose()
