"""Write the first migration anew from the models; only until the first release, while no data must survive."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from flask_migrate import Migrate, revision

from app import create_app
from config.settings import Settings
from models.base import db

MIGRATIONS = Path(__file__).parents[1] / "migrations"
KEY = "seals nothing: the scratch database holds no rows"
FILE = MIGRATIONS / "versions" / "0001_tables.py"


def tables() -> str:
    """What the first migration must say for the models as they stand."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scratch = folder / "migrations"
        shutil.copytree(MIGRATIONS, scratch, ignore=shutil.ignore_patterns("versions", "__pycache__"))
        (scratch / "versions").mkdir()
        app = create_app(Settings(env="test", data_dir=folder, secret_key=KEY, pii_key=KEY[::-1]))
        Migrate(app, db, directory=str(scratch))
        logging.getLogger("alembic").setLevel(logging.WARNING)
        with app.app_context():
            revision(directory=str(scratch), message="tables", autogenerate=True, rev_id="0001")
            app.extensions["sqlalchemy"].engine.dispose()
        made = scratch / "versions" / FILE.name
        style = str(MIGRATIONS.parent / "pyproject.toml")
        ruff = [sys.executable, "-m", "ruff", "format", "--quiet", "--config", style, str(made)]
        subprocess.run(ruff, check=True)  # noqa: S603 - our own formatter on our own file
        lines = made.read_text(encoding="utf-8").splitlines(keepends=True)
        return "".join(line for line in lines if not line.lstrip().startswith("# ###"))


if __name__ == "__main__":
    FILE.write_text(tables(), encoding="utf-8")
    print(f"wrote {FILE.relative_to(MIGRATIONS.parent)}")
