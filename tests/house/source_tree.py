"""The files of the repository as the guards see them."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
NOT_OURS = {"var", "build", "node_modules", "__pycache__"}
WORKTREE = ".git"  # in a linked working tree git's folder is a file that names a path of the machine
TEXTS = {".py", ".md", ".toml", ".txt", ".json", ".html", ".css", ".js", ".yaml", ".yml", ".sh", ".ini", ".mako", ""}
PRODUCT = (
    "app.py", "blueprints", "bots", "cli", "config", "domain", "integrations", "jobs", "live", "models", "services",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Function:
    """One function and its length in lines, decorators not counted."""

    name: str
    line: int
    lines: int


@cache
def files() -> tuple[Path, ...]:
    """Every file that is ours, relative to the repository, in order."""
    found: list[Path] = []
    for folder, subfolders, names in os.walk(REPOSITORY):
        subfolders[:] = [name for name in subfolders if name == ".ci" or _ours(name)]
        found.extend(Path(folder, name).relative_to(REPOSITORY) for name in names if name != WORKTREE)
    return tuple(sorted(found))


def modules(*parts: str) -> Iterator[Path]:
    """The Python files below the named top-level files and folders (all when none is named), migrations left out."""
    for path in files():
        if path.suffix == ".py" and path.parts[0] != "migrations" and (not parts or path.parts[0] in parts):
            yield path


def texts() -> Iterator[tuple[Path, str]]:
    """Every text file with what it says."""
    for path in files():
        if path.suffix in TEXTS:
            yield path, read(path)


def read(path: Path) -> str:
    """What a file of the repository says."""
    return (REPOSITORY / path).read_text(encoding="utf-8")


@cache
def parse(path: Path) -> ast.Module:
    """A module of the repository as a syntax tree."""
    return ast.parse(read(path), str(path))


def functions(tree: ast.Module) -> Iterator[Function]:
    """Every function and method of a module, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1)


def imported_roots(tree: ast.Module) -> set[str]:
    """The top-level names a module imports anywhere, under `TYPE_CHECKING` and inside functions too."""
    roots: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            roots.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            roots.add(node.module.partition(".")[0])
    return roots


def _ours(name: str) -> bool:
    return not name.startswith(".") and name not in NOT_OURS and not name.endswith(".egg-info")
