"""What was said to the bot, for an operator with a reason; every look is on record."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import fields

from blueprints.admin.door import door
from blueprints.shared.schemas import Shown, Taken, Text
from domain.actors import Actor
from domain.errors import Invalid, NotFound
from services.assembly import Lintuan
from services.paging import Page, Slice
from services.queries import transcripts
from services.queries.transcripts import Turn


class TurnSchema(Shown):
    """One turn, without codes, phones and names; `at` is Shanghai time."""

    at = fields.AwareDateTime(required=True)
    channel = fields.String(required=True)
    by = fields.String(required=True, metadata={"description": "masked"})
    said = fields.String(required=True)
    told = fields.String(required=True, metadata={"description": "the answer, empty when there was none in words"})


class WhySchema(Taken):
    """Why it is read: required, and kept with the look."""

    reason = Text(100, least=0, load_default="", metadata={"description": "required"})


@door.get("/chats/<chat_id>/transcript", shows=TurnSchema(), query=WhySchema(), paged=True, flow=True,
          refuses=[NotFound, Invalid])  # fmt: skip
def read_chat_transcript(
    product: Lintuan, actor: Actor, chat_id: str, page: Page, query: Mapping[str, str]
) -> Slice[Turn]:
    """What was said to the bot in a bound chat in the last days, newest first; who looked, when and why is kept."""
    with product.unit(actor) as ctx:
        return transcripts.of_chat(ctx, chat_id, query["reason"], page)


@door.get("/residents/<resident_id>/transcript", shows=TurnSchema(), query=WhySchema(), paged=True, flow=True,
          refuses=[NotFound, Invalid])  # fmt: skip
def read_resident_transcript(
    product: Lintuan, actor: Actor, resident_id: str, page: Page, query: Mapping[str, str]
) -> Slice[Turn]:
    """What a resident said to the bot alone, on every channel; who looked, when and why is kept."""
    with product.unit(actor) as ctx:
        return transcripts.of_resident(ctx, resident_id, query["reason"], page)
