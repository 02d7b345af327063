"""What a planted bug is: one name of the product replaced by a slightly wrong version, for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Wrong = Callable[[Any], Any]


@dataclass(frozen=True)
class Bug:
    """A plausible mistake against `rule`; `wrong` makes it of what stands under `name` in `owner`."""

    rule: str
    words: str
    owner: Any
    name: str
    wrong: Wrong

    @property
    def title(self) -> str:
        """The bug's short name."""
        return self.wrong.__name__.replace("_", " ")

    @contextmanager
    def planted(self) -> Iterator[None]:
        """The product with this bug in it."""
        true = getattr(self.owner, self.name)
        setattr(self.owner, self.name, self.wrong(true))
        try:
            yield
        finally:
            setattr(self.owner, self.name, true)


PLANTED: dict[str, Bug] = {}
"""Rule -> the bug that must be found because of it."""


def bug(rule: str, owner: Any, name: str, words: str) -> Callable[[Wrong], Wrong]:
    """Register a bug against a rule; the decorated function makes the wrong version of the true one it is given."""

    def register(wrong: Wrong) -> Wrong:
        if rule in PLANTED:
            raise ValueError(f"{rule} has a bug already")
        PLANTED[rule] = Bug(rule, words, owner, name, wrong)
        return wrong

    return register
