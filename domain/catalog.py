"""What may be sold: the categories, the refused ones, and the other names of an offer."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from domain.campaigns import REFUSED_CATEGORIES
from domain.errors import Invalid


class Category(StrEnum):
    """The shelf a product stands on."""

    FRUIT = "fruit"
    VEGETABLE = "vegetable"
    MEAT = "meat"
    SEAFOOD = "seafood"
    DAIRY = "dairy"
    EGGS = "eggs"
    BAKERY = "bakery"
    COOKED = "cooked"
    FROZEN = "frozen"
    GRAIN_OIL = "grain_oil"
    SNACKS = "snacks"
    DRINKS = "drinks"
    FLOWERS = "flowers"
    HOUSEHOLD = "household"
    PERSONAL_CARE = "personal_care"
    OTHER = "other"


def admitted_category(text: str) -> Category:
    """The category named `text`; raises `Invalid` for refused and unknown ones, saying which it is."""
    if text in REFUSED_CATEGORIES:
        raise Invalid(
            "Alcohol, medicine, infant formula and tobacco are not sold here.",
            field="category",
            refused=sorted(REFUSED_CATEGORIES),
        )
    if text not in set(Category):
        raise Invalid("There is no such category.", field="category", allowed=sorted(Category))
    return Category(text)


def joined_aliases(aliases: Iterable[str]) -> str:
    """Aliases as one column keeps them; none of them holds white space."""
    return " ".join(aliases)


def aliases_of(column: str) -> tuple[str, ...]:
    """The aliases that `joined_aliases` put together."""
    return tuple(column.split())
