"""What a planted bug is: a function of the product replaced by a slightly wrong version, for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Wrong = Callable[..., Any]


@dataclass(frozen=True)
class Bug:
    """A plausible mistake against `rule`; `wrong` makes it of what stands under the `names` in `owner`.

    One name, or the two of a guard that stands twice; `wrong` takes and returns as many.
    """

    rule: str
    words: str
    owner: Any
    names: tuple[str, ...]
    wrong: Wrong

    @property
    def title(self) -> str:
        """The bug's short name."""
        return self.wrong.__name__.replace("_", " ")

    @contextmanager
    def planted(self) -> Iterator[None]:
        """The product with this bug in it."""
        true = [getattr(self.owner, name) for name in self.names]
        wrong = self.wrong(*true)
        self._set(wrong if len(self.names) > 1 else [wrong])
        try:
            yield
        finally:
            self._set(true)

    def _set(self, versions: Sequence[Any]) -> None:
        for name, version in zip(self.names, versions, strict=True):
            setattr(self.owner, name, version)


PLANTED: dict[str, Bug] = {}
"""Rule -> the bug that must be found because of it."""


def bug(rule: str, owner: Any, names: str, words: str) -> Callable[[Wrong], Wrong]:
    """Register a bug against a rule; the decorated function makes the wrong version of the true one it is given.

    `names` are parted by a blank.
    """

    def register(wrong: Wrong) -> Wrong:
        if rule in PLANTED:
            raise ValueError(f"{rule} has a bug already")
        PLANTED[rule] = Bug(rule, words, owner, tuple(names.split()), wrong)
        return wrong

    return register
