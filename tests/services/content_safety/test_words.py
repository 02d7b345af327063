"""What people write is seen by nobody else before it has passed, and ordering waits for nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from domain.actors import CLOCK, SYSTEM, Actor
from domain.content import Subject, Suggestion
from domain.errors import Forbidden
from models import Alert, ContentCheck, Notification, Resident
from services import leaving, people
from services.assembly import Lintuan
from services.content_safety import asking, deciding, holding
from services.flows import content_safety
from services.paging import Page
from services.people import ChangeProfile, NameCheck
from services.ports import Unreachable
from services.queries import dashboards, orders, own_data
from tests.builders import people as rows
from tests.builders.outside import PretendOutside
from tests.builders.people import bearer
from tests.services.pickup.world import World, offer_named


def named(world: World, who: Actor) -> str:
    """The name that others see."""
    with world.unit.reading(who) as ctx:
        return ctx.session.get_one(Resident, who.id).nickname


def rename(world: World, who: Actor, nickname: str) -> None:
    """The person asks for another name."""
    with world.unit(who) as ctx:
        people.change_profile(ctx, ChangeProfile(nickname=nickname))


def checks(world: World) -> list[tuple[str, str]]:
    """Subject and state of all checks, in their order."""
    with world.unit.reading(SYSTEM) as ctx:
        return [(row.subject, row.state) for row in ctx.session.scalars(select(ContentCheck).order_by(ContentCheck.id))]


def run(world: World, product: Lintuan) -> int:
    """What the sweep does."""
    return content_safety.ask_due(world.unit, product.outside)


def test_a_new_name_is_seen_by_others_when_it_has_passed(world: World, product: Lintuan) -> None:
    who = world.resident("旧名")
    rename(world, who, "新名")
    assert named(world, who) == "旧名"
    with world.unit.reading(who) as ctx:
        check = holding.newest(ctx, Subject.NICKNAME, who.id)
        assert check is not None
        assert holding.words_of(ctx, check) == {"nickname": "新名"}
        assert people.profile(ctx).name_check == NameCheck("新名", "waiting")
    assert run(world, product) == 1
    assert named(world, who) == "新名"
    assert run(world, product) == 0
    with world.unit.reading(who) as ctx:
        assert people.profile(ctx).name_check is None
    with world.unit.reading(SYSTEM) as ctx:
        assert ctx.session.scalars(select(ContentCheck.words)).all() == [""]


def test_risky_words_are_refused_and_their_author_reads_why(world: World, product: Lintuan) -> None:
    who = world.resident("旧名")
    rename(world, who, "赌博网")
    run(world, product)
    assert (named(world, who), checks(world)) == ("旧名", [("nickname", "refused")])
    with world.unit.reading(who) as ctx:
        told = ctx.session.scalars(select(Notification)).one()
        assert (told.resident_id, told.title) == (who.id, "昵称没有通过审核")
        assert "赌博" not in told.body


def test_who_goes_back_to_a_name_that_had_passed_is_not_told_of_a_refused_one(world: World, product: Lintuan) -> None:
    who = world.resident("旧名")
    for name in ("小明", "赌博网"):
        rename(world, who, name)
        run(world, product)
    with world.unit.reading(who) as ctx:
        assert people.profile(ctx).name_check == NameCheck("", "refused")
    rename(world, who, "小明")
    assert (named(world, who), run(world, product)) == ("小明", 0)
    with world.unit.reading(who) as ctx:
        assert people.profile(ctx).name_check is None


def test_only_the_newest_words_count_however_late_the_answer(world: World, product: Lintuan) -> None:
    who = world.resident("旧名")
    rename(world, who, "第一")
    with world.unit(CLOCK) as ctx:
        question = asking.claim(ctx, asking.due(ctx, 1)[0])
    assert question is not None
    rename(world, who, "第二")
    with world.unit(CLOCK) as ctx:
        assert not asking.answered(ctx, question.check, Suggestion.FINE, 100)
    assert named(world, who) == "旧名"
    run(world, product)
    assert (named(world, who), checks(world)) == ("第二", [("nickname", "replaced"), ("nickname", "passed")])


def test_two_sweeps_ask_once(world: World, product: Lintuan, outside: PretendOutside) -> None:
    rename(world, world.resident(), "新名")
    with world.unit(CLOCK) as ctx:
        due = asking.due(ctx, 9)
        assert asking.claim(ctx, due[0]) is not None
    with world.unit(CLOCK) as ctx:
        assert asking.claim(ctx, due[0]) is None
    assert run(world, product) == 0
    world.clock.advance(seconds=61)  # the first one died
    assert run(world, product) == 1
    assert len(outside.mini_program.checked) == 1


def test_while_the_platform_is_down_it_waits_alerts_and_passes_later(
    world: World, product: Lintuan, outside: PretendOutside
) -> None:
    who = world.resident("旧名")
    rename(world, who, "新名")
    outside.mini_program.fails = Unreachable("down", code="-1")
    for _ in range(4):
        assert run(world, product) == 0
        world.clock.advance(minutes=4)
    with world.unit(CLOCK) as ctx:
        asking.watch(ctx)
        assert ctx.session.scalars(select(Alert.kind).where(Alert.done_at.is_(None))).all() == ["content_waiting"]
    outside.mini_program.fails = None
    assert run(world, product) == 1
    assert named(world, who) == "新名"
    with world.unit(CLOCK) as ctx:
        asking.watch(ctx)
        assert ctx.session.scalars(select(Alert.kind).where(Alert.done_at.is_(None))).all() == []


def test_an_author_long_away_holds_nobody_up_and_goes_to_a_person_after_a_day(
    world: World, product: Lintuan, outside: PretendOutside
) -> None:
    away, here = world.resident("甲"), world.resident("乙")
    with world.unit.reading(SYSTEM) as ctx:
        outside.mini_program.long_away.add(ctx.session.get_one(Resident, away.id).openid)
    rename(world, away, "甲甲")
    rename(world, here, "乙乙")
    assert run(world, product) == 1
    assert (named(world, away), named(world, here)) == ("甲", "乙乙")
    world.clock.advance(hours=24)
    run(world, product)
    assert checks(world)[0] == ("nickname", "review")


def test_the_order_counts_while_its_note_is_kept_back(world: World, product: Lintuan) -> None:
    campaign, buyer = world.campaign(), world.resident("王小明")
    order = world.order(buyer, campaign, {"草莓": 1}, note="放门口", recipient="李婆婆")

    def notes() -> tuple[str, str]:
        with world.unit.reading(world.leader) as ctx:
            row = dashboards.orders(ctx, campaign, Page()).items[0]
            return row.note, row.recipient

    assert notes() == ("", "邻居")
    with world.unit.reading(buyer) as ctx:
        own = orders.mine(ctx, order)
        assert (own.state, own.note, own.recipient, own.words_check) == ("paid", "放门口", "李婆婆", "waiting")
    run(world, product)
    assert notes() == ("放门口", "李婆婆")
    again = world.order(buyer, campaign, {"草莓": 1}, note="赌博", recipient="")
    run(world, product)
    assert notes() == ("", "")
    with world.unit.reading(buyer) as ctx:
        assert orders.mine(ctx, again).words_check == "refused"


def test_the_copy_of_ones_data_holds_what_still_waits(world: World, product: Lintuan) -> None:
    buyer = world.resident("王小明")
    world.order(buyer, world.campaign(), {"草莓": 1}, note="放门口", recipient="李婆婆")

    def told() -> tuple[list[str], str]:
        with world.unit.reading(buyer) as ctx:
            document = own_data.export(ctx)
        return [f"{row['about']}：{row['words']}" for row in document["unseen"]], document["orders"][0]["note"]

    assert told() == (["订单备注或收货人：放门口；李婆婆"], "")
    run(world, product)
    assert told() == ([], "放门口")


def test_an_operator_decides_what_the_platform_is_not_sure_of(world: World, product: Lintuan, client: Any) -> None:
    one, two = world.resident("甲"), world.resident("乙")
    rename(world, one, "加微信一")
    rename(world, two, "加微信二")
    run(world, product)
    with world.unit(SYSTEM) as ctx:
        headers = bearer(rows.token(ctx, rows.operator(ctx)))
        assert len(ctx.session.scalars(select(Alert).where(Alert.kind == "content_review")).all()) == 2
    listed = client.get("/api/admin/content-checks?state=review", headers=headers).json["items"]
    assert [row["words"] for row in listed] == [{"nickname": "加微信二"}, {"nickname": "加微信一"}]
    path = f"/api/admin/content-checks/{listed[1]['id']}"
    assert client.post(f"{path}/pass", headers=headers).json["state"] == "passed"
    other = f"/api/admin/content-checks/{listed[0]['id']}/refuse"
    refused = client.post(other, json={"reason": "广告"}, headers=headers)
    assert refused.json["state"] == "refused"
    assert client.post(f"{path}/refuse", json={"reason": "x"}, headers=headers).status_code == 409
    assert client.get(f"{path}/picture", headers=headers).status_code == 404
    assert (named(world, one), named(world, two)) == ("加微信一", "乙")
    with world.unit.reading(SYSTEM) as ctx:
        assert ctx.session.scalars(select(Alert.id).where(Alert.done_at.is_(None))).all() == []


@pytest.mark.parametrize(("kind", "status", "told"), [
    ("viewer", 403, {}), ("finance", 403, {}), ("support", 404, {"nickname": "加微信"}),
])  # fmt: skip
def test_what_waits_is_read_by_those_who_decide_on_it(
    world: World, product: Lintuan, client: Any, kind: str, status: int, told: dict[str, str]
) -> None:
    rename(world, world.resident("甲"), "加微信")
    run(world, product)
    with world.unit(SYSTEM) as ctx:
        operator = rows.operator(ctx)
        operator.kind = kind
        headers = bearer(rows.token(ctx, operator))
    (listed,) = client.get("/api/admin/content-checks", headers=headers).json["items"]
    assert listed["words"] == told
    picture = client.get(f"/api/admin/content-checks/{listed['id']}/picture", headers=headers)
    assert picture.status_code == status


def test_deciding_is_for_operators(world: World, product: Lintuan) -> None:
    rename(world, world.resident(), "加微信")
    run(world, product)
    with world.unit.reading(SYSTEM) as ctx:
        check = ctx.session.scalars(select(ContentCheck.public_id)).one()
    with pytest.raises(Forbidden), world.unit(world.leader) as ctx:
        deciding.pass_by_hand(ctx, check)


def test_over_http_an_order_with_a_note_counts_and_its_note_waits(world: World, client: Any) -> None:
    campaign, buyer = world.campaign(), world.resident("王小明")
    with world.unit(SYSTEM) as ctx:
        token = bearer(rows.token(ctx, ctx.session.get_one(Resident, buyer.id)))
        offer = offer_named(ctx, campaign, "草莓").public_id
    made = []
    for number, note in enumerate(("放门口", "")):
        body = {"campaign": campaign, "point": world.point_ids[0], "note": note,
                "lines": [{"offer": offer, "units": number + 1}]}  # fmt: skip
        headers = {**token, "Idempotency-Key": f"key-{number}-of-a-note"}
        answer = client.post("/api/resident/orders", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        assert client.post("/api/resident/orders", json=body, headers=headers).json == answer.json
        made.append(answer.json)
    assert [order["state"] for order in made] == ["pending_payment"] * 2
    assert checks(world) == [("order", "waiting")]
    with world.unit.reading(world.leader) as ctx:
        assert [row.note for row in dashboards.orders(ctx, campaign, Page()).items] == ["", ""]


def test_words_of_somebody_who_left_go_with_them_even_on_their_way(world: World, product: Lintuan) -> None:
    who = world.resident("旧名")
    rename(world, who, "新名")
    with world.unit(CLOCK) as ctx:
        question = asking.claim(ctx, asking.due(ctx, 1)[0])
    assert question is not None
    with world.unit(who) as ctx:
        leaving.leave(ctx)
    with world.unit(CLOCK) as ctx:
        assert not asking.answered(ctx, question.check, Suggestion.FINE, 100)
        asking.put_off(ctx, question.check, "late")
        asking.refused(ctx, question.check, "late")
    assert (named(world, who), checks(world)) == ("", [])
