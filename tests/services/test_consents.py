"""Consent is given to one version of a text; where it is asked for, no door takes an order without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from domain import agreements
from domain.actors import SYSTEM
from domain.agreements import Agreement
from domain.errors import ConsentNeeded, Invalid
from models import AuditRecord, Consent, Order, Resident
from services import consents, ordering
from services.assembly import Lintuan
from services.transactions import Transactions
from services.words import refusal
from tests.builders import people
from tests.builders.campaigns import Scene, Terms, buyer, place, stage_of, wanted
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.builders.people import bearer
from tests.builders.settings import test_settings
from tests.services.hot.scene import counted, do, join
from tests.services.hot.test_joining import READS, WRITES

VERSION = agreements.in_force("privacy").version


@pytest.fixture
def strict(product: Lintuan, unit: Transactions) -> Transactions:
    """Transactions of a product that asks for consent."""
    policy = replace(product.policy, consent_needed=True)
    return Transactions(unit.engine, product.clock, policy, product.vault, lambda: "strict")


def agree(unit: Transactions, who: int, version: str = VERSION) -> None:
    with unit(buyer(who)) as ctx:
        consents.agree(ctx, "privacy", version)


def test_agreeing_twice_is_agreeing_once_and_leaves_one_record(unit: Transactions) -> None:
    stage = stage_of(unit)
    for _ in range(2):
        agree(unit, stage.buyers[0])
    with unit.reading(buyer(stage.buyers[0])) as ctx:
        privacy, terms = consents.mine(ctx)
        records = ctx.session.scalars(select(AuditRecord.reason).where(AuditRecord.event == "agree")).all()
    assert (privacy.document, privacy.agreed_version) == ("privacy", VERSION)
    assert (terms.document, terms.agreed_version, terms.agreed_at) == ("terms", None, None)
    assert records == [f"隐私说明 {VERSION}"]


def test_a_text_that_is_not_in_force_cannot_be_agreed_to(unit: Transactions) -> None:
    stage = stage_of(unit)
    with pytest.raises(Invalid):
        agree(unit, stage.buyers[0], "2020-01")
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(Consent)).all() == []


def test_where_it_is_asked_for_an_order_needs_consent_to_the_privacy_text(
    unit: Transactions, strict: Transactions
) -> None:
    stage = stage_of(unit, Terms(quota=5))
    with pytest.raises(ConsentNeeded) as refused:
        place(strict, stage, 0)
    assert refusal(refused.value) == "下单前请先在小程序里阅读并同意《隐私说明》。"
    with strict(buyer(stage.buyers[0])) as ctx:
        consents.agree(ctx, "terms", agreements.in_force("terms").version)
    with pytest.raises(ConsentNeeded):
        place(strict, stage, 0)
    agree(unit, stage.buyers[0])
    place(strict, stage, 0)


def test_where_it_is_not_asked_for_anybody_orders(unit: Transactions) -> None:
    place(unit, stage_of(unit, Terms(quota=5)), 0)


def test_a_new_version_of_the_text_asks_everybody_again(
    unit: Transactions, strict: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = stage_of(unit, Terms(quota=5))
    agree(unit, stage.buyers[0])
    newer = Agreement("privacy", "2027-01", "隐私说明", "新")
    monkeypatch.setattr(consents, "IN_FORCE", (newer,))
    monkeypatch.setattr(consents, "AGREED", (Consent.document == "privacy", Consent.version == newer.version))
    with pytest.raises(ConsentNeeded):
        place(strict, stage, 0)
    with unit.reading(buyer(stage.buyers[0])) as ctx:
        (shown,) = consents.mine(ctx)
    assert (shown.version, shown.agreed_version) == ("2027-01", VERSION)


def test_the_rush_leaves_who_has_not_agreed_to_the_plain_path(unit: Transactions, strict: Transactions) -> None:
    stage = stage_of(unit, Terms(quota=5, per_person=2), buyers=2)
    agree(unit, stage.buyers[0])
    with counted(unit) as sent:
        said = do(strict, join(stage, 0), join(stage, 1))
    assert said == ["pending_payment None", "plain"]
    assert len([text for text in sent if not text.startswith("BEGIN")]) == READS + 1 + WRITES
    with pytest.raises(ConsentNeeded), strict(buyer(stage.buyers[1])) as ctx:
        ordering.place(ctx, wanted(stage))


@pytest.fixture
def strict_app(
    database_url: str, tmp_path: Path, clock: FrozenClock, outside: PretendOutside, app: Flask
) -> Iterator[Flask]:
    """The product with LINTUAN_CONSENT on, beside `app` on the same database."""
    made = create_app(test_settings(tmp_path, database_url, consent=True), clock=clock, outside=outside)
    yield made
    made.extensions["lintuan"].unit.engine.dispose()


def _headers(unit: Transactions, stage: Scene) -> dict[str, str]:
    with unit(SYSTEM) as ctx:
        return bearer(people.token(ctx, ctx.session.get_one(Resident, stage.buyers[0])))


def test_over_http_the_refusal_names_the_version_and_agreeing_opens_the_way(
    strict_app: Flask, unit: Transactions
) -> None:
    stage = stage_of(unit, Terms(quota=5))
    client, phone = strict_app.test_client(), _headers(unit, stage)
    (offer,) = stage.offers.values()
    order = {"campaign": stage.campaign, "point": stage.point, "lines": [{"offer": offer, "units": 1}]}

    def ask(key: str) -> tuple[int, str]:
        said = client.post("/api/resident/orders", json=order, headers={**phone, "Idempotency-Key": key})
        return said.status_code, said.get_json().get("code", "")

    assert ask("the-first-key") == (409, "consent_needed")
    shown = client.get("/api/resident/consents", headers=phone).get_json()["items"]
    assert [(item["document"], item["agreed_version"]) for item in shown] == [("privacy", None), ("terms", None)]
    assert "邻团" in shown[0]["text"]
    for wrong in ({"document": "privacy", "version": "0"}, {"document": "cookies", "version": "1"}):
        assert client.post("/api/resident/consents", json=wrong, headers=phone).status_code == 422
    agreed = {"document": "privacy", "version": shown[0]["version"]}
    said = client.post("/api/resident/consents", json=agreed, headers=phone).get_json()["items"]
    assert said[0]["agreed_version"] == VERSION
    assert ask("the-first-key") == (201, "")
    with unit.reading() as ctx:
        assert len(ctx.session.scalars(select(Order)).all()) == 1
