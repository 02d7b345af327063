"""The product's routes, compiled once by a worker: anew for the app of each test they took half of assembling it."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import Map, Rule, RuleFactory

from blueprints.shared.lean import Product

_kept: dict[tuple[object, ...], Map] = {}


class KeptMap(Map):
    """Notes its rules until it is first asked; compiles them only when no map before it had the same ones."""

    def __init__(self, *rules: Any, **how: Any) -> None:
        self._noted: list[Rule] = []
        self._asked = False
        super().__init__(*rules, **how)

    def add(self, rulefactory: RuleFactory) -> None:
        """Note what it makes. Raises RuntimeError after the first question: the answer is shared by then."""
        if self._asked:
            raise RuntimeError("a route that comes after the first question would be in the apps of other tests")
        self._noted.extend(rulefactory.get_rules(self))

    def update(self) -> None:
        """Know the rules, by compiling them or from a map that did; everything that asks comes here first."""
        if self._asked:
            return
        told = tuple(map(_told, self._noted))
        if told not in _kept:
            for rule in self._noted:
                super().add(rule)
            super().update()
            _kept[told] = self
        known = _kept[told]
        self._matcher, self._rules_by_endpoint = known._matcher, known._rules_by_endpoint
        self._asked = True


def _told(rule: Rule) -> tuple[object, ...]:
    automatic = getattr(rule, "provide_automatic_options", None)
    how = {**rule.get_empty_kwargs(), "methods": None}
    return rule.rule, frozenset(rule.methods or ()), automatic, *map(repr, how.values())


def share_routes() -> None:
    """Let every product of this process use what the first one of its kind has compiled."""
    Product.url_map_class = KeptMap
