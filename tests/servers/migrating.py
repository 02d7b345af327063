"""Run the product's migrations against one database: what database templates are made with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config

from app import create_app
from config.settings import Settings
from models.base import db


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest revision and leave no connection open."""
    with alembic_of(url) as config:
        command.upgrade(config, "head")


@contextmanager
def alembic_of(url: str) -> Iterator[Config]:
    """The product's migration environment for the database at `url`, inside its app context."""
    with TemporaryDirectory(prefix="lintuan-migrate-") as data_dir:
        settings = Settings(
            env="test",
            data_dir=Path(data_dir),
            database_url=url,
            secret_key="migration-tests-sign-nothing-with-this",
            pii_key="migration-tests-seal-nothing-with-it",
        )
        app = create_app(settings)
        with app.app_context():
            try:
                yield app.extensions["migrate"].migrate.get_config()
            finally:
                db.engine.dispose()
