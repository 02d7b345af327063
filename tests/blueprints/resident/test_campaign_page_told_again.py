"""A campaign page that is too old: asked for with all others that wait, and told without Flask, as it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask, request_started
from flask.testing import FlaskClient
from sqlalchemy import text, update
from werkzeug.test import TestResponse

from app import create_app
from blueprints.shared.kept import EXTENSION, KeptPages
from domain.actors import SYSTEM
from domain.ids import new_id
from models import Campaign, HelpSell
from services.hot import campaign_pages, page_sources
from services.hot.page_sources import PageSources
from services.transactions import Transactions
from tests.blueprints.resident.campaign_changes import CHANGES, held
from tests.blueprints.resident.campaign_page import OFFERS, path, plainly, statements
from tests.builders import people
from tests.builders.campaigns import Scene, buy, help_sell, scene, stage_of
from tests.builders.clock import FrozenClock
from tests.builders.settings import test_settings
from tests.services.hot.meanwhile import meanwhile


class Watch:
    """The seconds by which pages grow old."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch(app: Flask) -> Watch:
    """Pages are kept for 100 ms by this watch."""
    watch, before = Watch(), app.extensions[EXTENSION]
    pages = KeptPages(0.1, watch)
    pages.teller = before.teller
    app.wsgi_app._kept = app.extensions[EXTENSION] = pages  # type: ignore[attr-defined]  # the layer around Flask
    return watch


@pytest.fixture
def stage(unit: Transactions) -> Scene:
    made = stage_of(unit, *OFFERS, minimum=10)
    buy(unit, made, 0, {"红颜草莓": 1, "蓝莓": 1})
    return made


@contextmanager
def asked(app: Flask) -> Iterator[list[str]]:
    """The paths for which Flask is asked in the block."""
    heard: list[str] = []

    def note(_app: Flask, **_: object) -> None:
        heard.append("asked")

    with request_started.connected_to(note, app):
        yield heard


def again(app: Flask, unit: Transactions, watch: Watch, address: str) -> TestResponse:
    """The page once the kept one is too old: by one statement, without Flask."""
    watch.now += 0.11
    with statements(unit) as sent, asked(app) as flask:
        page = app.test_client().get(address)
    assert (len(sent), flask) == (1, [])
    return page


def while_kept(app: Flask, unit: Transactions, stage: Scene) -> bytes:
    """The page while it is kept: no statement at all."""
    with statements(unit) as sent:
        page = app.test_client().get(path(stage))
    assert sent == []
    return page.data


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changed_is_told_once_the_page_is_too_old(
    app: Flask, unit: Transactions, watch: Watch, stage: Scene, change: Callable[[Transactions, Scene], None]
) -> None:
    first = again(app, unit, watch, path(stage))
    change(unit, stage)
    assert first.data == while_kept(app, unit, stage)
    second = again(app, unit, watch, path(stage))
    assert second.data == plainly(app, unit, stage) != first.data
    assert second.headers["ETag"] != first.headers["ETag"]
    assert int(second.headers["Content-Length"]) == len(second.data)


def test_a_page_that_did_not_change_is_told_by_the_same_bytes_and_young_again(
    app: Flask, unit: Transactions, watch: Watch, stage: Scene
) -> None:
    first = again(app, unit, watch, path(stage))
    assert first.data == plainly(app, unit, stage)
    for _ in range(3):
        page = again(app, unit, watch, path(stage))
        assert (page.status_code, page.data, page.headers["ETag"]) == (200, first.data, first.headers["ETag"])
        watch.now += 0.09
        assert while_kept(app, unit, stage) == first.data


def test_the_page_is_told_as_flask_would_answer_it(app: Flask, unit: Transactions, watch: Watch, stage: Scene) -> None:
    told = again(app, unit, watch, path(stage))
    app.extensions[EXTENSION].teller, watch.now = None, watch.now + 1
    with asked(app) as flask:
        answered = app.test_client().get(path(stage))
    assert flask == ["asked"]
    assert told.data == answered.data
    same = [dict(each.headers, **{"X-Request-ID": ""}) for each in (told, answered)]
    assert same[0] == same[1]


