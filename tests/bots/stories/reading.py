"""The notation of stories: a chat as one reads it; lines with a star tell what happens beside it.

    # the story's title; further remarks anywhere            （预期失败：why, when the product is not that far yet）
    # 内容要审核                   what people write is checked before others see it
    * 住户 张阿姨                  a step, see steps.py
    张阿姨：2份                    said in the first group that was opened
    张阿姨（私聊）：我的            said elsewhere: 私聊, 客服 or another chat's name
    张阿姨：[接龙 2]               a button of the newest card there, with the number its selector stands at
    小邻：张** 草莓×2…             what must be answered, to the letter; … is any text
    小邻→3号楼群：「周五水果」…      what the bot says by itself

A line that begins with two blanks goes on with the one before. In a WeCom group an unwritten @小邻 begins each message.
Whatever the bot says and the story does not is a difference, so silence is checked everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

HERE = Path(__file__).parent
ANY = "…"
_SAID = re.compile(r"(?P<who>[^：（*#\s]+)(?:（(?P<place>[^）]+)）)?：(?P<text>.*)")
_BOT = ("小邻", "通知→")
_EXPECTED_TO_FAIL = "# 预期失败："
_CHECKED = "# 内容要审核"


@dataclass(frozen=True)
class Act:
    """Something said or done, with the lines before it and what must be heard of it."""

    kind: Literal["said", "step"]
    before: tuple[str, ...]
    lines: tuple[str, ...]
    heard: tuple[str, ...]
    text: str
    who: str = ""
    place: str = ""


@dataclass(frozen=True)
class Story:
    """One file; `name` is its stem, `fails` why it cannot go well yet; `checked` when the content safety is on."""

    path: Path
    title: str
    acts: tuple[Act, ...]
    rest: tuple[str, ...]
    fails: str = ""
    checked: bool = False

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def said(self) -> list[Act]:
        """What people said and pressed."""
        return [act for act in self.acts if act.kind == "said"]

    @property
    def heard(self) -> list[str]:
        """Every line that the bot must say."""
        return [line for act in self.acts for line in act.heard]


@dataclass
class _Reader:
    acts: list[Act] = field(default_factory=list)
    before: list[str] = field(default_factory=list)

    def line(self, line: str) -> None:
        if line.startswith("  ") and self.acts and not self.before:
            self._goes_on(line)
        elif not line or line.startswith("#"):
            self.before.append(line)
        elif line.startswith(_BOT):
            if not self.acts or self.before:
                raise ValueError(f"the bot speaks before anything happened: {line}")
            self._change(heard=(*self.acts[-1].heard, line))
        elif line.startswith("* "):
            self._add(Act("step", (), (line,), (), line[2:]))
        elif found := _SAID.fullmatch(line):
            self._add(Act("said", (), (line,), (), found["text"], found["who"], found["place"] or ""))
        else:
            raise ValueError(f"no line of a story: {line}")

    def _goes_on(self, line: str) -> None:
        act = self.acts[-1]
        if act.heard:
            self._change(heard=(*act.heard, line))
        else:
            self._change(lines=(*act.lines, line), text=f"{act.text}\n{line[2:]}".lstrip("\n"))

    def _add(self, act: Act) -> None:
        self.acts.append(act)
        self._change(before=tuple(self.before))
        self.before = []

    def _change(self, **values: object) -> None:
        self.acts[-1] = Act(**{**vars(self.acts[-1]), **values})


def read_story(path: Path) -> Story:
    """The story in a file; raises `ValueError` for a line that is none."""
    lines = path.read_text().splitlines()
    reader = _Reader()
    for line in lines:
        reader.line(line.rstrip())
    fails = next((line.removeprefix(_EXPECTED_TO_FAIL) for line in lines if line.startswith(_EXPECTED_TO_FAIL)), "")
    title = lines[0].removeprefix("# ")
    return Story(path, title, tuple(reader.acts), tuple(reader.before), fails, _CHECKED in lines)


def stories() -> list[Story]:
    """All of them, by file name."""
    return [read_story(path) for path in sorted(HERE.glob("*.chat"))]


def agrees(expected: str, actual: str) -> bool:
    """Whether a line is as expected; … stands for any text."""
    return re.fullmatch(".*".join(map(re.escape, expected.split(ANY))), actual) is not None
