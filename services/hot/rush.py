"""The hot path of a process: its one committer, and what that can do many at a time."""

from __future__ import annotations

from services.hot.committer import Committer
from services.hot.joining import Joining
from services.hot.requests import Asked, Join, Outcome
from services.ordering import PlaceOrder
from services.transactions import Transactions


class Rush:
    """`most_waiting` requests may wait for the committer; whoever comes then is told to come again.

    An outcome of None asks the caller to do it the plain way, in a transaction of its own.
    """

    def __init__(self, unit: Transactions, most_waiting: int) -> None:
        self._commit = Committer(most_waiting)
        self._joining = Joining(unit)

    def join(self, asked: Asked, command: PlaceOrder) -> Outcome:
        """Place a resident's order; raises `Busy`."""
        outcome: Outcome = self._commit(self._joining, Join(asked, command, asked.actor.resident_id or 0))
        return outcome
