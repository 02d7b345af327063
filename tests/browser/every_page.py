"""Every page of app.json, with who may see it and what it is asked to show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.browser.phones import Phone
from tests.browser.town import Town

MINI_PROGRAM = Path(__file__).parents[2] / "miniprogram"
HOLDERS = {"leader": "李姐", "station": "小林", "": "王先生"}
"""The sub-package names its people; 王先生 has an order from the town's first day."""


def paths() -> list[str]:
    """The path of every page, the main package's first."""
    app: dict[str, Any] = json.loads((MINI_PROGRAM / "app.json").read_text(encoding="utf-8"))
    parts = app.get("subPackages") or app.get("subpackages") or []
    return [*app["pages"], *(f"{part['root']}/{page}" for part in parts for page in part["pages"])]


def holder(path: str) -> str:
    """Who may see the page."""
    return HOLDERS.get(path.partition("/")[0], HOLDERS[""])


def ready(phone: Phone) -> Phone:
    """The phone with what its holder does first: staff stand at their desk."""
    if phone.person == HOLDERS["station"]:
        phone.go("station/pages/join/join").tap("上岗", nth=-1)
        phone.at("station/pages/desk/desk")
    return phone.settle()


def opened(path: str, town: Town) -> str:
    """The page with a query under every name that pages use; each takes what it knows."""
    order = town.person(HOLDERS[""]).orders()[0]["id"]
    leader = town.person(HOLDERS["leader"]).app.get(f"/api/resident/campaigns/{town.campaign_id}").get("leader_id", "")
    name = path.rpartition("/")[2]
    chosen = (
        order
        if name in ("order", "refund", "claim", "payfor")
        else leader
        if name == "leader-card"
        else town.campaign_id
    )
    return f"{path}?id={chosen}&campaign={town.campaign_id}&order={order}"
