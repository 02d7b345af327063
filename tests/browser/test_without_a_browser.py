"""Where there is no browser, its stories are skipped with the reason; where one is required, they fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.browser import executable


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A machine with nothing on its path."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("LINTUAN_BROWSER", raising=False)
    return monkeypatch


@pytest.mark.usefixtures("bare")
def test_a_story_without_a_browser_is_skipped_with_the_reason() -> None:
    with pytest.raises(pytest.skip.Exception, match="no browser: none of chromium"):
        executable()


def test_a_story_without_a_required_browser_fails(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("LINTUAN_BROWSER", "required")
    with pytest.raises(pytest.fail.Exception, match="no browser"):
        executable()
