"""What anybody may write into a row stands in no row before it has passed: no page, paper, chat or export has it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import JSON, String, select

from domain.actors import Actor
from domain.content import PICTURES, Subject
from domain.policy import Policy
from models import ContentCheck, Notification
from models.base import Base
from services.assembly import Lintuan
from services.content_safety import holding
from services.content_safety.rows import KEPT
from services.flows import content_safety
from tests.services.content_safety.acts import ACTS, Act
from tests.services.pickup.world import World

WORDS, RISKY = "顺手写的一句话", "赌博网"
EACH = pytest.mark.parametrize(("subject", "act", "seen"), ACTS, ids=[act.__name__ for _, act, _ in ACTS])
HOLD_UP = {Subject.CAMPAIGN, Subject.LEADER, Subject.POINT, Subject.ADDRESS, *PICTURES}
"""What is checked and stands in no row of `KEPT`: it is not shown as a whole."""


@pytest.fixture
def policy_numbers(request: pytest.FixtureRequest) -> Policy:
    """The rules with the check on, unless a test says otherwise."""
    return getattr(request, "param", Policy(content_safety=True))


def found(world: World, words: str) -> set[str]:
    """In which columns of the whole database the words stand in the clear."""
    with world.unit.reading() as ctx:
        return {
            f"{table.name}.{column.name}"
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, String | JSON)
            and any(words in json.dumps(value, ensure_ascii=False) for value in ctx.session.scalars(select(column)))
        }


def checks(world: World, subject: Subject) -> list[ContentCheck]:
    """The checks of a kind, the newest last."""
    with world.unit.reading() as ctx:
        return list(ctx.session.scalars(select(ContentCheck).where(ContentCheck.subject == subject).order_by("id")))


def author_reads(world: World, who: Actor, check: ContentCheck) -> str:
    """What its author is told of it."""
    with world.unit.reading(who) as ctx:
        return "".join(holding.words_of(ctx, check).values())


@EACH
def test_words_stand_nowhere_before_they_have_passed_and_then_where_they_belong(
    world: World, product: Lintuan, subject: Subject, act: Act, seen: set[str]
) -> None:
    who = act(world, WORDS)
    assert found(world, WORDS) == set()
    (check,) = checks(world, subject)[-1:]
    assert (check.state, check.resident_id) == ("waiting", who.resident_id)
    assert WORDS in author_reads(world, who, check)
    while content_safety.ask_due(world.unit, product.outside):
        pass
    assert found(world, WORDS) == seen
    assert checks(world, subject)[-1].state == "passed"


@EACH
def test_refused_words_stand_nowhere_and_their_author_is_told_kindly(
    world: World, product: Lintuan, subject: Subject, act: Act, seen: set[str]
) -> None:
    who = act(world, RISKY)
    while content_safety.ask_due(world.unit, product.outside):
        pass
    assert checks(world, subject)[-1].state == "refused"
    assert found(world, RISKY) == set()
    with world.unit.reading() as ctx:
        told = ctx.session.scalars(select(Notification).where(Notification.kind == "content")).all()
        assert [row.resident_id for row in told] == [who.resident_id]


@EACH
@pytest.mark.parametrize("policy_numbers", [Policy()], indirect=True, ids=["off"])
def test_without_the_check_the_same_look_finds_the_words_at_once(
    world: World, subject: Subject, act: Act, seen: set[str]
) -> None:
    act(world, WORDS)
    assert found(world, WORDS) == seen
    assert checks(world, subject) == []


def test_each_kind_is_tried() -> None:
    assert {subject for subject, _, _ in ACTS} | HOLD_UP == set(Subject)
    assert set(KEPT).isdisjoint(HOLD_UP)
    assert set(KEPT) | HOLD_UP == set(Subject)
