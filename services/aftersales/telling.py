"""What buyer and leader read at each step of a claim; the words of either stand on the claim's page only."""

from __future__ import annotations

from domain.aftersales import BEARER_WORDS, REASON_WORDS, Bearer, ClaimReason
from domain.clock import local
from domain.money import yuan
from services import notices
from services.aftersales.holding import Case
from services.context import Ctx


def asked(ctx: Ctx, case: Case) -> None:
    """The leader hears of it."""
    claim = case.claim
    wish = f"{claim.asked_units} {case.line.unit}" if claim.asked_units else "补偿"
    body = (
        f"{_goods(case)}：{REASON_WORDS[ClaimReason(claim.reason)]}，{wish} {yuan(claim.asked_fen)}。{_until(case)}答复"
    )
    _leader(ctx, case, "asked", "有人申请售后", body)


def offered(ctx: Ctx, case: Case, by: str) -> None:
    """The buyer hears what is offered, and what silence means."""
    body = f"{_goods(case)}：{by}愿退 {yuan(case.claim.answer_fen)}。{_until(case)}不答复即按此退款"
    _owner(ctx, case, "offered", "售后有答复", body)


def rejected(ctx: Ctx, case: Case) -> None:
    """The buyer hears it, and where to turn."""
    body = f"{_goods(case)}：团长没有同意，理由见售后页。{_until(case)}可以转平台处理"
    _owner(ctx, case, "rejected", "售后有答复", body)


def escalated(ctx: Ctx, case: Case) -> None:
    """Both hear that the operator decides."""
    _both(ctx, case, "escalated", "售后已转平台", f"{_goods(case)}：由平台处理，请等答复")


def accepted(ctx: Ctx, case: Case) -> None:
    """The leader hears what was paid and on whom it falls; the buyer heard it with the refund."""
    claim = case.claim
    borne = BEARER_WORDS[Bearer(claim.borne_by)]
    _leader(ctx, case, "accepted", "售后已退款", f"{_goods(case)}：退 {yuan(claim.answer_fen)}，由{borne}承担")


def refused(ctx: Ctx, case: Case) -> None:
    """Both hear that it ended without a refund."""
    _both(ctx, case, "refused", "售后已结束", f"{_goods(case)}：没有退款，理由见售后页")


def withdrawn(ctx: Ctx, case: Case) -> None:
    """The leader need not answer any more."""
    _leader(ctx, case, "withdrawn", "售后已撤回", f"{_goods(case)}：买家撤回了申请")


def _goods(case: Case) -> str:
    return f"「{case.campaign.title}」{case.line.offer_name}"


def _until(case: Case) -> str:
    return f"请在 {local(case.claim.due_at)} 前" if case.claim.due_at else ""


def _both(ctx: Ctx, case: Case, event: str, title: str, body: str) -> None:
    _owner(ctx, case, event, title, body)
    _leader(ctx, case, event, title, body)


def _owner(ctx: Ctx, case: Case, event: str, title: str, body: str) -> None:
    notices.tell(ctx, case.order, "changed", _cause(ctx, case, event, "owner"), title, body)


def _leader(ctx: Ctx, case: Case, event: str, title: str, body: str) -> None:
    to = case.leader.resident_id
    notices.tell(ctx, case.order, "changed", _cause(ctx, case, event, "leader"), title, body, to=to)


def _cause(ctx: Ctx, case: Case, event: str, who: str) -> str:
    """A claim may be offered and escalated more than once; its state lets each happen once at a time."""
    return f"claim:{case.claim.id}:{event}:{int(ctx.now.timestamp() * 1000)}:{who}"
