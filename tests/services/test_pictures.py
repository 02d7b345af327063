"""Pictures: cleaned and stored before they are written down, of own products only."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select

from domain.actors import SYSTEM
from domain.errors import Invalid, NotFound
from domain.ids import new_id
from models import Picture
from services.flows import pictures
from services.flows.pictures import UploadPicture
from services.pictures import MAX_PER_PRODUCT
from services.transactions import Transactions
from tests.builders.outside import PretendOutside
from tests.builders.shops import Shop, shop


def photograph(size: int = 8) -> bytes:
    out = BytesIO()
    Image.new("RGB", (size, size), "red").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def own(unit: Transactions) -> Shop:
    with unit(SYSTEM) as ctx:
        return shop(ctx)


def test_an_uploaded_picture_is_read_by_everybody(unit: Transactions, outside: PretendOutside, own: Shop) -> None:
    picture = pictures.upload(unit, outside, own.actor, UploadPicture(own.product, photograph(), "一盒草莓"))
    content, content_type = pictures.read(unit, outside, picture)
    assert content_type == "image/jpeg"
    assert Image.open(BytesIO(content)).size == (8, 8)


def test_what_is_no_picture_leaves_nothing_behind(unit: Transactions, outside: PretendOutside, own: Shop) -> None:
    for content in (b"", b"<svg onload=alert(1)>", b"x" * (5 * 1024 * 1024 + 1)):
        with pytest.raises(Invalid) as refusal:
            pictures.upload(unit, outside, own.actor, UploadPicture(own.product, content))
        assert refusal.value.facts["field"] == "picture"
    with unit.reading() as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(Picture)) == 0


def test_nobody_hangs_a_picture_on_anothers_product(unit: Transactions, outside: PretendOutside, own: Shop) -> None:
    with unit(SYSTEM) as ctx:
        other = shop(ctx)
    with pytest.raises(NotFound):
        pictures.upload(unit, outside, other.actor, UploadPicture(own.product, photograph()))


def test_a_product_has_a_bounded_number_of_pictures(unit: Transactions, outside: PretendOutside, own: Shop) -> None:
    for _ in range(MAX_PER_PRODUCT):
        pictures.upload(unit, outside, own.actor, UploadPicture(own.product, photograph()))
    with pytest.raises(Invalid, match="at most"):
        pictures.upload(unit, outside, own.actor, UploadPicture(own.product, photograph()))


def test_a_made_up_picture_is_not_found(unit: Transactions, outside: PretendOutside, own: Shop) -> None:
    with unit.reading() as ctx:
        unknown = new_id("Picture", ctx.now)
    for picture in (unknown, own.product, "../../etc/passwd"):
        with pytest.raises(NotFound):
            pictures.read(unit, outside, picture)
