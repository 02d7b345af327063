"""The texts I am asked to agree to, and agreeing."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import fields, validate

from blueprints.resident.door import door
from blueprints.shared.schemas import Shown, Taken, Text
from domain.agreements import DOCUMENTS
from domain.errors import Invalid
from services import consents
from services.consents import ConsentShown
from services.context import Ctx


class AgreementSchema(Shown):
    """A text in force; `agreed_version` is the newest version of it that I agreed to."""

    document = fields.String(required=True, metadata={"enum": list(DOCUMENTS)})
    version = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    agreed_version = fields.String(required=True, allow_none=True)
    agreed_at = fields.AwareDateTime(required=True, allow_none=True)


class ConsentsSchema(Shown):
    """All of them."""

    items = fields.List(fields.Nested(AgreementSchema()), required=True)


class AgreeSchema(Taken):
    """The text that was read."""

    document = fields.String(required=True, validate=validate.OneOf(DOCUMENTS))
    version = Text(32, required=True)


@door.get("/consents", shows=ConsentsSchema())
def list_consents(ctx: Ctx) -> dict[str, list[ConsentShown]]:
    """The texts in force, and what I agreed to."""
    return {"items": consents.mine(ctx)}


@door.post("/consents", takes=AgreeSchema(), shows=ConsentsSchema(), refuses=[Invalid])
def agree(ctx: Ctx, body: Mapping[str, str]) -> dict[str, list[ConsentShown]]:
    """Agree to a text in the version in force."""
    consents.agree(ctx, body["document"], body["version"])
    return {"items": consents.mine(ctx)}
