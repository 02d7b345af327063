"""Calls that only one place of the mini-program may make, because that place knows what WeChat does with them."""

from __future__ import annotations

import re
from pathlib import Path

MINI_PROGRAM = Path(__file__).parents[2] / "miniprogram"
ONLY_IN = {
    "navigateTo": "lib/go.js",
    "requestSubscribeMessage": "lib/subscribe.js",
    **dict.fromkeys(
        ("chooseMedia", "saveImageToPhotosAlbum", "scanCode", "setClipboardData", "openSetting"), "lib/permitted.js"
    ),
}


def strays(folder: Path) -> list[str]:
    """Each file that makes such a call without being its place, as `file: call`."""
    calls = [
        (path.relative_to(folder).as_posix(), call)
        for path in sorted(folder.rglob("*.js"))
        for call in re.findall(r"\bwx\.(\w+)\(", path.read_text(encoding="utf-8"))
    ]
    return [f"{name}: {call}" for name, call in calls if ONLY_IN.get(call, name) != name]


def test_each_such_call_has_one_place() -> None:
    assert strays(MINI_PROGRAM) == []


def test_a_second_place_is_seen(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/go.js").write_text("wx.navigateTo({ url });", encoding="utf-8")
    (tmp_path / "page.js").write_text("wx.navigateTo({ url });", encoding="utf-8")
    assert strays(tmp_path) == ["page.js: navigateTo"]
