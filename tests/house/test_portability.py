"""The repository names no machine it was written on and no place to download from, and CI runs what people run."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.house.source_tree import REPOSITORY, files, read, texts

MACHINE_PATH = re.compile(r"(?<![\w.~:-])/(?:work|root|Users/\w+|home/\w+)/")
DOWNLOAD = re.compile(
    r"https?://(?:files|registry|index|pypi)\.|--(?:extra-)?index-url|--find-links"
    r"|https?://\S+\.(?:whl|tar\.gz|tgz)\b|/releases/download/"
)
LOCK_FILES_WITH_ADDRESSES = {"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock"}
HERE = Path(__file__).relative_to(REPOSITORY)


@pytest.mark.parametrize("banned", [MACHINE_PATH, DOWNLOAD], ids=["machine paths", "download addresses"])
def test_no_text_holds(banned: re.Pattern[str]) -> None:
    found = [
        f"{path}:{number} {line.strip()[:100]}"
        for path, text in texts()
        if path != HERE
        for number, line in enumerate(text.splitlines(), 1)
        if banned.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE_PATH, "cd /root/lintuan"),
        (MACHINE_PATH, "open('/home/anna/x')"),
        (DOWNLOAD, "pip install https://" + "example.org/a-1.0-py3-none-any" + ".whl"),
        (DOWNLOAD, '"resolved": "https://' + 'registry.example.org/a/-/a-1"'),
    ],
)
def test_a_machine_path_or_a_download_address_would_be_seen(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


def test_no_lock_file_with_addresses_is_kept() -> None:
    assert [str(path) for path in files() if path.name in LOCK_FILES_WITH_ADDRESSES] == []


def test_continuous_integration_runs_exactly_make_check_and_insists_on_a_browser() -> None:
    commands = [
        line for line in read(Path(".ci/run")).splitlines() if line and not line.startswith(("#", "set ", "cd "))
    ]
    assert commands == ["scripts/browser", "LINTUAN_BROWSER=required make check"]
    assert os.access(REPOSITORY / ".ci" / "run", os.X_OK)


def test_make_check_is_formatting_lint_types_contracts_and_all_tests() -> None:
    rule = re.search(r"^check:([^#]*)", read(Path("Makefile")), re.MULTILINE)
    assert rule is not None
    assert rule[1].split() == ["format-check", "lint", "types", "contracts", "test"]
