"""Every refusal the product can give, as facts; front doors turn `kind` into a status and `code` into words.

The docstring of an error is its default English message. Context values are facts a caller may show
(numbers, names of fields); never a phone, an openid, a token or a pickup code.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """What sort of refusal it is; one table in the HTTP door maps it to a status."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    GONE = "gone"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


class DomainError(Exception):
    """The request was refused."""

    kind: ClassVar[Kind] = Kind.CONFLICT

    def __init__(self, message: str = "", **facts: object) -> None:
        self.facts = facts
        super().__init__(message or " ".join((type(self).__doc__ or "").split()))

    @classmethod
    def code(cls) -> str:
        """The error's stable name on the wire, e.g. `sold_out`."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()


class Invalid(DomainError):
    """A value is not acceptable; `field` names it."""

    kind = Kind.INVALID


class Unauthenticated(DomainError):
    """Log in first: the token is missing, unknown, expired or revoked."""

    kind = Kind.UNAUTHENTICATED


class LoginRefused(DomainError):
    """The login code was not accepted; ask the mini-program for a new one."""

    kind = Kind.UNAUTHENTICATED


class Forbidden(DomainError):
    """The actor's role does not allow this."""

    kind = Kind.FORBIDDEN


class SamePerson(DomainError):
    """Two people decide this: whoever proposed it cannot accept it."""

    kind = Kind.FORBIDDEN


class NotFound(DomainError):
    """There is no such thing, or it is not yours."""

    kind = Kind.NOT_FOUND


class WrongState(DomainError):
    """The thing is not in a state in which this can happen; `state` tells where it stands."""


class PlanIsStale(DomainError):
    """What was proposed has changed since; reject the proposal and make a new one."""


class NotOpen(DomainError):
    """The campaign does not take orders now."""


class SoldOut(DomainError):
    """Fewer units are free than were asked for; `free` says how many are left."""


class LimitReached(DomainError):
    """The per-person limit of this offer would be exceeded; `limit` names it."""


class DuplicateOrder(DomainError):
    """The same lines were ordered moments ago on another channel; say again to order once more."""


class NotFinished(DomainError):
    """Something of this person still runs; `what` names it. It ends first, the account afterwards."""


class ConsentNeeded(DomainError):
    """Orders are taken from who agreed to the privacy text in force: read it and agree; `version` names it."""


class KeyReused(DomainError):
    """The idempotency key was used before with another body."""


class KeyMissing(DomainError):
    """The Idempotency-Key header is required here."""

    kind = Kind.INVALID


class TooLateToPay(DomainError):
    """The hold ends too soon for a new payment; order again."""

    kind = Kind.GONE


class TooLateToSend(DomainError):
    """This message's time is over, or its chat is gone; `why` tells which."""

    kind = Kind.GONE


class AlreadyPaid(DomainError):
    """The order is paid already."""


class PaymentDue(DomainError):
    """This order is paid when it is handed over: take the money first, a screenshot is no proof; `due_fen` says it."""


class QuietHours(DomainError):
    """Nobody is reminded between ten at night and eight in the morning."""


class LeaseTaken(DomainError):
    """Another device holds this point's offline lease; `by`, `device` and `since` tell who; it may be taken over."""


class StillToCome(DomainError):
    """What is paid at its hand-over is handed over whole: wait for the rest of this order."""


class NoShift(DomainError):
    """Cash is taken in an open shift: open yours at this desk first."""


class PrepaidOnly(DomainError):
    """Two orders of this leader's were not fetched: what is paid on pickup is closed to this person for a while."""

    kind = Kind.FORBIDDEN


class AddressNeeded(DomainError):
    """Goods of this campaign are brought to their buyer: say where to."""

    kind = Kind.INVALID


class BelowDeliveryMinimum(DomainError):
    """The goods cost less than the least sum that is delivered; add something."""


class TooLateToCancel(DomainError):
    """The campaign is closed; ask the leader."""


class PhoneTaken(DomainError):
    """Another account has this phone number."""


class CodeWrong(DomainError):
    """No such code is in use here."""

    kind = Kind.NOT_FOUND


class CodeExpired(DomainError):
    """The code was used or has expired; ask for a new one."""

    kind = Kind.GONE


class ShareOver(DomainError):
    """The shared card has reached the end of its life; the campaign's own page still stands."""

    kind = Kind.GONE


class PassOver(DomainError):
    """This pass was used, replaced or taken back, or its time is over; ask its owner for another."""

    kind = Kind.GONE


class AlreadyBound(DomainError):
    """This chat belongs to another leader, or to another point."""


class AlreadyCollected(DomainError):
    """It was handed over already; `by` and `at` tell who did it and when."""


class NotReady(DomainError):
    """The goods have not arrived at the point yet."""


class PlanChanged(DomainError):
    """What came or what is wanted has changed since the plan was shown; look at it again."""


class NotAllCounted(DomainError):
    """The same goods have not been counted at every point yet; `points` names those left."""


class UndoTooLate(DomainError):
    """The time for an undo is over."""

    kind = Kind.GONE


class AfterSalesOver(DomainError):
    """The time for complaints about these goods is over."""

    kind = Kind.GONE


class ClaimOpen(DomainError):
    """A complaint about this line is being dealt with; wait for its answer or withdraw it."""


class NothingToGiveBack(DomainError):
    """This line cost nothing, was never paid, or was given back already."""


class BrokenLimitReached(DomainError):
    """Today's limit of broken units at this desk is reached; the leader must look. `limit` names it."""


class RealNameMissing(DomainError):
    """A payout of this size carries the payee's real name; enter it first."""


class PayoutTooSmall(DomainError):
    """The sum is less than the least that can be transferred; `least_fen` names that."""


class BalanceTooLow(DomainError):
    """Less is owed now than the statement says, since later returns are netted; `payable_fen` tells how much."""


class PaperTooLong(DomainError):
    """This paper speaks of more orders than are put on paper at once (`most`); export it."""


class BeingChecked(DomainError):
    """The platform's content safety looks at the words; try again in a moment."""


class ContentRefused(DomainError):
    """The platform's content safety found something that must not be shown; write it in other words."""


class NoChineseFont(DomainError):
    """The server has no font with Chinese characters to draw with; name one in LINTUAN_POSTER_FONT."""

    kind = Kind.UNAVAILABLE


class TooMany(DomainError):
    """Too many tries; wait `retry_after` seconds."""

    kind = Kind.TOO_MANY


class GatewayDown(DomainError):
    """The payment gateway cannot be reached now; nothing is lost, try again."""

    kind = Kind.UNAVAILABLE


class Busy(DomainError):
    """The server is busy; try again in a moment."""

    kind = Kind.UNAVAILABLE


def all_errors() -> list[type[DomainError]]:
    """Every concrete refusal, for the documents and their test."""
    return sorted(DomainError.__subclasses__(), key=lambda error: error.__name__)
