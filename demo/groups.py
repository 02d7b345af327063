"""A WeChat group of real neighbours, as their phones show it: posted cards as they stand now, and grey lines."""

from __future__ import annotations

from demo.http import Json
from demo.people import Person
from demo.sandbox import Sandbox


class Group:
    """One group; no robot hears or speaks there."""

    def __init__(self, sandbox: Sandbox, name: str) -> None:
        self._sandbox, self.name = sandbox, name
        self._path = f"/control/wx-groups/{name}"

    def share(self, person: Person, campaign_id: str, mode: str) -> int:
        """Ask the product for a ticket and post the card by one's own tap; the card's number in the group."""
        ticket = person.app.post(f"/api/resident/campaigns/{campaign_id}/shares", {"mode": mode})
        return int(self._sandbox.post(f"{self._path}/share", {"person": person.name, "ticket": ticket})["card"])

    def open(self, person: Person, card: int) -> str:
        """Tap the card; the campaign behind it, by the product's answer to what the platform sealed for the phone."""
        there = self._sandbox.post(f"{self._path}/open", {"person": person.name, "card": card})
        share = there.pop("page").partition("share=")[2]
        return str(person.app.post(f"/api/resident/shares/{share}/opened", there)["campaign"])

    def remind(self, person: Person, card: int) -> None:
        """Tap 提醒我."""
        self._sandbox.post(f"{self._path}/remind", {"person": person.name, "card": card})

    def lines(self, viewer: str = "") -> list[Json]:
        """The group from its beginning, as that person sees it."""
        return list(self._sandbox.get(self._path, **{"as": viewer})["lines"])

    def words(self, card: int) -> str:
        """What stands on a card now."""
        return str(next(line["card"]["words"] for line in self.lines() if line.get("card", {}).get("card") == card))

    def grey(self, viewer: str = "") -> list[str]:
        """The grey lines that person sees."""
        return [str(line["text"]) for line in self.lines(viewer) if line["kind"] == "grey"]

    def calls(self, card: int) -> int:
        """How often the server changed the card."""
        return len(self._sandbox.get(f"/control/wx-cards/{card}/calls")["calls"])
