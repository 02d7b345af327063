"""Only its leader reads of a pickup point before its words have passed: no list, desk, chat or campaign names it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from domain.actors import SYSTEM, Actor, Role
from domain.content import Suggestion
from domain.errors import BeingChecked, ContentRefused, NotFound
from models import Campaign, CampaignPoint, Community, PickupPoint, Resident
from services import chat_bindings, communities, people, staffing
from services.campaigns import opening
from services.chat import drafting
from services.communities import CreatePoint
from services.content_safety import asking
from services.paging import Page
from services.people import ChangeProfile
from services.queries import console_points, places
from tests.builders import people as builders
from tests.builders.people import bearer
from tests.services.content_safety.acts import pass_all
from tests.services.pickup.world import World

NAME = "顺手起的点名"


def created(world: World, name: str = NAME) -> str:
    """A new point of the leader."""
    with world.unit(world.leader) as ctx:
        return communities.create_point(ctx, CreatePoint(name, "花园路2号", "18:00–20:00")).public_id


def listed(world: World) -> list[str]:
    """What anybody reads of the neighbourhood."""
    with world.unit.reading(world.resident()) as ctx:
        here = ctx.session.scalars(select(Community.public_id)).one()
        return [row.name for row in places.points_of_community(ctx, here, Page()).items]


def in_console(world: World, search: str = "") -> list[tuple[str, str, str]]:
    """What operators read of all points."""
    with world.unit(SYSTEM) as ctx:
        operator = Actor(Role.OPERATOR, builders.operator(ctx).id)
    with world.unit.reading(operator) as ctx:
        return [(row.name, row.address, row.hours) for row in console_points.listed(ctx, Page(), search=search).items]


def mine(world: World) -> list[tuple[str, str]]:
    """What the leader reads, with the mark."""
    with world.unit.reading(world.leader) as ctx:
        return [(row.name, row.words_check) for row in places.own_points(ctx, Page()).items]


def draft_with(world: World, point: str) -> str:
    """A draft of the leader, whose own words have passed, that is to be fetched at the point."""
    campaign = world.campaign()
    with world.unit(SYSTEM) as ctx:
        row = ctx.session.scalars(select(Campaign).where(Campaign.public_id == campaign)).one()
        row.state = "draft"
        place = ctx.session.scalars(select(PickupPoint.id).where(PickupPoint.public_id == point)).one()
        ctx.session.add(CampaignPoint(campaign_id=row.id, point_id=place))
    return campaign


def test_before_it_has_passed_only_its_leader_reads_of_it(world: World) -> None:
    point = created(world)
    assert mine(world)[0] == (NAME, "waiting")
    assert NAME not in listed(world)
    assert in_console(world)[0] == ("（审核中）", "", "")
    assert in_console(world, search="顺手") == []
    with world.unit.reading(world.leader) as ctx:
        assert NAME not in dict(drafting.points(ctx)).values()
    with pytest.raises(NotFound), world.unit(world.resident()) as ctx:
        people.change_profile(ctx, ChangeProfile(home_point_id=point))
    with pytest.raises(BeingChecked), world.unit(world.leader) as ctx:
        staffing.invite(ctx, point)
    with pytest.raises(BeingChecked), world.unit(world.leader) as ctx:
        chat_bindings.staff_chat_code(ctx, point)
    with pytest.raises(BeingChecked), world.unit(world.leader) as ctx:
        opening.open_now(ctx, draft_with(world, point))


def test_once_it_has_passed_everybody_does(world: World) -> None:
    point = created(world)
    pass_all(world)
    assert mine(world)[0] == (NAME, "")
    assert NAME in listed(world)
    assert in_console(world, search="顺手") == [(NAME, "花园路2号", "18:00–20:00")]
    who = world.resident()
    with world.unit(who) as ctx:
        home = people.change_profile(ctx, ChangeProfile(home_point_id=point)).home_point
        assert home is not None
        assert home.name == NAME
    with world.unit(world.leader) as ctx:
        assert NAME in dict(drafting.points(ctx)).values()
        assert staffing.invite(ctx, point).code
        assert chat_bindings.staff_chat_code(ctx, point).code


def test_no_campaign_opens_with_a_point_that_was_refused(world: World) -> None:
    point = created(world)
    with world.unit(SYSTEM) as ctx:
        asking.answered(ctx, asking.due(ctx, 1)[0], Suggestion.RISKY, 20006)
    assert mine(world)[0] == (NAME, "refused")
    assert NAME not in listed(world)
    with pytest.raises(ContentRefused), world.unit(world.leader) as ctx:
        opening.open_now(ctx, draft_with(world, point))


def test_over_http_it_is_checked_while_its_leader_waits(world: World, client: Any) -> None:
    with world.unit(SYSTEM) as ctx:
        token = bearer(builders.token(ctx, ctx.session.get_one(Resident, world.leader.resident_id)))
    body = {"name": NAME, "address": "花园路2号"}
    made = client.post("/api/leader/points", json=body, headers=token)
    assert (made.status_code, made.json["words_check"]) == (201, "")
    refused = client.post("/api/leader/points", json=body | {"name": "赌博网"}, headers=token)
    assert (refused.status_code, refused.json["words_check"]) == (201, "refused")
    assert listed(world).count(NAME) == 1
    assert "赌博网" not in listed(world)
