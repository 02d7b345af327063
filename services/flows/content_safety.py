"""What people wrote and uploaded, on its way to the platform: claimed, asked without a transaction, booked."""

from __future__ import annotations

from domain.actors import CLOCK, Actor
from domain.content import Subject, parts, worst
from domain.errors import NotFound
from services import transitions
from services.assembly import Lintuan
from services.campaigns.finding import own
from services.communities import own_point
from services.content_safety import asking, campaigns, holding
from services.content_safety.asking import Question
from services.context import Unit
from services.ports import Judgement, Outside, OutsideError, Refused, Unreachable
from services.queries import content_checks

NOT_HERE = "61010"
"""The author was not in the mini-program in the last two hours: it is asked again later."""
_BATCH = 20


def ask_due(unit: Unit, outside: Outside) -> int:
    """Put what waits to the platform; returns how many it took. It leaves off while the platform cannot be reached."""
    with unit.reading(CLOCK) as ctx:
        due = asking.due(ctx, _BATCH)
    taken = 0
    for check_id in due:
        went = _ask(unit, outside, check_id)
        if went is None:
            break
        taken += went
    return taken


def settle_campaign(product: Lintuan, actor: Actor, campaign_id: str) -> None:
    """Have an own campaign's page checked at once where it still waits, so that its opening need not.

    Raises `NotFound`. Whatever the platform says or does not say is booked; whether it may open is judged then.
    """
    if not product.policy.content_safety:
        return
    with product.unit(actor) as ctx:
        campaign = own(ctx, campaign_id)
        transitions.lock(ctx, campaign)  # two taps at once keep it back once
        last = holding.newest(ctx, Subject.CAMPAIGN, campaign.id)
        if last is None or last.fingerprint != holding.fingerprint(ctx, campaigns.said(ctx, campaign)):
            campaigns.hold(ctx, campaign)
            last = holding.newest(ctx, Subject.CAMPAIGN, campaign.id)
    if last is not None and last.state == "waiting":
        _ask(product.unit, product.outside, last.id)


def settle_point(product: Lintuan, actor: Actor, point_id: str) -> None:
    """Have an own point's words checked at once where they wait, so that they need not; raises `NotFound`."""
    with product.unit.reading(actor) as ctx:
        last = holding.newest(ctx, Subject.POINT, own_point(ctx, point_id).id)
    if last is not None and last.state == "waiting":
        _ask(product.unit, product.outside, last.id)


def _ask(unit: Unit, outside: Outside, check_id: int) -> bool | None:
    """Whether the platform took it; None when it cannot be reached now."""
    with unit(CLOCK) as ctx:
        question = asking.claim(ctx, check_id)
    if question is None:
        return False
    try:
        answer = _answer(outside, question)
    except Refused as refusal:
        with unit(CLOCK) as ctx:
            if refusal.code == NOT_HERE:
                asking.put_off(ctx, check_id, "the author was not here for two hours")
            else:
                asking.refused(ctx, check_id, f"refused: {refusal.code}")
        return False
    except OutsideError as trouble:
        retry_after = trouble.retry_after if isinstance(trouble, Unreachable) else 0
        with unit(CLOCK) as ctx:
            asking.put_off(ctx, check_id, f"连不上平台：{trouble.code}".rstrip("："), retry_after)
        return None
    with unit(CLOCK) as ctx:
        if isinstance(answer, Judgement):
            asking.answered(ctx, check_id, answer.suggestion, answer.label)
        else:
            asking.taken(ctx, check_id, answer)
    return True


def _answer(outside: Outside, question: Question) -> Judgement | str:
    """The judgement of all its texts, or the trace of its picture; raises what the port raises."""
    if question.path:
        return outside.mini_program.check_picture(question.openid, question.scene, question.path)
    told = [
        outside.mini_program.check_text(question.openid, question.scene, part)
        for part in parts("\n".join(question.texts))
    ]
    whole = worst(one.suggestion for one in told)
    return Judgement(whole, next((one.label for one in told if one.suggestion is whole), 0))


def picture(product: Lintuan, check_id: str, token: str) -> tuple[bytes, str] | None:
    """The bytes of a picture for the platform that checks it; None for anybody else."""
    with product.unit.reading() as ctx:
        key = asking.file_of(ctx, check_id, token)
    return product.outside.files.get(key) if key else None


def picture_for_operator(product: Lintuan, actor: Actor, check_id: str) -> tuple[bytes, str]:
    """The bytes of a picture that was kept back; raises `NotFound`."""
    with product.unit.reading(actor) as ctx:
        key = content_checks.picture_key(ctx, check_id)
    stored = product.outside.files.get(key)
    if stored is None:
        raise NotFound
    return stored
