"""What people write and upload, before others see it: what is checked, and what the platform may say of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

LONGEST = 2500
"""Characters of one call; what is longer is asked in parts."""


class Subject(StrEnum):
    """What is checked."""

    NICKNAME = "nickname"
    """A resident's name; neighbours see the earlier one until it has passed."""
    ORDER = "order"
    """The note and the recipient of an order; leader and desk see neither until they have passed. The order counts."""
    CAMPAIGN = "campaign"
    """All texts of a campaign's page; it cannot be opened before they have passed."""
    CLAIM = "claim"
    """What a buyer says of goods; leader and operator read it once it has passed. The claim itself runs."""
    LEADER = "leader"
    """Name and introduction of an applicant; nobody is approved before they have passed."""
    PICTURE = "picture"
    """A picture of a product; nobody is shown it before it has passed."""
    EVIDENCE = "evidence"
    """A picture that proves something; only who took it sees it before it has passed."""


class Suggestion(StrEnum):
    """The platform's own three words."""

    FINE = "pass"
    REVIEW = "review"
    RISKY = "risky"


class Scene(StrEnum):
    """Where it will be seen; the platform judges each by its own measure."""

    PROFILE = "profile"
    COMMENT = "comment"
    FORUM = "forum"


SCENES = {
    Subject.NICKNAME: Scene.PROFILE, Subject.ORDER: Scene.COMMENT, Subject.CAMPAIGN: Scene.FORUM,
    Subject.CLAIM: Scene.COMMENT, Subject.LEADER: Scene.PROFILE, Subject.PICTURE: Scene.FORUM,
    Subject.EVIDENCE: Scene.COMMENT,
}  # fmt: skip
PICTURES = (Subject.PICTURE, Subject.EVIDENCE)
WAITING = ("waiting", "asked", "review")
"""States in which only the author sees it, marked 审核中."""


def parts(text: str) -> Iterator[str]:
    """A text in pieces of one call each, overlapping so that no word hides in a seam."""
    step = LONGEST - 50
    for start in range(0, max(1, len(text)), step):
        yield text[start : start + LONGEST]
        if start + LONGEST >= len(text):
            return


def worst(suggestions: Iterable[Suggestion]) -> Suggestion:
    """What holds for the whole of several parts."""
    found = set(suggestions)
    return next((bad for bad in (Suggestion.RISKY, Suggestion.REVIEW) if bad in found), Suggestion.FINE)
