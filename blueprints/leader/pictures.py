"""Uploading a picture of a product."""

from __future__ import annotations

from flask import Response, request
from marshmallow import fields

from blueprints.leader.door import door
from blueprints.shared.bodies import refuse_unstorable
from blueprints.shared.schemas import Shown
from domain.actors import Actor
from domain.errors import Invalid, NotFound
from services.assembly import Lintuan
from services.flows import pictures
from services.flows.pictures import UploadPicture

UPLOAD_BYTES = 6_000_000
_MOST_ALT = 255


class PictureSchema(Shown):
    """An uploaded picture; its bytes are at /api/resident/pictures/<id>."""

    id = fields.String(required=True)


@door.post("/products/<product_id>/pictures", shows=PictureSchema(), status=201, flow=True,
           upload_bytes=UPLOAD_BYTES, refuses=[NotFound, Invalid])  # fmt: skip
def upload_picture(product: Lintuan, actor: Actor, product_id: str) -> dict[str, str]:
    """Add a picture: multipart/form-data with the file `picture` (JPEG, PNG, WebP; 5 MB) and a text `alt`."""
    upload = request.files.get("picture")
    if upload is None:
        raise Invalid("Send the picture as multipart/form-data.", field="picture")
    alt = request.form.get("alt", "").strip()
    refuse_unstorable({"alt": alt})
    if len(alt) > _MOST_ALT:
        raise Invalid(f"At most {_MOST_ALT} characters.", field="alt")
    command = UploadPicture(product_id, upload.read(), alt)
    return {"id": pictures.upload(product.unit, product.outside, actor, command)}


@door.get("/pictures/<picture_id>", flow=True, status=200, refuses=[NotFound])
def own_picture(product: Lintuan, actor: Actor, picture_id: str) -> Response:
    """An own picture also while others may not see it; `X-Content-Check` tells where its check stands (审核中)."""
    content, content_type, state = pictures.read_own(product.unit, product.outside, actor, picture_id)
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Content-Check": state}
    return Response(content, 200, headers, content_type=content_type)
