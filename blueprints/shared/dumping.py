"""A schema's dump made beforehand: the same fields and values as marshmallow gives, for a tenth of its work."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import Any

from marshmallow import Schema, fields

Reader = Callable[[Any], Any]
_AS_THEY_ARE = (fields.String, fields.Integer, fields.Boolean)


def dumper(schema: Schema) -> Callable[[Any], dict[str, Any]]:
    """What `schema.dump` does to an object that has every attribute the schema names, with values of their types."""
    readers = [(field.data_key or name, _reader(name, field)) for name, field in schema.dump_fields.items()]
    return lambda shown: {key: read(shown) for key, read in readers}


def _reader(name: str, field: fields.Field[Any]) -> Reader:
    if isinstance(field, fields.Function) or not _is_usual(field):
        return partial(field.serialize, name)
    get: Reader = attrgetter(field.attribute or name)
    change = _change(field)
    if change is None:
        return get
    return lambda shown: None if (value := get(shown)) is None else change(value)


def _is_usual(field: fields.Field[Any]) -> bool:
    if isinstance(field, fields.List):
        return _is_usual(field.inner)
    return isinstance(field, (*_AS_THEY_ARE, fields.AwareDateTime)) or type(field) is fields.Nested


def _change(field: fields.Field[Any]) -> Reader | None:
    """What a present value of the field becomes; None when it stays."""
    if isinstance(field, fields.List):
        each = _change(field.inner)
        return list if each is None else lambda values: [each(value) for value in values]
    if isinstance(field, fields.Nested):
        nested = dumper(field.schema)
        return (lambda values: [nested(value) for value in values]) if field.many else nested
    return (lambda at: at.isoformat()) if isinstance(field, fields.AwareDateTime) else None
