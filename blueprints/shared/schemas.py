"""The ground of all schemas: strict in what is taken, modest in what is shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, post_load, validate

MOST_INTEGER = 2**63 - 1
MOST_FEN = 10**12
MOST_DISTANT = (1970, 2999)


class Lasting(Schema):
    """A schema whose instances never change, so whoever copies a route's whole document need not copy them.

    Each of the decorators around a view does: without this they were a third of a worker's memory.
    """

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        """Itself."""
        return self


class Taken(Lasting):
    """A request body or query: unknown fields are refused; with `makes` it loads into that command dataclass."""

    makes: ClassVar[type[Any] | None] = None

    class Meta:
        """Strict."""

        unknown = RAISE

    @post_load
    def _make(self, data: Mapping[str, Any], **_: object) -> Any:
        return data if self.makes is None else self.makes(**data)


class Shown(Lasting):
    """A response: only the named attributes leave the house."""

    class Meta:
        """The document makes no false promise."""

        unknown = EXCLUDE


_JOINERS = frozenset("\u200c\u200d")


def _shows(char: str) -> bool:
    return unicodedata.category(char) != "Cf" or char in _JOINERS


class Text(fields.String):
    """One line of trimmed text of `least` to `most` characters, without control characters.

    Characters that show nothing or turn the writing around are dropped, so that no name can disguise itself or the
    line it stands in; the joiners inside emoji stay.
    """

    def __init__(self, most: int, *, least: int = 1, lines: bool = False, **kwargs: Any) -> None:
        self._lines = lines
        super().__init__(validate=validate.Length(least, most), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        given = super()._deserialize(value, attr, data, **kwargs)
        if given.isprintable():  # then it holds nothing that would be dropped or refused
            return given.strip()
        text = "".join(filter(_shows, given)).strip()
        allowed = "\n\t" if self._lines else ""
        if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") and c not in allowed for c in text):
            raise ValidationError("Control characters are not allowed.")
        return text


def check_state() -> fields.String:
    """Where the check of the reader's own words stands, as long as others do not see them."""
    words = "of what others do not see yet: waiting, asked, review (审核中) or refused; empty once they do"
    return fields.String(required=True, metadata={"description": words})


class Whole(fields.Integer):
    """A JSON integer (no text, no float, no truth value) of `least` to `most`."""

    def __init__(self, *, least: int = 0, most: int = MOST_INTEGER, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(least, most), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid", input=value)
        return value


class Fen(Whole):
    """An amount in whole fen."""

    def __init__(self, *, least: int = 0, most: int = MOST_FEN, **kwargs: Any) -> None:
        super().__init__(least=least, most=most, **kwargs)


class Flag(fields.Boolean):
    """JSON true or false, and nothing that merely looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class At(fields.AwareDateTime):
    """An instant, RFC 3339, with a zone; in UTC once it is inside, and in a year that every zone can tell."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        given: datetime = super()._deserialize(value, attr, data, **kwargs)
        if not MOST_DISTANT[0] <= given.year <= MOST_DISTANT[1]:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return given.astimezone(UTC)


def public_id(**kwargs: Any) -> fields.String:
    """The public id of something, e.g. `ord_01m7…`; whether it exists is the service's question."""
    return fields.String(validate=validate.Regexp(r"[a-z]{2,4}_[0-9a-z]{26}\Z"), **kwargs)


class SessionSchema(Shown):
    """A device that is logged in."""

    id = fields.String(attribute="public_id", required=True)
    audience = fields.String(required=True)
    device = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class IssuedCodeSchema(Shown):
    """A one-time code; it is shown here only and kept as a hash."""

    code = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
