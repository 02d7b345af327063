"""How people appear to their neighbours: first character and two stars, never a digit."""

from __future__ import annotations

ANONYMOUS = "匿名邻居"


def masked_name(name: str, anonymous: bool = False) -> str:
    """`王小明` -> `王**`; digits are removed first; nothing left gives the anonymous neighbour."""
    if anonymous:
        return ANONYMOUS
    letters = [c for c in name.strip() if not c.isdigit() and not c.isspace() and c.isprintable()]
    return f"{letters[0]}**" if letters else ANONYMOUS


def masked_phone(phone: str) -> str:
    """`13800001234` -> `138****1234`; anything shorter shows its last two digits at most."""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return f"****{phone[-2:]}" if phone else ""