def test_the_clock_alone_opens_and_closes_a_page(
    app: Flask, unit: Transactions, watch: Watch, clock: FrozenClock
) -> None:
    stage = stage_of(unit)
    with unit(SYSTEM) as ctx:
        ctx.session.execute(update(Campaign).values(opens_at=clock.now() + timedelta(hours=1)))
    for moment, open_then in ((timedelta(hours=1), True), (timedelta(hours=7), False)):
        before = again(app, unit, watch, path(stage))
        assert before.get_json()["takes_orders"] is not open_then
        clock.advance(seconds=moment.total_seconds() - 0.001)
        assert again(app, unit, watch, path(stage)).data == before.data
        clock.advance(seconds=0.001)
        page = again(app, unit, watch, path(stage))
        assert (page.get_json()["takes_orders"], page.data) == (open_then, plainly(app, unit, stage))


def test_who_has_the_page_is_told_that_nothing_changed_until_something_did(
    app: Flask, client: FlaskClient, unit: Transactions, watch: Watch, stage: Scene
) -> None:
    etag = again(app, unit, watch, path(stage)).headers["ETag"]
    for change, status in ((None, 304), (held, 200)):
        if change:
            change(unit, stage)
        watch.now += 0.11
        with asked(app) as flask:
            assert client.get(path(stage), headers={"If-None-Match": etag}).status_code == status
        assert flask == []


def test_a_helper_s_link_is_told_again_until_the_helper_is_gone(
    app: Flask, unit: Transactions, watch: Watch, stage: Scene
) -> None:
    with unit(SYSTEM) as ctx:
        via = help_sell(ctx, stage, people.leader(ctx, people.resident(ctx, "张姐")))
    for state in ("active", "ended"):
        with unit(SYSTEM) as ctx:
            ctx.session.execute(update(HelpSell).values(state=state))
        page = again(app, unit, watch, path(stage, via))
        assert page.data == plainly(app, unit, stage, via)
        assert (page.get_json()["via"] is not None) is (state == "active")
        assert again(app, unit, watch, path(stage)).get_json()["via"] is None


def test_pages_that_wait_together_are_asked_for_by_one_statement(
    app: Flask, unit: Transactions, watch: Watch, stage: Scene
) -> None:
    with unit(SYSTEM) as ctx:
        others = [scene(ctx, buyers=0) for _ in range(5)]
        via = help_sell(ctx, stage, people.leader(ctx, people.resident(ctx)))
    addresses = [*map(path, others), path(stage), path(stage, via), path(stage, "hlp_nobody")]
    queue = app.extensions["lintuan"].rush.pages.together

    def get(address: str) -> TestResponse:
        return app.test_client().get(address)

    for _ in range(2):
        watch.now += 0.11
        with statements(unit) as sent, asked(app) as flask:
            pages = meanwhile(unit, queue, [partial(get, address) for address in addresses])
        assert (len(sent), flask) == (2, []), "the first one's, and that of all the others"
        assert [page.get_json()["id"] for page in pages] == [*[of.campaign for of in others], *[stage.campaign] * 3]
        assert [page.get_json()["via"] is not None for page in pages] == [*[False] * 6, True, False]
        held(unit, stage)


