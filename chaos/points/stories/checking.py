"""What people write and upload is checked first: by the platform, at once or later, or by an operator's hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chaos.points import scenes
from chaos.points.stories.fetching import LOST_PICTURE, picture
from chaos.points.world import Act, World, story
from models import ContentCheck
from services import communities, people
from services.campaigns import copying, opening
from services.campaigns.copying import CopyCampaign
from services.communities import CreatePoint
from services.content_safety import deciding
from services.flows import content_safety, evidence
from services.people import ChangeProfile

ASKED_TWICE = frozenset({"outside content_checks", "outside wxa_pushes", "audit_records"})
"""The platform is asked once more when nobody noted its word; both sides write down each question."""


@story
def checking(world: World) -> None:
    """An open campaign and its people; the platform finds 加微信 doubtful."""
    scenes.scene(world, hours=24)
    world.notes["checked"] = True


def _calls_oneself(who: str, nickname: str) -> None:
    checking.asks(f"{who} takes the name {nickname}", who,
                  lambda world, ctx: people.change_profile(ctx, ChangeProfile(nickname)))  # fmt: skip


def _asks(name: str, **time: float) -> None:
    checking.wakes(name, "content.ask_due", **time)
    checking.acts[-1] = replace(checking.acts[-1], twice=ASKED_TWICE)


def _in_doubt(world: World) -> str:
    return world.rows(ContentCheck, ContentCheck.state == "review")[0].public_id


_calls_oneself("王小明", "小明")
checking.wakes("it waits too long", "content.watch", minutes=11)
_asks("it is checked at last", seconds=5)
_calls_oneself("李静", "静静加微信")
_calls_oneself("陈晨", "陈陈加微信")
_asks("the platform is not sure", seconds=5)
checking.wakes("nothing waits any more", "content.watch", seconds=60)
checking.asks("an operator lets it pass", "operator",
              lambda world, ctx: deciding.pass_by_hand(ctx, _in_doubt(world)))  # fmt: skip
checking.asks("an operator lets nobody see it", "operator",
              lambda world, ctx: deciding.refuse_by_hand(ctx, _in_doubt(world), "广告"))  # fmt: skip
checking.asks("copy", "leader", lambda world, ctx: copying.copy(
    ctx, world["campaign"], CopyCampaign(ctx.now + timedelta(hours=30), title="周六草莓")))  # fmt: skip


checking.asks("new point", "leader",
              lambda world, ctx: communities.create_point(ctx, CreatePoint("西门", "2 号楼")))  # fmt: skip


def _settles_the_point(world: World) -> None:
    content_safety.settle_point(world.theatre.product, world.actor("leader"), world["new point"])


checking.acts.append(Act("a point is checked as it is saved", _settles_the_point, ASKED_TWICE))


def _settles(world: World) -> None:
    content_safety.settle_campaign(world.theatre.product, world.actor("leader"), world["copy"])


checking.acts.append(Act("a page is checked before it opens", _settles, ASKED_TWICE))
checking.asks("it opens", "leader", lambda world, ctx: opening.open_now(ctx, world["copy"]))


@checking.may_repeat("evidence audit_records content_checks", LOST_PICTURE)
def a_picture_is_taken(world: World) -> None:
    """At the desk."""
    evidence.upload(world.theatre.product, world.actor("staff"), "broken", picture())


checking.add("the platform will doubt it", lambda world: world.control("knobs", content_picture="review"))
_asks("the picture is looked at", seconds=5)


@checking.act
def an_operator_looks(world: World) -> None:
    """And writes down what comes of it."""
    found = _in_doubt(world)
    content_safety.picture_for_operator(world.theatre.product, world.actor("operator"), found)
    world.do(world.actor("operator"), lambda ctx: deciding.refuse_by_hand(ctx, found, "看不清"))
