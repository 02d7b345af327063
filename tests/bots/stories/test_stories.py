"""Every story is played on both databases, and what the bot says must be what is told, to the letter."""

from __future__ import annotations

import os

import pytest

from tests.bots.stories.playing import Playing, difference
from tests.bots.stories.reading import Story, stories

WRITING = "STORIES_WRITE"
"""With this in the environment what the bot said is written into the files, to be read before it is believed."""


def _params() -> list[object]:
    return [
        pytest.param(story, id=story.name,
                     marks=[pytest.mark.xfail(reason=story.fails, strict=True)] if story.fails else [])
        for story in stories()
    ]  # fmt: skip


@pytest.mark.parametrize("story", _params())
def test_the_chat_goes_as_it_is_told(playing: Playing, story: Story) -> None:
    came = playing.play(story)
    if os.environ.get(WRITING):
        story.path.write_text("\n".join(came) + "\n")
    wrong = difference(story, came)
    if wrong:
        pytest.fail(wrong, pytrace=False)
