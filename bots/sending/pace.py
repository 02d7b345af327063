"""When a group may be told how far its campaigns are, and of which: true numbers, seldom, never at night."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.campaigns import MinimumKind
from domain.clock import SHANGHAI, business_date
from domain.policy import Policy
from domain.progress import Progress
from models import Campaign, ChatCampaign
from services.chat.speaking import Chat
from services.queries.campaigns import progress_of

LAST_HOUR = timedelta(hours=1)
HALF, ALL_BUT_ONE, REACHED = 1, 2, 3


@dataclass(frozen=True)
class News:
    """A campaign of which there is something to say: `milestone` 0 for a mere count; `missing`: 还差 may be said."""

    chat: Chat
    milestone: int
    missing: bool


def morning_after(at: datetime) -> datetime:
    """The next 08:00 in Shanghai."""
    today = at.astimezone(SHANGHAI).replace(hour=8, minute=0, second=0, microsecond=0)
    return today if today > at else today + timedelta(days=1)


def next_line(policy: Policy, chats: Sequence[Chat], now: datetime) -> datetime:
    """The earliest instant of a chat's next batched line: some minutes after the last, at once after enough orders."""
    told = max((chat.shown.told_at for chat in chats if chat.shown.told_at is not None), default=None)
    orders = sum(max(0, chat.campaign.roster_count - chat.shown.told_count) for chat in chats)
    if told is None or orders >= policy.chat_line_orders:
        return now
    return told + timedelta(minutes=policy.chat_line_minutes)


def news(chats: Sequence[Chat], now: datetime) -> list[News]:
    """What to tell of a chat's campaigns: of one with a minimum its milestones, once each, of others the count."""
    found = []
    for chat in chats:
        standing = milestone(progress_of(chat.campaign))
        if chat.campaign.minimum and standing > chat.shown.told_milestone:
            found.append(News(chat, standing, standing == ALL_BUT_ONE and _daily(chat.shown, now)))
        if not chat.campaign.minimum and chat.campaign.roster_count > chat.shown.told_count:
            found.append(News(chat, 0, missing=False))
    return found


def milestone(progress: Progress) -> int:
    """The furthest milestone on the way to the minimum; 0 for none."""
    if not progress.minimum:
        return 0
    if progress.is_reached:
        return REACHED
    if progress.missing == 1 and progress.kind is not MinimumKind.AMOUNT:
        return ALL_BUT_ONE
    return HALF if 2 * progress.reached >= progress.minimum else 0


def may_remind(campaign: Campaign, shown: ChatCampaign) -> bool:
    """Whether the last hour's 还差 is true and was not said."""
    last_hour = campaign.closes_at - LAST_HOUR
    unsaid = shown.missing_told_at is None or shown.missing_told_at < last_hour
    return unsaid and not progress_of(campaign).is_reached


def _daily(shown: ChatCampaign, now: datetime) -> bool:
    return shown.missing_told_at is None or business_date(shown.missing_told_at) < business_date(now)
