"""One readable table per lifecycle; CHECK constraints, compare-and-set, drawings and tests all come from it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.actors import Role


@dataclass(frozen=True)
class Move:
    """One row: `event` takes a thing from any of `sources` to `target`, and only `by` may ask for it."""

    event: str
    sources: tuple[str, ...]
    target: str
    by: frozenset[Role]


class Machine:
    """A lifecycle read from its table `event | from | to | by`, first state first.

    Refuses to be built from duplicate rows or with states that nothing reaches.
    """

    def __init__(self, name: str, initial: str, table: str) -> None:
        self.name = name
        self.initial = initial
        self.moves: dict[str, Move] = {}
        for row in table.strip().splitlines():
            event, sources, target, by = (cell.strip() for cell in row.split("|"))
            if event in self.moves:
                raise ValueError(f"{name}: event {event} stands twice")
            roles = frozenset(Role(role) for role in by.split())
            self.moves[event] = Move(event, tuple(sources.split()), target, roles)
        self.states = self._reachable()

    def _reachable(self) -> tuple[str, ...]:
        states = [self.initial]
        for state in states:
            states += [m.target for m in self.moves.values() if state in m.sources and m.target not in states]
        named = {s for m in self.moves.values() for s in (*m.sources, m.target)}
        if lost := named - set(states):
            raise ValueError(f"{self.name}: nothing reaches {sorted(lost)}")
        return tuple(dict.fromkeys(states))

    def allows(self, event: str, state: str) -> bool:
        """Whether `event` may happen in `state`."""
        return state in self.moves[event].sources

    def mermaid(self) -> str:
        """The lifecycle as a Mermaid state diagram, for the documents."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for move in self.moves.values():
            lines += [f"    {source} --> {move.target}: {move.event}" for source in move.sources]
        return "\n".join(lines)
