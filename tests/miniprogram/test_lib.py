"""The pages' shared JavaScript, run by node: sums, times, keys and logins, events in pieces, what a choice costs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scripts.check_miniprogram import node

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("lib_*.test.js")))
def test_the_pages_javascript(name: str) -> None:
    ended = subprocess.run([node(), "--test", name], cwd=HERE, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
