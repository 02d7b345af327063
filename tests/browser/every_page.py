"""Every page of app.json as somebody sees it in a lived-in town: who holds the phone, the address, the taps before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Error

from tests.browser.leader_scene import LEADER
from tests.browser.lived_in import BUYER, DESK, HELPER, NEWCOMER, LivedIn
from tests.browser.phones import Phone

MINI_PROGRAM = Path(__file__).parents[2] / "miniprogram"


@dataclass(frozen=True)
class View:
    """One look at a page; `ends` names the page that the taps lead to, where it is another."""

    name: str
    person: str
    address: str
    taps: tuple[str, ...] = ()
    ends: str = ""

    @property
    def page(self) -> str:
        """The page that is seen in the end."""
        return self.ends or self.address.partition("?")[0]


def paths() -> list[str]:
    """The path of every page, the main package's first."""
    app: dict[str, Any] = json.loads((MINI_PROGRAM / "app.json").read_text(encoding="utf-8"))
    parts = app.get("subPackages") or app.get("subpackages") or []
    return [*app["pages"], *(f"{part['root']}/{page}" for part in parts for page in part["pages"])]


def views(scene: LivedIn) -> list[View]:
    """What there is to see; of some pages several states, of home, orders and inbox also what a newcomer sees."""
    return [*_neighbours(scene), *_leaders(scene), *_stations(scene)]


def shown(phone: Phone, view: View) -> Phone:
    """The phone with the view on its screen, drawn; a failure names the view."""
    try:
        phone.go(view.address, "" if view.taps else view.ends).settle()
        for words in view.taps:
            phone.tap(words, nth=-1)
            phone.settle()
        if view.ends:
            phone.at(view.ends)
        return phone.settle()
    except (AssertionError, Error) as failed:
        failed.add_note(f"at the view {view.name}: {view.address}")
        raise


def _neighbours(scene: LivedIn) -> list[View]:
    campaign = f"pages/campaign/campaign?id={scene.campaigns['open']}"
    unpaid = scene.orders["unpaid"]
    return [
        *(View(f"{name}-empty", NEWCOMER, f"pages/{name}/{name}") for name in ("home", "orders", "inbox")),
        *(View(name, BUYER, f"pages/{name}/{name}") for name in ("home", "orders", "me", "points", "inbox")),
        *(View(name, BUYER, f"pages/{name}/{name}") for name in ("agreement", "privacy")),
        View("campaign", BUYER, campaign),
        View("campaign-over", HELPER, f"pages/campaign/campaign?id={scene.campaigns['done']}"),
        View("checkout", HELPER, campaign, ("大闸蟹加一", "红颜草莓加一", "去结算"), "pages/checkout/checkout"),
        *(View(f"order-{state}", BUYER, f"pages/order/order?id={order}") for state, order in scene.orders.items()),
        View("refund", BUYER, f"pages/refund/refund?id={scene.orders['paid']}"),
        View("refund-done", BUYER, f"pages/refund/refund?id={scene.orders['cancelled']}"),
        View("claim", BUYER, f"pages/claim/claim?id={scene.claim_id}"),
        View("leader-card", HELPER, f"pages/leader-card/leader-card?id={scene.leader_id}"),
        View("pass", HELPER, scene.pass_path),
        View("payfor", HELPER, f"pages/payfor/payfor?id={unpaid}"),
        View("order-of-another", HELPER, f"pages/order/order?id={unpaid}", ends="pages/payfor/payfor"),
        View("apply", NEWCOMER, "leader/pages/apply/apply"),
    ]


def _leaders(scene: LivedIn) -> list[View]:
    of_open = ("campaign", "edit", "roster", "poster")
    pages = {
        **dict.fromkeys(("dashboard", "campaigns", "claims", "staff", "followers", "losses", "earnings"), ""),
        **dict.fromkeys(of_open, f"?id={scene.campaigns['open']}"),
        "arrivals": f"?id={scene.campaigns['coming']}",
        "shortage": f"?id={scene.campaigns['short']}",
        "statement": f"?id={scene.statement_id}",
    }
    seen = [View(f"leader-{name}", LEADER, f"leader/pages/{name}/{name}{query}") for name, query in pages.items()]
    done = scene.campaigns["done"]
    return [
        *seen,
        View("leader-earnings-of-one", LEADER, f"leader/pages/earnings/earnings?id={done}"),
        View("leader-edit-new", LEADER, "leader/pages/edit/edit"),
    ]


def _stations(scene: LivedIn) -> list[View]:
    join = "station/pages/join/join"
    return [
        View("station-join", NEWCOMER, f"{join}?code={scene.invitation}"),
        View("station-begin", DESK, join),
        View("station-desk", DESK, join, ("上岗",), "station/pages/desk/desk"),
        View("station-desk-found", DESK, f"station/pages/desk/desk?order={scene.orders['ready']}"),
        *(
            View(f"station-{name}", DESK, f"station/pages/{name}/{name}")
            for name in ("today", "arrivals", "lease", "papers")
        ),
    ]
