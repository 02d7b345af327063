"""A poster says what, for how much, until when and where, and its code opens the campaign."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import segno
import zxingcpp
from PIL import Image, ImageChops
from sqlalchemy import update

from domain.actors import Actor
from domain.errors import NoChineseFont, NotFound
from integrations.posters import Posters
from models import Campaign
from services import sessions
from services.assembly import Lintuan
from services.flows import posters
from services.ports import PosterFacts
from services.queries import campaigns
from tests.builders.outside import PretendMiniProgram, PretendOutside
from tests.services.pickup.world import World, one


def qr(text: str) -> bytes:
    """A picture of a QR."""
    out = BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=8)
    return out.getvalue()


@pytest.fixture
def codes(outside: PretendOutside, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The platform draws codes that can be read; which scenes it was asked for."""
    asked: list[str] = []

    def code_image(_self: PretendMiniProgram, scene: str, page: str) -> bytes:
        asked.append(scene)
        return qr(f"{page}?scene={scene}")

    monkeypatch.setattr(PretendMiniProgram, "code_image", code_image)
    return asked


def read(png: bytes) -> list[str]:
    """What a camera reads on it."""
    with Image.open(BytesIO(png)) as image:
        return [found.text for found in zxingcpp.read_barcodes(image)]


def test_a_camera_reads_the_code_and_the_words_stand_on_it(world: World, product: Lintuan, codes: list[str]) -> None:
    campaign = world.campaign()
    drawn = posters.poster(product, world.leader, campaign)
    assert read(drawn) == [f"pages/campaign/campaign?scene={codes[0]}"]
    with world.unit.reading(world.leader) as ctx:
        facts = posters.facts_of(campaigns.view(ctx, one(ctx, Campaign, campaign)))
    assert (facts.title, facts.price, facts.points, facts.leader) == (
        "周五水果", "¥10.01 起", ("自提点：东门、西门",), "团长：王团长",
    )  # fmt: skip
    assert facts.closes == "11-26 13:00 截团"
    assert "长按识别" in facts.hint


def test_it_is_drawn_once_and_anew_when_what_it_says_has_changed(
    world: World, product: Lintuan, codes: list[str]
) -> None:
    campaign = world.campaign()
    first, again = (posters.poster(product, world.leader, campaign) for _ in range(2))
    assert (first == again, len(codes)) == (True, 1)
    with world.unit(world.leader) as ctx:
        ctx.session.execute(update(Campaign).values(title="周六水果"))
    assert posters.poster(product, world.resident(), campaign) != first
    assert len(set(codes)) == 1


def test_a_draft_has_none_and_a_leader_draws_own_campaigns_only(
    world: World, product: Lintuan, codes: list[str]
) -> None:
    campaign = world.campaign()
    stranger = Actor(world.leader.role, world.leader.id + 1000, world.leader.resident_id)
    with pytest.raises(NotFound):
        posters.poster(product, stranger, campaign)
    with world.unit(world.leader) as ctx:
        ctx.session.execute(update(Campaign).values(state="draft"))
    for who in (world.leader, world.resident()):
        with pytest.raises(NotFound):
            posters.poster(product, who, campaign)
    assert codes == []


def test_over_http_for_leader_and_resident(world: World, client: Any, codes: list[str]) -> None:
    campaign = world.campaign()
    with world.unit(world.leader) as ctx:
        token = sessions.open_session(ctx, "resident", resident_id=world.leader.resident_id, device="t")
    for door in ("leader", "resident"):
        path = f"/api/{door}/campaigns/{campaign}/poster.png"
        answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.content_type) == (200, "image/png")
        assert read(answer.data)


FACTS = PosterFacts("红" * 60, "¥1.00", ("满 10 盒降到 ¥0.90",), "截团", ("东门",), "团长", "长按识别")


def test_chinese_characters_are_really_drawn() -> None:
    """Characters that a font lacks all look alike."""
    paint = Posters()
    pages = [Image.open(BytesIO(paint(PosterFacts(title, "", (), "", (), "", ""), qr("x")))) for title in "草莓"]
    assert ImageChops.difference(*pages).getbbox() is not None


def test_a_long_title_and_a_picture_leave_the_code_readable() -> None:
    out = BytesIO()
    Image.effect_noise((1600, 900), 80).convert("RGB").save(out, "JPEG")
    assert read(Posters()(FACTS, qr("still here"), out.getvalue())) == ["still here"]


def test_without_a_chinese_font_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoChineseFont):
        Posters(str(tmp_path / "nowhere.ttc"))(FACTS, qr("x"))
