"""A real browser for the tests: where it is, how it is started, and what its absence means."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-ui-for-media-stream",
)  # fmt: skip


def executable() -> str:
    """The path of a browser of this machine; skips the test where there is none, or fails it where one is required."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        reason = f"no browser: none of {', '.join(NAMES)} is on the path"
        if os.environ.get("LINTUAN_BROWSER") == "required":  # where continuous integration runs
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def launch(playwright: Playwright, camera: Path | None = None) -> Browser:
    """A browser of its own process; `camera` is the .y4m or .mjpeg that its camera shows."""
    flags = [*QUIET, "--use-fake-device-for-media-stream"]
    if camera is not None:
        flags.append(f"--use-file-for-fake-video-capture={camera}")
    return playwright.chromium.launch(executable_path=executable(), args=flags)
