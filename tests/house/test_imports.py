"""Who may import what: the allow-lists that import contracts cannot say, and proof that the contracts bite."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.source_tree import REPOSITORY, imported_roots, modules, parse

ALLOWED = {
    "domain": {"domain"},
    "sandbox": {"sandbox", "flask", "werkzeug", "cryptography", "requests", "segno", "waitress"},
    "demo": {"demo", "stack", "cryptography", "requests"},
}
BREACHES = {
    "domain knows the standard library only": ("domain", "import requests"),
    "models know the domain only, and no request": ("models", "import services"),
    "services know domain and models, no front door, no outside world": ("services", "import flask"),
    "integrations know domain and services.ports": ("integrations", "import services.ordering"),
    "front doors call services and nothing below them": ("blueprints", "import sqlalchemy"),
    "front doors do not know each other": ("cli", "import jobs"),
    "the live process stays small": ("live", "import marshmallow"),
    "the sandbox shares nothing with the product": ("sandbox", "import domain"),
    "the product does not know the sandbox": ("jobs", "import sandbox"),
    "the demo sees only what HTTP and the chat show": ("demo", "import models"),
    "the supervisor knows processes, not what runs in them": ("stack", "import domain"),
}


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_only_the_allowed_packages_are_imported(package: str) -> None:
    allowed = ALLOWED[package] | sys.stdlib_module_names
    found = {str(path): imported_roots(parse(path)) - allowed for path in modules(package)}
    assert {path: roots for path, roots in found.items() if roots} == {}


def test_an_import_inside_a_function_or_for_types_only_is_seen_too() -> None:
    tree = ast.parse("if TYPE_CHECKING:\n    import flask\ndef f():\n    from sqlalchemy.orm import Session\n")
    assert imported_roots(tree) == {"flask", "sqlalchemy"}


def _contracts(folder: Path) -> dict[str, str]:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    verdicts = re.findall(r"^(.+?) (KEPT|BROKEN)(?: \(.*\))?$", done.stdout, re.MULTILINE)
    assert verdicts, done.stdout + done.stderr
    return dict(verdicts)


def _empty_house(folder: Path) -> dict[str, object]:
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    settings = tomllib.loads((folder / "pyproject.toml").read_text())["tool"]["importlinter"]
    for package in settings["root_packages"]:
        (folder / package).mkdir()
        (folder / package / "__init__.py").touch()
    (folder / "services" / "ordering.py").touch()
    (folder / "services" / "ports.py").touch()
    (folder / "integrations" / "pay.py").write_text("from services.ports import Gateway\n")
    return {contract["name"]: contract for contract in settings["contracts"]}


def test_a_breach_of_each_import_contract_is_found(tmp_path: Path) -> None:
    names = _empty_house(tmp_path)
    assert _contracts(tmp_path) == dict.fromkeys(names, "KEPT")
    for package, line in BREACHES.values():
        (tmp_path / package / "breach.py").write_text(line + "\n")
    assert _contracts(tmp_path) == dict.fromkeys(BREACHES, "BROKEN") == dict.fromkeys(names, "BROKEN")
