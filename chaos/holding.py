"""What a result holds for: the paths it depends on, as the commit has them; it stands until one of them changes."""

from __future__ import annotations

import subprocess

from tests.servers.shared_run import REPOSITORY

# What decides about money and goods when the services are called in process.
INSIDE = ("domain", "integrations", "jobs", "migrations", "models", "sandbox", "services", "tests/builders")
# The same behind HTTP.
SERVED = ("app.py", "blueprints", "bots", "config", *INSIDE)


def holds_for(paths: tuple[str, ...]) -> dict[str, str]:
    """Each path with the id git gives its content at this commit (12 hex digits).

    Raises: FileNotFoundError for a path that the commit does not have.
    """
    ids = {path: _git("rev-parse", "--short=12", f"HEAD:{path}") for path in paths if _git("ls-tree", "HEAD", path)}
    if missing := set(paths) - ids.keys():
        raise FileNotFoundError(f"not in this commit: {', '.join(sorted(missing))}")
    return ids


def changed(paths: tuple[str, ...]) -> list[str]:
    """What of these paths differs from the commit in the working tree, as `git status` says it."""
    return _git("status", "--porcelain", "--", *paths).splitlines()


def commit() -> str:
    """The commit that is checked out."""
    return _git("rev-parse", "HEAD")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.rstrip()
