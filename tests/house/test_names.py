"""Modules say what they are for, and nothing hides in a drawer called utils."""

from __future__ import annotations

import ast
import sys
import tomllib

from tests.house.source_tree import PRODUCT, REPOSITORY, files, modules, parse, read

DRAWERS = {"utils", "util", "helpers", "helper", "common", "core", "misc"}
NOT_PACKAGES_OF_THE_PRODUCT = {"benchmarks", "chaos", "docs", "migrations", "scripts", "tests"}


def test_every_module_opens_with_a_sentence() -> None:
    silent = [str(path) for path in modules() if read(path).strip() and not ast.get_docstring(parse(path))]
    assert silent == []


def test_nothing_is_called_utils_helpers_common_or_core() -> None:
    assert [str(path) for path in modules() if DRAWERS & {*path.parts, path.stem}] == []


def test_no_top_level_folder_shadows_the_standard_library() -> None:
    folders = {path.parts[0] for path in files() if path.suffix == ".py"}
    assert folders & (sys.stdlib_module_names | {f"{name}.py" for name in sys.stdlib_module_names}) == set()


def test_every_folder_of_a_package_is_a_package_that_the_import_contracts_see() -> None:
    folders = {path.parent for path in modules(*PRODUCT, "sandbox", "demo", "stack") if len(path.parts) > 1}
    assert [str(folder) for folder in sorted(folders) if not (REPOSITORY / folder / "__init__.py").exists()] == []


def test_every_package_stands_in_the_import_contracts() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    packages = {path.parts[0] for path in modules() if len(path.parts) > 1} - NOT_PACKAGES_OF_THE_PRODUCT
    assert packages - set(settings["tool"]["importlinter"]["root_packages"]) == set()
