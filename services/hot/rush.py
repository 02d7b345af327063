"""The hot path of a process: its one committer, and what that can do many at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.actors import Role
from domain.clock import Clock
from domain.errors import SoldOut
from services.hot.callers import Callers
from services.hot.committer import Committer, Work
from services.hot.joining import Joining
from services.hot.noticing import Heard, Noticing
from services.hot.page_sources import PageSources
from services.hot.redeeming import Redeeming
from services.hot.requests import Asked, HandOut, Join, Outcome
from services.hot.sold_out import SoldOutBoard
from services.ordering import PlaceOrder
from services.pickup.redeeming import Redeem
from services.ports import Notice
from services.transactions import Transactions

BELIEVED_SECONDS = 60


class Rush:
    """`most_waiting` requests may wait for the committer, as many tokens for their lookup and as many pages to be asked
    for again; whoever comes then is told to come again.

    What is sold out is known for `sold_out_seconds` (0: it is judged each time). An outcome of None asks the caller to
    do it the plain way, in a transaction of its own.
    """

    def __init__(self, unit: Transactions, clock: Clock, most_waiting: int, sold_out_seconds: float) -> None:
        self._clock = clock
        self._commit: Callable[[Work, Any], Any] = Committer(most_waiting)
        self._joining = Joining(unit)
        self._noticing = Noticing(unit)
        self._redeeming = Redeeming(unit)
        self._sold_out = SoldOutBoard(unit, sold_out_seconds)
        self.pages = PageSources(unit, clock, most_waiting)
        self.callers = Callers(unit, clock, most_waiting, BELIEVED_SECONDS)

    def sold_out(self, resident_id: int, command: PlaceOrder) -> SoldOut | None:
        """Why an order is refused at once, without a look at the database; None when it has to be judged."""
        return self._sold_out.refusal(resident_id, command, self._clock.now())

    def join(self, asked: Asked, command: PlaceOrder) -> Outcome:
        """Place a resident's order; raises `Busy`."""
        outcome: Outcome = self._commit(self._joining, Join(asked, command, asked.actor.resident_id or 0))
        if isinstance(outcome, SoldOut) and len(command.lines) == 1:
            self._sold_out.note(command.lines[0][0])
        return outcome

    def redeem(self, asked: Asked, command: Redeem) -> Outcome:
        """Hand over one whole order at a desk; whether `asked.actor` is still let in is looked up. Raises `Busy`."""
        usual = len(command.orders) == 1 and not command.units and command.found_by != "pass"
        if asked.actor.role is not Role.STAFF or not usual:
            return None
        outcome: Outcome = self._commit(self._redeeming, HandOut(asked, command.orders[0], command.found_by))
        return outcome

    def hear(self, notice: Notice, request_id: str) -> bool | None:
        """Take in a verified notice of the gateway; raises `Busy`."""
        heard: bool | None = self._commit(self._noticing, Heard(notice, request_id))
        return heard
