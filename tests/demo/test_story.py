"""The whole demo, as anybody runs it: ten chapters, agreeing books, nothing left behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 900


def test_the_demo_tells_its_story(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "demo"], cwd=ROOT, env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)},
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert [row[0] for row in done.stdout.splitlines() if row[:1] in "①②③④⑤⑥⑦⑧⑨⑩" and row] == list("①②③④⑤⑥⑦⑧⑨⑩")
    assert "不一致 0 处，差 0 分" in done.stdout
    assert not list(tmp_path.iterdir())
