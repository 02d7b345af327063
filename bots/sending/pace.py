"""When a group may be told how far a campaign is, and in which words: true numbers, seldom, never at night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.cards import count_words
from domain.clock import SHANGHAI, business_date, local_time
from domain.policy import Policy
from domain.progress import sentence
from models import Campaign, ChatCampaign
from services.queries.campaigns import progress_of

LAST_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Line:
    """A progress line; `reached` says that 已达 has been told, `missing` that this line says 还差."""

    text: str
    reached: bool
    missing: bool


def morning_after(at: datetime) -> datetime:
    """The next 08:00 in Shanghai."""
    today = at.astimezone(SHANGHAI).replace(hour=8, minute=0, second=0, microsecond=0)
    return today if today > at else today + timedelta(days=1)


def next_line(policy: Policy, campaign: Campaign, shown: ChatCampaign, now: datetime) -> datetime:
    """The earliest instant of the next batched line: some minutes after the last one, at once after enough orders."""
    enough = campaign.roster_count - shown.told_count >= policy.chat_line_orders
    if shown.told_at is None or enough:
        return now
    return shown.told_at + timedelta(minutes=policy.chat_line_minutes)


def line(campaign: Campaign, shown: ChatCampaign, now: datetime, *, reminder: bool) -> Line | None:
    """What to say now; None when a reminder has nothing to add. Names nobody."""
    progress = progress_of(campaign)
    head = f"「{campaign.title}」{count_words(campaign, progress)}，{campaign.counted_units} 份"
    if reminder:
        if progress.is_reached or not _hourly(campaign, shown):
            return None
        return Line(f"{head}，{sentence(progress)}，{local_time(campaign.closes_at)} 截团。", False, True)
    if progress.minimum and progress.is_reached:
        words = head if shown.told_reached else f"「{campaign.title}」{sentence(progress)}"
        return Line(f"{words}。", True, False)
    missing = bool(progress.minimum) and _daily(shown, now)
    return Line(f"{head}，{sentence(progress)}。" if missing else f"{head}。", False, missing)


def _daily(shown: ChatCampaign, now: datetime) -> bool:
    return shown.missing_told_at is None or business_date(shown.missing_told_at) < business_date(now)


def _hourly(campaign: Campaign, shown: ChatCampaign) -> bool:
    return shown.missing_told_at is None or shown.missing_told_at < campaign.closes_at - LAST_HOUR
