"""Finding a row by its public id, with ownership in the WHERE: missing and someone else's look the same."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select

from domain.errors import NotFound
from domain.ids import is_id
from models import Base
from services.context import Ctx

Row = TypeVar("Row", bound=Base)


def by_public_id(ctx: Ctx, table: type[Row], public_id: str, *conditions: ColumnElement[bool]) -> Row:
    """The row of `table` with this id that meets `conditions`; raises `NotFound`. A wrong prefix asks no SQL."""
    if not is_id(table.__name__, public_id):
        raise NotFound
    columns: Any = table
    row = ctx.session.scalars(select(table).where(columns.public_id == public_id, *conditions)).one_or_none()
    if row is None:
        raise NotFound
    return row
