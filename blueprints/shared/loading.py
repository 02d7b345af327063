"""A schema's load made beforehand: what is plainly right is taken for a fifth of marshmallow's work, all else is its.

The rules stay the schema's: its own fields, validators and defaults are asked, without the ceremony around them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing

from blueprints.shared.schemas import Taken, Whole

Load = Callable[[Any], Any]


class _Unusual(Exception):
    """Not plainly right: marshmallow has to say what is wrong, if anything is."""


def loader(schema: Schema) -> Load:
    """What `schema.load` does with a JSON value; raises `ValidationError` with marshmallow's own messages."""
    quick = _quick(schema)
    if quick is None:
        return schema.load

    def load(given: Any) -> Any:
        try:
            return quick(given)
        except (_Unusual, ValidationError):
            return schema.load(given)

    return load


def _quick(schema: Schema) -> Load | None:
    """A load of what is plainly right; None for a schema with rules beside those of its fields."""
    if not isinstance(schema, Taken) or not _is_usual(schema):
        return None
    made = [
        (field.data_key or name, field.attribute or name, field.load_default, field.required, _reader(field))
        for name, field in schema.load_fields.items()
    ]
    make = schema.makes

    def load(given: Any) -> Any:
        if not isinstance(given, dict):
            raise _Unusual
        values, met = {}, 0
        for key, name, default, required, read in made:
            if key in given:
                met += 1
                values[name] = read(given[key])
            elif required:
                raise _Unusual
            elif default is not missing:
                values[name] = default() if callable(default) else default
        if met < len(given):  # there is a field that the schema does not know
            raise _Unusual
        return values if make is None else make(**values)

    return load


def _is_usual(schema: Taken) -> bool:
    """Whether nothing but the fields and `Taken` itself has a say in what is loaded."""
    hooks: Mapping[str, list[Any]] = schema._hooks
    others = [name for kind, named in hooks.items() for name, *_ in named if (kind, name) != ("post_load", "_make")]
    dotted = [name for name, field in schema.load_fields.items() if "." in (field.attribute or name)]
    ours = type(schema)._make is Taken._make
    return ours and not (others or dotted or schema.many or schema.partial) and schema.unknown == RAISE


def _reader(field: fields.Field[Any]) -> Load:
    """What a value sent for a field becomes; raises `_Unusual` or `ValidationError`."""
    take = None if field.pre_load or field.post_load else _take(field)
    if take is None:
        return field.deserialize
    validators = field.validators

    def read(given: Any) -> Any:
        value = take(given)
        for validate in validators:
            validate(value)
        return value

    return read


def _take(field: fields.Field[Any]) -> Load | None:
    """What the kinds of field that are met most become before they are validated."""
    if type(field) is fields.String:
        return _text
    if type(field) is Whole:
        return _whole
    if type(field) is fields.List:
        each = _reader(field.inner)
        return lambda given: [each(value) for value in _plain_list(given)]
    if type(field) is fields.Nested and not field.many and field.unknown is None:
        return _quick(field.schema)
    return None


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise _Unusual
    return given


def _whole(given: Any) -> int:
    if type(given) is not int:
        raise _Unusual
    return given


def _plain_list(given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise _Unusual
    return given
