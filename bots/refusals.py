"""A refusal in the chat's words."""

from __future__ import annotations

from datetime import datetime

from domain.clock import local
from domain.errors import DomainError
from services.words import refusal


def in_words(error: DomainError) -> str:
    """The Chinese sentence of a refusal; instants in it are local time, the offer concerned is named."""
    at = error.facts.get("at")
    if isinstance(at, str):
        error.facts["at"] = local(datetime.fromisoformat(at))
    offer = error.facts.get("offer")
    return f"{offer}：{refusal(error)}" if isinstance(offer, str) and offer else refusal(error)
