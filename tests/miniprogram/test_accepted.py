"""WeChat's compilers, the published types and the size limits accept the mini-program and would refuse a broken one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from scripts import check_miniprogram as check

REPOSITORY = Path(__file__).parents[2]
TINY = Path(__file__).parent / "tiny"
MINI_PROGRAM = REPOSITORY / "miniprogram"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A copy of the very small mini-program, to break."""
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


@pytest.mark.parametrize("folder", [TINY, MINI_PROGRAM], ids=["tiny", "ours"])
class TestAccepted:
    def test_every_named_page_and_component_is_there(self, folder: Path) -> None:
        assert check.structure(folder) == []

    def test_the_settings_name_what_is_there(self, folder: Path) -> None:
        assert check.settings(folder) == []

    def test_every_question_has_short_buttons(self, folder: Path) -> None:
        assert check.questions(folder) == []

    def test_wcc_accepts_every_template(self, folder: Path) -> None:
        assert check.compiled(folder) == []

    def test_wcsc_accepts_every_style_sheet(self, folder: Path) -> None:
        assert check.styled(folder) == []

    def test_the_published_types_accept_the_javascript(self, folder: Path) -> None:
        assert check.typed(folder) == []

    def test_each_package_stays_under_two_megabytes(self, folder: Path) -> None:
        assert check.oversized(folder) == []


@pytest.mark.parametrize(
    "button", ["yes: '开班并收款'", "no: '先去看看吧'", "yes: '改成 ' + left", "confirmText: `剩 ${left}`"]
)
def test_a_question_with_a_long_or_growing_button_is_seen(tiny: Path, button: str) -> None:
    _append(tiny / "app.js", f"function more(ask, left) {{ return ask('', '', {{ {button} }}); }}")
    assert len(check.questions(tiny)) == 1


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("lazyCodeLoading", None), ("__usePrivacyCheck__", False), ("sitemapLocation", "map.json"),
        ("pages", ["pages/home/home", "pages/form/form", "pages/home/home"]),
        ("tabBar", {"list": [{"pagePath": "pages/none/none", "text": "没有"}]}),
        ("tabBar", {"list": [{"pagePath": "pages/home/home", "text": "首页", "iconPath": "images/none.png"}]}),
        ("tabBar", {"list": [{"pagePath": "pages/home/home", "text": "首页", "iconPath": "images/large.png"}]}),
    ],
)  # fmt: skip
def test_a_setting_that_names_what_is_not_there_is_seen(tiny: Path, name: str, broken: object) -> None:
    (tiny / "images").mkdir()
    (tiny / "images/large.png").write_bytes(bytes(check.LARGEST_ICON + 1))
    app = json.loads((tiny / "app.json").read_text(encoding="utf-8"))
    (tiny / "app.json").write_text(json.dumps(app | {name: broken}), encoding="utf-8")
    assert len(check.settings(tiny)) == 1


def test_a_method_that_wechat_does_not_send_is_refused(tmp_path: Path) -> None:
    shutil.copytree(MINI_PROGRAM / "lib", tmp_path / "lib")
    _append(tmp_path / "lib/api.js", "const patch = (path, body) => call('PATCH', path, body);\npatch('/', {});\n")
    assert [line.split("(")[0] for line in check.typed(tmp_path)] == ["lib/api.js"]


def test_a_broken_template_is_refused_with_its_place(tiny: Path) -> None:
    _append(tiny / "pages/home/home.wxml", "<view>never closed")
    assert any("pages/home/home.wxml" in line for line in check.compiled(tiny))


def test_a_broken_style_sheet_is_refused_with_its_place(tiny: Path) -> None:
    _append(tiny / "app.wxss", ".row { color: ")
    assert any("app.wxss" in line for line in check.styled(tiny))


def test_a_call_that_wechat_does_not_have_is_refused(tiny: Path) -> None:
    _append(tiny / "app.js", "wx.makeCoffee();")
    assert any("app.js" in line and "makeCoffee" in line for line in check.typed(tiny))


def test_a_page_or_component_that_is_not_there_is_seen(tiny: Path) -> None:
    (tiny / "pages/form/form.js").unlink()
    (tiny / "components/tiny-box/tiny-box.wxml").unlink()
    assert len(check.structure(tiny)) == 2


def test_a_package_over_two_megabytes_is_refused(tiny: Path) -> None:
    (tiny / "more/picture.bin").write_bytes(bytes(check.LARGEST_PACKAGE))
    assert [line.split(":")[0] for line in check.oversized(tiny)] == ["more"]


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
