"""Every sweep of the product: its name, how often it wakes (real seconds), and what it does.

A sweep may run in any number of processes at once. It finds what is due, and each thing is claimed by a conditional
write in a transaction of its own, so that waking twice, late or after a day's outage does each thing once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.actors import CLOCK
from domain.errors import DomainError
from services import closing, commissions, idempotency, settling, suspense
from services.aftersales import timing
from services.campaigns import opening
from services.content_safety import asking
from services.context import Ctx, Unit
from services.desk_money import no_shows
from services.door import parcels, reminding
from services.flows import content_safety, expiring, papers, paying, payouts, reconciling, refunding, shipping
from services.pickup import completing, lapsing, shortages_waiting
from services.ports import Outside
from services.settlements import drafting

Sweep = Callable[[Unit, Outside], int]
BATCH = 100


@dataclass(frozen=True)
class Job:
    """One line of the schedule; `sweep` returns how many things it handled, `does` says what for the documents."""

    name: str
    seconds: int
    sweep: Sweep
    does: str


def each(find: Callable[[Ctx, int], list[int]], act: Callable[[Ctx, int], object], rounds: int = 1) -> Sweep:
    """A sweep that finds ids in one reading transaction and acts on each in a transaction of its own.

    What does something acts again, in up to `rounds` transactions. A row that breaks is told of at the end, when the
    others have been handled.
    """

    def sweep(unit: Unit, _outside: Outside) -> int:
        with unit.reading(CLOCK) as ctx:
            ids = find(ctx, BATCH)
        handled = 0
        broken: Exception | None = None
        for row_id in ids:
            try:
                for _ in range(rounds):
                    with unit(CLOCK) as ctx:
                        done = bool(act(ctx, row_id))
                    handled += done
                    if not done:
                        break
            except DomainError:  # a rival was first, or the database is busy: the next sweep finds it if it is left
                continue
            except Exception as error:  # one sick row must not keep those behind it waiting for ever
                broken = error
        if broken is not None:
            raise broken
        return handled

    return sweep


def inside(act: Callable[[Ctx], int]) -> Sweep:
    """A sweep that is one transaction and calls nobody outside."""

    def sweep(unit: Unit, _outside: Outside) -> int:
        with unit(CLOCK) as ctx:
            return act(ctx)

    return sweep


SCHEDULE: tuple[Job, ...] = (
    Job(
        "campaigns.open_due",
        2,
        inside(opening.open_due),
        "opens scheduled campaigns whose time has come; one whose whole window passed is opened and closed",
    ),
    Job(
        "campaigns.close_overdue",
        2,
        each(closing.due, closing.close_overdue),
        "closes running campaigns at their deadline, each by one row claim",
    ),
    Job(
        "orders.expire_due",
        3,
        expiring.expire_due,
        "closes unpaid payments at the gateway, looks, and gives the stock of dead orders back",
    ),
    Job(
        "campaigns.decide_outcome",
        2,
        each(settling.undecided, settling.decide_outcome),
        "decides formed, failed or extended once the last hold has ended",
    ),
    Job(
        "campaigns.carry_out",
        2,
        each(settling.unfinished, settling.carry_out, rounds=100),
        "confirms or refunds the orders of a decided campaign, in bounded batches",
    ),
    Job(
        "payments.poll_silent",
        10,
        paying.poll_silent,
        "asks the gateway about payments that nobody has told of for a minute",
    ),
    Job(
        "payments.close_abandoned",
        10,
        expiring.close_abandoned,
        "closes payments of cancelled or expired orders at the gateway",
    ),
    Job(
        "refunds.submit_due", 2, refunding.submit_due, "sends refunds under their one number, one per payment in flight"
    ),
    Job(
        "refunds.poll_submitted",
        5,
        refunding.poll_submitted,
        "asks the gateway about refunds whose end has not been told",
    ),
    Job(
        "suspense.refund_overdue",
        60,
        each(suspense.due, suspense.refund_overdue),
        "sends money that fitted no order back to its payer after the days in which people may decide",
    ),
    Job(
        "settlements.draft_weekly",
        600,
        inside(drafting.draft_week),
        "drafts a statement per payee of what was posted before the last turn of the week",
    ),
    Job("payouts.send_due", 5, payouts.send_due, "sends payouts under their one number, after asking about it"),
    Job(
        "payouts.poll_submitted",
        5,
        payouts.poll_submitted,
        "asks the gateway about payouts whose end has not been told, and takes back what payees want back",
    ),
    Job(
        "bills.reconcile_due",
        60,
        reconciling.reconcile_due,
        "fetches, imports and matches the gateway's bills of every day of the last week that lacks them",
    ),
    Job(
        "shipping.upload_due",
        5,
        shipping.upload_due,
        "tells the platform of payments whose goods stand at their point, so that it lets go of the money",
    ),
    Job(
        "shipping.watch",
        60,
        shipping.watch,
        "finds payments that the platform will remind of, uploads that were missed, and money that is free",
    ),
    Job("pickup.remind_due", 5, inside(lapsing.remind_due), "reminds buyers two hours before the pickup deadline"),
    Job("pickup.lapse_due", 3, inside(lapsing.lapse_due), "completes what was not collected by its deadline"),
    Job(
        "pickup.lapse_unpaid",
        3,
        each(no_shows.due, no_shows.lapse),
        "ends orders paid on pickup that nobody fetched: nothing is sold, the goods stay at the point",
    ),
    Job(
        "pickup.remind_of_shortages",
        60,
        each(shortages_waiting.due, shortages_waiting.remind),
        "reminds leaders every few hours of what came short and was not shared out, and alerts the operator",
    ),
    Job(
        "door.remind_leaders",
        600,
        each(reminding.due, reminding.remind),
        "reminds leaders once a day of orders that stand at the depot and were not brought",
    ),
    Job(
        "door.confirm_parcels",
        60,
        each(parcels.due, parcels.confirm_overdue),
        "takes parcels as received that nobody confirmed in time",
    ),
    Job(
        "orders.complete_due",
        3,
        inside(completing.complete_orders),
        "completes collected orders when the after-sales time is over",
    ),
    Job(
        "commissions.release_due",
        3,
        inside(commissions.release_due),
        "makes pending commission payable when the after-sales time is over",
    ),
    Job(
        "claims.move_on",
        5,
        each(timing.due, timing.move_on),
        "moves claims past their deadline on: small ones and offers are paid, larger ones go to the operator",
    ),
    Job(
        "campaigns.complete_due",
        3,
        inside(completing.complete_campaigns),
        "completes campaigns of which every order has ended",
    ),
    Job(
        "content.ask_due",
        2,
        content_safety.ask_due,
        "puts what people wrote and uploaded to the platform's content safety before others see it",
    ),
    Job("content.watch", 60, inside(asking.watch), "alerts while something waits too long for the content safety"),
    Job("papers.make_due", 2, papers.make_due, "makes papers that leaders want made in the background"),
    Job("papers.drop_expired", 3600, papers.drop_expired, "lets go of papers past their days, file first"),
    Job("records.forget_idempotency", 3600, inside(idempotency.forget_old), "deletes idempotency keys past their days"),
)
