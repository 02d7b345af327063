"""A picture is shown to nobody but its author before the platform has looked at it, and fetched by token only."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from domain.actors import SYSTEM, Actor
from domain.content import Subject
from domain.errors import NotFound
from models import ContentCheck, Evidence, Order, Product
from services import evidence_pictures, leaving
from services.assembly import Lintuan
from services.content_safety import asking, holding
from services.flows import content_safety, evidence, pictures
from services.flows.pictures import UploadPicture
from services.ports import BadNotice
from services.queries import campaigns
from tests.builders import people
from tests.builders.outside import PretendOutside
from tests.builders.people import bearer
from tests.builders.shops import Shop, shop
from tests.services.pickup.world import World, one


def photograph() -> bytes:
    """Some picture."""
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def own(world: World) -> Shop:
    """A leader with something to sell."""
    with world.unit(SYSTEM) as ctx:
        return shop(ctx)


def shown(world: World, own: Shop) -> list[str]:
    """The pictures on the campaign page."""
    with world.unit.reading(SYSTEM) as ctx:
        product = one(ctx, Product, own.product).id
        return campaigns.pictures_of(ctx, [product]).get(product, [])


def word(trace: str, suggest: str = "pass", **changes: Any) -> dict[str, Any]:
    """What the platform pushes."""
    result = {"suggest": suggest, "label": 100 if suggest == "pass" else 20002}
    return {"MsgType": "event", "Event": "wxa_media_check", "trace_id": trace, "errcode": 0, "result": result} | changes


def hear(world: World, message: dict[str, Any]) -> bool:
    """It comes in."""
    with world.unit(SYSTEM) as ctx:
        return asking.hear(ctx, message)


def uploaded(world: World, product: Lintuan, own: Shop) -> str:
    """A new picture, asked about; its trace is `trace-1`."""
    made = pictures.upload(world.unit, product.outside, own.actor, UploadPicture(own.product, photograph()))
    assert content_safety.ask_due(world.unit, product.outside) == 1
    return made


def test_a_picture_is_shown_once_the_push_has_passed_it(world: World, product: Lintuan, own: Shop) -> None:
    picture = uploaded(world, product, own)
    assert shown(world, own) == []
    with pytest.raises(NotFound):
        pictures.read(world.unit, product.outside, picture)
    _, _, checked = pictures.read_own(world.unit, product.outside, own.actor, picture)
    assert checked == "asked"
    with pytest.raises(NotFound):
        pictures.read_own(world.unit, product.outside, world.leader, picture)
    for _ in range(3):
        assert hear(world, word("trace-1"))
    assert shown(world, own) == [picture]
    assert pictures.read(world.unit, product.outside, picture)
    assert hear(world, word("trace-1", "risky"))  # the first word counts
    assert shown(world, own) == [picture]


@pytest.mark.parametrize(("suggest", "state"), [("risky", "refused"), ("review", "review")])
def test_a_doubtful_picture_stays_unseen(world: World, product: Lintuan, own: Shop, suggest: str, state: str) -> None:
    uploaded(world, product, own)
    hear(world, word("trace-1", suggest))
    assert shown(world, own) == []
    with world.unit.reading(SYSTEM) as ctx:
        assert ctx.session.scalars(select(ContentCheck.state)).one() == state


def test_a_push_that_never_comes_or_could_not_look_is_asked_again(
    world: World, product: Lintuan, own: Shop, outside: PretendOutside
) -> None:
    picture = uploaded(world, product, own)
    assert hear(world, word("trace-1", errcode=-1008, result=None))
    assert content_safety.ask_due(world.unit, product.outside) == 1
    world.clock.advance(minutes=36)
    assert content_safety.ask_due(world.unit, product.outside) == 1
    assert hear(world, word("trace-2")) is False  # nobody waits for that one any more
    assert hear(world, word("trace-3"))
    assert shown(world, own) == [picture]
    assert len(outside.mini_program.checked) == 3


def test_a_push_without_sense_is_refused(world: World, product: Lintuan, own: Shop) -> None:
    uploaded(world, product, own)
    for message in (word(""), word("trace-1", result=None), word("trace-1", result={"suggest": "fine", "label": 1}),
                    {**word("x"), "trace_id": 7}):  # fmt: skip
        with pytest.raises(BadNotice):
            hear(world, message)


def test_the_platform_fetches_by_token_and_only_while_it_looks(
    world: World, product: Lintuan, own: Shop, outside: PretendOutside, client: Any
) -> None:
    uploaded(world, product, own)
    path = outside.mini_program.checked[0][2]
    fetched = client.get(path)
    assert (fetched.status_code, fetched.content_type, fetched.headers["Cache-Control"]) == (
        200, "image/jpeg", "no-store",
    )  # fmt: skip
    assert client.get(path[:-1] + "x").status_code == 404
    hear(world, word("trace-1"))
    assert client.get(path).status_code == 404


def test_an_operator_sees_the_picture_that_is_to_be_decided(
    world: World, product: Lintuan, own: Shop, client: Any
) -> None:
    picture = uploaded(world, product, own)
    hear(world, word("trace-1", "review"))
    with world.unit(SYSTEM) as ctx:
        headers = bearer(people.token(ctx, people.operator(ctx)))
    (listed,) = client.get("/api/admin/content-checks?state=review", headers=headers).json["items"]
    assert (listed["picture"], listed["words"], listed["label"]) == (True, {}, 20002)
    path = f"/api/admin/content-checks/{listed['id']}"
    assert client.get(f"{path}/picture", headers=headers).content_type == "image/jpeg"
    assert client.post(f"{path}/pass", headers=headers).json["state"] == "passed"
    assert shown(world, own) == [picture]


def test_evidence_is_its_authors_own_until_it_has_passed(world: World, product: Lintuan) -> None:
    campaign, buyer = world.campaign(), world.resident("王小明")
    order = world.order(buyer, campaign, {"草莓": 1})
    proof = evidence.upload(product, buyer, "claim", photograph())
    with world.unit(buyer) as ctx:
        evidence_pictures.attach(ctx, (proof,), "claim", order=one(ctx, Order, order))

    def sees(who: Actor) -> bool:
        try:
            return bool(evidence.read(product, who, proof))
        except NotFound:
            return False

    assert (sees(buyer), sees(world.leader)) == (True, False)
    content_safety.ask_due(world.unit, product.outside)
    hear(world, word("trace-1"))
    assert (sees(buyer), sees(world.leader)) == (True, True)


def test_a_picture_of_somebody_who_left_is_still_kept_back(world: World, product: Lintuan) -> None:
    buyer = world.resident("王小明")
    proof = evidence.upload(product, buyer, "claim", photograph())
    with world.unit(buyer) as ctx:
        leaving.leave(ctx)
    with world.unit.reading(SYSTEM) as ctx:
        assert ctx.session.scalars(select(ContentCheck.state)).all() == ["waiting"]
        kept = ctx.session.scalars(
            select(Evidence.public_id).where(holding.unseen(Subject.EVIDENCE, Evidence.id))
        ).all()
        assert kept == [proof]
