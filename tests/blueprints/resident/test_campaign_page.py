"""The page everybody opens at once: the same bytes as the plain query shows, by one statement, or by none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from blueprints.shared.kept import EXTENSION, KeptPages
from domain.actors import SYSTEM
from domain.ids import new_id
from models import Campaign, HelpSell, Leader, Offer, Picture, Sku
from services.campaigns import ending
from services.context import Ctx
from services.transactions import Transactions
from tests.blueprints.resident.campaign_page import OFFERS, path, plainly, statements
from tests.builders import people
from tests.builders.campaigns import Scene, buy, help_sell, place, scene, settle
from tests.builders.people import bearer


@pytest.fixture
def stage(unit: Transactions) -> Scene:
    with unit(SYSTEM) as ctx:
        made = scene(ctx, *OFFERS, minimum=100, minimum_kind="amount", description="脆 🦀", discount_over_fen=9000,
                     discount_fen=500)  # fmt: skip
    buy(unit, made, 0, {"红颜草莓": 2, "蓝莓": 1})
    place(unit, made, 1, {"红颜草莓": 1})
    return made


def as_it_is(_ctx: Ctx, _stage: Scene) -> None:
    """Nothing more happens."""


def with_pictures(ctx: Ctx, stage: Scene) -> None:
    products = [ctx.session.get_one(Sku, offer.sku_id).product_id for offer in ctx.session.query(Offer)]
    for product in (products[1], products[0], products[1]):
        picture = Picture(public_id=new_id("Picture", ctx.now), leader_id=stage.leader_id, product_id=product,
                          content_type="image/png", created_at=ctx.now)  # fmt: skip
        ctx.session.add(picture)
        ctx.session.flush()


def with_fractions_of_seconds(ctx: Ctx, stage: Scene) -> None:
    moved = {"closes_at": stage.closes_at + timedelta(microseconds=1200), "extended_at": ctx.now}
    ctx.session.execute(update(Campaign).where(Campaign.id == stage.campaign_id).values(**moved))


def paused(ctx: Ctx, stage: Scene) -> None:
    ctx.session.execute(update(Campaign).where(Campaign.id == stage.campaign_id).values(state="paused"))


def closed(ctx: Ctx, stage: Scene) -> None:
    ending.close_now(ctx.acting_as(stage.leader), stage.campaign)


def cancelled(ctx: Ctx, stage: Scene) -> None:
    ending.cancel(ctx.acting_as(stage.leader), stage.campaign, "下雨")


@pytest.mark.parametrize("happened", [as_it_is, with_pictures, with_fractions_of_seconds, paused, closed, cancelled])
def test_the_page_s_bytes_are_those_of_the_plain_query(
    app: Flask, client: FlaskClient, unit: Transactions, stage: Scene, happened: Callable[[Ctx, Scene], None]
) -> None:
    with unit(SYSTEM) as ctx:
        happened(ctx, stage)
    assert client.get(path(stage)).data == plainly(app, unit, stage)


def test_a_settled_campaign_s_page_is_the_plain_one(app: Flask, client: FlaskClient, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        stage = scene(ctx, *OFFERS)
    buy(unit, stage, 0, {"红颜草莓": 1, "蓝莓": 1})
    with unit(stage.leader) as ctx:
        ending.close_now(ctx, stage.campaign)
    settle(unit, stage)
    page = client.get(path(stage))
    assert page.data == plainly(app, unit, stage)
    assert [offer["state"] for offer in page.get_json()["offers"]] == ["failed", "formed", "formed"]


@pytest.mark.parametrize("state", ["active", "ended", "suspended", "another campaign's", "unknown"])
def test_a_helper_s_link_shows_the_helper_as_the_plain_query_does(
    app: Flask, client: FlaskClient, unit: Transactions, stage: Scene, state: str
) -> None:
    with unit(SYSTEM) as ctx:
        helper = people.leader(ctx, people.resident(ctx, "张姐"))
        via = help_sell(ctx, scene(ctx) if state == "another campaign's" else stage, helper)
        if state == "ended":
            ctx.session.execute(update(HelpSell).values(state="ended"))
        if state == "suspended":
            ctx.session.execute(update(Leader).where(Leader.id == helper.id).values(state="suspended"))
    via = "hlp_nobody" if state == "unknown" else via
    page = client.get(path(stage, via))
    assert page.data == plainly(app, unit, stage, via)
    assert (page.get_json()["via"] is not None) is (state == "active")


def test_text_that_cannot_be_stored_is_refused(client: FlaskClient, stage: Scene) -> None:
    assert client.get(path(stage, "%00")).status_code == 422


@pytest.mark.parametrize("state", ["draft", None])
def test_what_is_not_public_is_not_found_by_one_statement(client: FlaskClient, unit: Transactions, stage: Scene,
                                                          state: str | None) -> None:  # fmt: skip
    with unit(SYSTEM) as ctx:
        campaign = scene(ctx, state=state).campaign if state else new_id("Campaign", ctx.now)
    with statements(unit) as sent:
        assert client.get(f"/api/resident/campaigns/{campaign}").status_code == 404
    assert len(sent) == 1
    with statements(unit) as sent:
        assert client.get(f"/api/resident/campaigns/ord_{campaign[4:]}").status_code == 404
    assert sent == []


def test_a_page_costs_one_statement_and_none_while_it_is_kept(
    app: Flask, client: FlaskClient, unit: Transactions, stage: Scene
) -> None:
    with statements(unit) as cold:
        first = client.get(path(stage))
    app.wsgi_app._kept = app.extensions[EXTENSION] = KeptPages(0.1, lambda: 0.0)  # type: ignore[attr-defined]  # the layer around Flask
    client.get(path(stage))
    with statements(unit) as hot:
        again = [client.get(path(stage), headers={"Authorization": "Bearer whoever"}) for _ in range(5)]
    assert (len(cold), len(hot)) == (1, 0)
    assert {answer.data for answer in again} == {first.data}
    headers = [dict(answer.headers, **{"X-Request-ID": ""}) for answer in (first, *again)]
    assert all(each == headers[0] for each in headers)
    assert len({answer.headers["X-Request-ID"] for answer in again}) == 5


def test_who_has_the_page_is_told_that_nothing_changed(client: FlaskClient, unit: Transactions, stage: Scene) -> None:
    etag = client.get(path(stage)).headers["ETag"]
    same = client.get(path(stage), headers={"If-None-Match": etag})
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", etag)
    buy(unit, stage, 2, {"红颜草莓": 1})
    other = client.get(path(stage), headers={"If-None-Match": etag})
    assert (other.status_code, other.get_json()["participant_count"]) == (200, 2)


def test_a_token_costs_one_statement_more(client: FlaskClient, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        token = bearer(people.token(ctx, people.resident(ctx)))
    with statements(unit) as sent:
        client.get("/api/resident/no-such-thing", headers=token)
        client.get("/api/resident/orders/ord_wrong", headers=token)
    assert (
        len([statement for statement in sent if "FROM sessions" in statement]) == len(sent) - sent.count("BEGIN") == 1
    )
