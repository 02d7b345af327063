"""The notation itself: what is a line of a story, what agrees, and how a wrong line is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bots.stories.playing import Playing, difference
from tests.bots.stories.reading import agrees, read_story

CHAT = """# 一份
* 团 周五水果：草莓 29.90/盒；截 20:00
* 群 3号楼群 wecom
* 住户 张阿姨
张阿姨：进度
小邻：「周五水果」…截团。 ⟳
张阿姨：我的
小邻：您有一单。
"""


def test_an_ellipsis_stands_for_any_text_and_nothing_else_does() -> None:
    assert agrees("张** 草莓×2，…有效", "张** 草莓×2，¥59.80，12:30 前有效")
    assert not agrees("张.* 草莓", "张** 草莓")


@pytest.mark.parametrize("line", ["随便写写", "小邻：没人问就先开口"])
def test_what_is_no_line_of_a_story_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "wrong.chat"
    path.write_text(f"# 题目\n{line}\n")
    with pytest.raises(ValueError, match=line):
        read_story(path)


def test_a_wrong_line_is_shown_in_its_place_in_the_whole_chat(playing: Playing, tmp_path: Path) -> None:
    path = tmp_path / "wrong.chat"
    path.write_text(CHAT)
    story = read_story(path)
    shown = difference(story, playing.play(story)).splitlines()
    assert [line for line in shown if line[0] in "+-"] == ["- 小邻：您有一单。", "+ 小邻：您还没有订单。"]
    assert "  小邻：「周五水果」…截团。 ⟳" in shown


def test_silence_where_words_were_told_is_a_difference(playing: Playing, tmp_path: Path) -> None:
    path = tmp_path / "silent.chat"
    path.write_text(CHAT.replace("张阿姨：我的\n小邻：您有一单。", "* 过 1 分钟\n小邻→3号楼群：还在吗"))
    story = read_story(path)
    assert "- 小邻→3号楼群：还在吗" in difference(story, playing.play(story))
