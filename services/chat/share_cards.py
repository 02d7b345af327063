"""What a shared card says: its title, the two numbers the platform lets it show, and where it leads.

The platform's own text is fixed ("成员正在加入，当前 n/m 人"), so the title says what the numbers count when it is not
people. With a minimum they are what was reached and the minimum, as on every other card of the campaign, and n may pass
m; without one there is nothing to reach, and both are the people who take part.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.campaigns import MinimumKind
from domain.money import yuan
from models import Campaign
from services.ports import CardState
from services.queries.campaigns import progress_of

PAGE = "pages/campaign/campaign"
TEMPLATES: Mapping[str, str] = {
    "updatable": "666F374D69D16C932E45D7E7D9F10CEF6177F5F5",
    "chat_tool": "2A84254B945674A2F88CE4970782C402795EB607",
}
"""The platform's own templates by our mode: 到齐时 ("when all have come") and 参与 ("taking part")."""
FORMED = ("formed", "fulfilling", "completed")
OVER = ("failed", "cancelled")
TITLE_CHARACTERS = 40
FEN_PER_YUAN = 100


def path(campaign_id: str, share_id: str) -> str:
    """The page that the card opens; the share tells which card it was."""
    return f"{PAGE}?id={campaign_id}&share={share_id}"


def numbers(campaign: Campaign) -> tuple[int, int]:
    """(n, m) of the card at this moment: people, units or whole yuan; m is at least 1."""
    progress = progress_of(campaign)
    if not progress.minimum:
        return campaign.participant_count, max(1, campaign.participant_count)
    if progress.kind is MinimumKind.AMOUNT:
        return progress.reached // FEN_PER_YUAN, -(-progress.minimum // FEN_PER_YUAN)
    return progress.reached, progress.minimum


def title(campaign: Campaign) -> str:
    """The campaign with its condition, cut to fit: `大闸蟹（满10人成团）`, `大闸蟹（满20份成团，下面按份计）`."""
    kind, least = MinimumKind(campaign.minimum_kind), campaign.minimum
    condition = ""
    if least:
        condition = {
            MinimumKind.PEOPLE: f"（满{least}人成团）",
            MinimumKind.UNITS: f"（满{least}份成团，下面按份计）",
            MinimumKind.AMOUNT: f"（满{yuan(least)}成团，下面按元计）",
        }[kind]
    room = TITLE_CHARACTERS - len(condition)
    name = campaign.title if len(campaign.title) <= room else campaign.title[: room - 1] + "…"
    return name + condition


def standing(campaign: Campaign) -> CardState:
    """What the card must say: it collects until the outcome is stored, for only then is 到齐 true."""
    if campaign.state in FORMED:
        return "reached"
    return "ended" if campaign.state in OVER else "collecting"
