"""What a history asks of its stage, whether the sandbox stands in this process or in its own."""

from __future__ import annotations

from typing import Any, Protocol

from chaos.histories.inner_sandbox import Letter
from services.ports import Outside
from services.transactions import Transactions
from tests.builders.clock import FrozenClock


class Sandbox(Protocol):
    """The pretend outside world as a history reaches it."""

    def control(self, path: str, **body: Any) -> Any:
        """One call to its control API; raises `Declined` with the sandbox's word when it says no."""

    def seen(self, path: str) -> Any:
        """One look through its control API."""

    def letters(self) -> list[Letter]:
        """What it has to say by now and did not deliver itself; each letter once."""


class Surface(Protocol):
    """Everything that outlives one history."""

    @property
    def clock(self) -> FrozenClock:
        """The one clock."""

    @property
    def sandbox(self) -> Sandbox:
        """The outside world."""

    @property
    def outside(self) -> Outside:
        """The product's adapters to it."""

    @property
    def unit(self) -> Transactions:
        """The product's transactions."""

    def clear(self) -> None:
        """An empty database, an empty sandbox, the clock at its start."""

    def receive(self, letter: Letter) -> bool:
        """Give the product a notice; False when it refused it as no notice of the gateway's."""
