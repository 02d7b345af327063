"""What people write and upload, before others see it: what is checked, and what the platform may say of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

LONGEST = 2500
"""Characters of one call; what is longer is asked in parts."""


class Subject(StrEnum):
    """What is checked. Nobody but its author sees it before it has passed; what it belongs to waits for nothing,
    except where it says so.
    """

    NICKNAME = "nickname"
    """A resident's name; neighbours see the earlier one until it has passed."""
    ORDER = "order"
    """The note and the recipient of an order; leader and desk see neither until they have passed. The order counts."""
    PLACE = "place"
    """Building and room of an order that is carried to its door."""
    ADDRESS = "address"
    """Recipient and address of a parcel; the leader cannot have it shown before it has passed."""
    PASS = "pass"  # noqa: S105 - a pickup pass
    """Who fetches for somebody, in the owner's words; the desk reads 代取人 until then."""
    CAMPAIGN = "campaign"
    """All texts of a campaign's page; it cannot be opened before they have passed."""
    CANCELLATION = "cancellation"
    """Why a leader gave a campaign up."""
    CLAIM = "claim"
    """What a buyer says of goods; leader and operator read it once it has passed. The claim itself runs."""
    ANSWER = "answer"
    """What a leader answers to it."""
    LEADER = "leader"
    """Name and introduction of an applicant; nobody is approved before they have passed."""
    POINT = "point"
    """A pickup point; nobody is invited there, and no campaign opens with it, before it has passed."""
    STAFF = "staff"
    """Somebody's name at a desk; others read the earlier one, or 店员."""
    DEVICE = "device"
    """What a device at a desk is called."""
    LEASE = "lease"
    """What a device that works without a network is called."""
    UNDO = "undo"
    """Why a hand-over was taken back."""
    SHIFT = "shift"
    """Why a drawer does not hold what it should."""
    LOSS = "loss"
    """What became of goods that were handed over twice."""
    REASON = "reason"
    """Why a leader or somebody at a desk did what stands in the audit log only."""
    PICTURE = "picture"
    """A picture of a product; nobody is shown it before it has passed."""
    ALT = "alt"
    """What is read out instead of it."""
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


_ELSEWHERE = {
    Subject.NICKNAME: Scene.PROFILE, Subject.LEADER: Scene.PROFILE, Subject.STAFF: Scene.PROFILE,
    Subject.CAMPAIGN: Scene.FORUM, Subject.CANCELLATION: Scene.FORUM, Subject.POINT: Scene.FORUM,
    Subject.PICTURE: Scene.FORUM, Subject.ALT: Scene.FORUM,
}  # fmt: skip
SCENES = {subject: _ELSEWHERE.get(subject, Scene.COMMENT) for subject in Subject}
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