def test_however_many_are_asked_for_the_database_meets_few_statements(unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        ids = [scene(ctx, buyers=0).campaign for _ in range(9)]
        drafted, unknown = scene(ctx, buyers=0, state="draft").campaign, new_id("Campaign", ctx.now)
    with statements(unit) as sent, unit.glance() as reads:
        for size in range(1, 10):
            found = campaign_pages.sources(reads, [(each, "") for each in ids[:size]])
            assert [each in source for each, source in zip(ids, found, strict=False) if source] == [True] * size
        assert campaign_pages.sources(reads, [(drafted, ""), (ids[0], ""), (unknown, "")])[::2] == [None, None]
    assert len(sent) == 10
    assert len(set(sent)) == 5, "of 1, 2, 4, 8 and 16 places"


@pytest.mark.parametrize("wrong", ["", "via=%68", "via=a&via=b", "limit=1", "via=" + "x" * 41])
def test_an_address_that_may_be_refused_is_left_to_flask(
    app: Flask, unit: Transactions, watch: Watch, stage: Scene, wrong: str
) -> None:
    address = f"{path(stage)}?{wrong}" if wrong else path(stage).replace("cmp_", "ord_")
    with asked(app) as flask:
        told = app.test_client().get(address)
    app.extensions[EXTENSION].teller, watch.now = None, watch.now + 1
    assert flask == ["asked"]
    assert told.status_code == app.test_client().get(address).status_code


@pytest.mark.parametrize("state", ["draft", None])
def test_what_is_not_public_is_refused_by_flask_and_never_kept(
    app: Flask, client: FlaskClient, unit: Transactions, watch: Watch, state: str | None
) -> None:
    with unit(SYSTEM) as ctx:
        campaign = scene(ctx, state=state).campaign if state else new_id("Campaign", ctx.now)
    with asked(app) as flask:
        assert [client.get(f"/api/resident/campaigns/{campaign}").status_code for _ in range(2)] == [404, 404]
    assert flask == ["asked"] * 2
    if state:
        with unit(SYSTEM) as ctx:
            ctx.session.execute(update(Campaign).where(Campaign.public_id == campaign).values(state="open"))
        assert client.get(f"/api/resident/campaigns/{campaign}").status_code == 200


def test_without_its_database_no_old_page_is_told_but_the_error(
    app: Flask, unit: Transactions, watch: Watch, stage: Scene
) -> None:
    again(app, unit, watch, path(stage))
    with unit(SYSTEM) as ctx:
        ctx.session.execute(text("ALTER TABLE pictures RENAME TO gone"))
    try:
        watch.now += 0.11
        refused = app.test_client().get(path(stage))
    finally:
        with unit(SYSTEM) as ctx:
            ctx.session.execute(text("ALTER TABLE gone RENAME TO pictures"))
    assert (refused.status_code, refused.mimetype) == (500, "application/problem+json")
    assert again(app, unit, watch, path(stage)).data == plainly(app, unit, stage)


def test_when_too_many_wait_a_page_is_read_the_plain_way(unit: Transactions, stage: Scene, clock: FrozenClock) -> None:
    assert PageSources(unit, clock, 0).ask((stage.campaign, "")) is None


def test_without_a_rush_flask_tells_every_page(
    database_url: str, tmp_path: Path, clock: FrozenClock, unit: Transactions, stage: Scene
) -> None:
    plain = create_app(test_settings(tmp_path, database_url, rush_waiting=0, page_keep_ms=60_000), clock=clock)
    with asked(plain) as flask:
        pages = [plain.test_client().get(path(stage)).data for _ in range(2)]
    plain.extensions["lintuan"].unit.engine.dispose()
    assert pages == [plainly(plain, unit, stage)] * 2
    assert flask == ["asked"]


@pytest.mark.parametrize("forgets", ["held_units", "the clock"])
def test_a_source_that_forgot_something_would_tell_an_old_page(
    app: Flask, unit: Transactions, watch: Watch, stage: Scene, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch,
    forgets: str,
) -> None:  # fmt: skip
    """The negative control: so this file's comparisons do see a page that is not told anew."""
    if forgets == "held_units":
        monkeypatch.setattr(campaign_pages, "_PAGES", campaign_pages._PAGES.replace("o.held_units", "0"))
        campaign_pages._statement.cache_clear()
    else:
        monkeypatch.setattr(page_sources, "admits", lambda *_: True)
    first = again(app, unit, watch, path(stage))
    if forgets == "held_units":
        held(unit, stage)
    else:
        clock.set(stage.closes_at)
    second = again(app, unit, watch, path(stage))
    campaign_pages._statement.cache_clear()
    assert first.data == second.data != plainly(app, unit, stage)
