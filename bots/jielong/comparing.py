"""Two snapshots of one 接龙 side by side: who is new, who has changed, who is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Named:
    """A name on a list at its number, with the units wished by the offer's key."""

    index: int
    name: str
    units: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Changes:
    """What became of the names; `changed` are (before, after), `kept` were added moments ago by a second hand.

    `standing` is the list as it is to be from now on.
    """

    new: tuple[Named, ...]
    changed: tuple[tuple[Named, Named], ...]
    same: tuple[Named, ...]
    gone: tuple[Named, ...]
    kept: tuple[Named, ...]

    @property
    def standing(self) -> list[Named]:
        """Everybody on the list now, by number."""
        now = [*self.new, *(after for _, after in self.changed), *self.same, *self.kept]
        return sorted(now, key=lambda one: one.index)

    @property
    def nothing(self) -> bool:
        """Whether both snapshots say the same."""
        return not (self.new or self.changed or self.gone or self.kept)


def compare(before: Sequence[Named], after: Sequence[Named], young: Sequence[Named] = ()) -> Changes:
    """What `after` changes of `before`; entries are the same by number and name, else by name in their order.

    Each paste is a whole snapshot, so two people who continue from the same base lose each other's line: names that
    are `young` (first seen in a snapshot of the last minutes) are kept though `after` misses them.
    """
    pairs, gone, new = _paired(before, after)
    _, missed, _ = _paired(young, after)
    kept = _once(missed)
    names = {one.name for one in kept}
    return Changes(
        new=tuple(new),
        changed=tuple((old, now) for old, now in pairs if dict(old.units) != dict(now.units)),
        same=tuple(now for old, now in pairs if dict(old.units) == dict(now.units)),
        gone=tuple(one for one in gone if one.name not in names),
        kept=kept,
    )


def _paired(
    before: Sequence[Named], after: Sequence[Named]
) -> tuple[list[tuple[Named, Named]], list[Named], list[Named]]:
    """(pairs, left of `before`, left of `after`)."""
    pairs, left, right = _matched(before, after, lambda one: (one.index, one.name))
    more, left, right = _matched(left, right, lambda one: one.name)
    return pairs + more, left, right


def _matched(
    before: Sequence[Named], after: Sequence[Named], key: Callable[[Named], object]
) -> tuple[list[tuple[Named, Named]], list[Named], list[Named]]:
    waiting: dict[object, list[int]] = {}
    for at, one in enumerate(before):
        waiting.setdefault(key(one), []).append(at)
    pairs, fresh = [], []
    for one in after:
        if known := waiting.get(key(one)):
            pairs.append((before[known.pop(0)], one))
        else:
            fresh.append(one)
    left = sorted(at for queue in waiting.values() for at in queue)
    return pairs, [before[at] for at in left], fresh


def _once(missed: Sequence[Named]) -> tuple[Named, ...]:
    """Several young snapshots may miss the same name."""
    return tuple({one.name: one for one in missed}.values())
