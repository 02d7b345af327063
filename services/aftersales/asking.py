"""A buyer asks back: units of an own line that was handed over, or an amount for their quality."""

from __future__ import annotations

from dataclasses import dataclass

from domain.actors import CLOCK, Role
from domain.aftersales import due_at
from domain.errors import AfterSalesOver, ClaimOpen, Invalid, NotFound, NothingToGiveBack, WrongState
from domain.ids import new_id
from domain.state_tables import CLAIM
from models import Claim, Order, OrderLine
from services import audit, counting, evidence_pictures, refunds, transitions
from services.aftersales import holding, moving, open_claims, telling, worth
from services.content_safety import claims as held_words
from services.context import Ctx
from services.finding import by_public_id


@dataclass(frozen=True)
class AskBack:
    """What is wrong with an own line (public ids): `units` of it, priced by us, or `amount_fen` for quality alone.

    `reason` is one of `domain.aftersales.ClaimReason`; `evidence` names pictures uploaded before.
    """

    order: str
    line: str
    reason: str
    units: int = 0
    amount_fen: int | None = None
    words: str = ""
    evidence: tuple[str, ...] = ()


def ask(ctx: Ctx, command: AskBack) -> Claim:
    """Open a claim, which the leader must answer; a leader's own goes to the operator at once.

    Raises `NotFound`, `WrongState` (nothing of the line was collected), `AfterSalesOver`, `ClaimOpen`,
    `NothingToGiveBack` and `Invalid` (units, amount_fen, or evidence: fresh goods need a picture).
    """
    ctx.require(Role.RESIDENT)
    order = by_public_id(ctx, Order, command.order, Order.resident_id == ctx.resident_id)
    transitions.lock(ctx, order)
    line = next((line for line in counting.lines_of(ctx, order) if line.public_id == command.line), None)
    if line is None:
        raise NotFound
    _check_open(ctx, order, line)
    asked_fen = _asked_fen(ctx, order, line, command)
    if line.fresh and not command.evidence:
        raise Invalid("Show a picture of fresh goods.", field="evidence")
    case = holding.around(ctx, _write(ctx, order, line, command, asked_fen), order, line)
    evidence_pictures.attach(ctx, command.evidence, "claim", order=order, claim=case.claim)
    if case.leader.resident_id == order.resident_id:  # nobody answers their own claim
        moving.escalate(ctx.acting_as(CLOCK), case)
    else:
        telling.asked(ctx, case)
    return case.claim


def _check_open(ctx: Ctx, order: Order, line: OrderLine) -> None:
    if not line.collected_units:
        raise WrongState("Nothing of this line was handed over yet.", state=order.state, event="ask_back")
    if order.aftersales_until is not None and ctx.now >= order.aftersales_until:
        raise AfterSalesOver(until=order.aftersales_until.isoformat())
    if open_claims.about(ctx, [line.id]):
        raise ClaimOpen
    if refunds.counted_payment(ctx, order) is None or worth.most_fen(line) < 1:
        raise NothingToGiveBack


def _asked_fen(ctx: Ctx, order: Order, line: OrderLine, command: AskBack) -> int:
    """What is asked back: the price of units is ours to say, an amount without units the buyer's, up to what is left.

    Raises `Invalid` or `NothingToGiveBack`.
    """
    if command.units:
        if command.amount_fen is not None:
            raise Invalid("What units cost is not the client's to say.", field="amount_fen")
        left = worth.units_left(line)
        if not 1 <= command.units <= left:
            raise Invalid("More units than were handed over and are left.", field="units", left=left)
        asked = worth.of_units(line, command.units)
        if asked < 1:
            raise NothingToGiveBack
        return asked
    most = worth.most_fen(line)
    if command.amount_fen is None or not 1 <= command.amount_fen <= most:
        raise Invalid("Ask for units, or for an amount up to what they cost.", field="amount_fen", most=most)
    return command.amount_fen


def _write(ctx: Ctx, order: Order, line: OrderLine, command: AskBack, asked_fen: int) -> Claim:
    claim = Claim(
        public_id=new_id("Claim", ctx.now), state=CLAIM.initial, order_line_id=line.id, order_id=order.id,
        resident_id=order.resident_id, campaign_id=order.campaign_id, reason=command.reason, words=command.words,
        asked_units=command.units, asked_fen=asked_fen, due_at=due_at(CLAIM.initial, ctx.now, ctx.policy),
        created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(claim)
    ctx.session.flush()
    held_words.hold(ctx, claim)
    audit.record(ctx, CLAIM.name, claim.id, "ask", states=("", CLAIM.initial))
    return claim
