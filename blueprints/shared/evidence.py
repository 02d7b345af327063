"""Evidence over HTTP: one file in as multipart, the bytes out to parties only, never kept by a cache."""

from __future__ import annotations

from flask import Response, request
from marshmallow import fields

from blueprints.shared.schemas import Shown
from domain.actors import Actor
from domain.errors import Invalid
from services.assembly import Lintuan
from services.flows import evidence

UPLOAD_BYTES = 6_000_000


class EvidenceSchema(Shown):
    """An uploaded picture; name its id where it proves something."""

    id = fields.String(required=True)


def take(product: Lintuan, actor: Actor, purpose: str) -> dict[str, str]:
    """Keep the file `picture` of a multipart request for `purpose`; raises what the flow raises."""
    upload = request.files.get("picture")
    if upload is None:
        raise Invalid("Send the picture as multipart/form-data.", field="picture")
    return {"id": evidence.upload(product, actor, purpose, upload.read())}


def show(product: Lintuan, actor: Actor, evidence_id: str) -> Response:
    """The bytes of a picture that the actor may see; raises `NotFound`."""
    content, content_type = evidence.read(product, actor, evidence_id)
    return Response(content, 200, {"Cache-Control": "no-store"}, content_type=content_type)
