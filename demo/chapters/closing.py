"""④ The deadline: one campaign forms without an offer, one fails, and the others end in their own ways."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

from demo.chapters.joining import pay
from demo.clock import until
from demo.http import Json
from demo.story import Story
from demo.transcript import clock, day, instant, yuan
from demo.words import said


def tell(story: Story) -> None:
    """From the deadline to the last refund; the extended campaign runs on while the others settle."""
    story.transcript.chapter("④ 截团")
    running = story.campaign("main")
    story.go_to(instant(running["closes_at"]))
    extended = until("the extension", lambda: _running_again(story))
    missing = extended["progress"]["missing"]
    _join_late(story, extended)
    _main(story, running, until("the main campaign to settle", lambda: settled(story, "main")))
    _failed(story)
    _others(story)
    _extended(story, missing)
    until("every refund to be paid back", lambda: refunds_done(story))
    story.transcript.chat(story.rooms["main"].name, story.rooms["main"].news())


def settled(story: Story, key: str) -> Json | None:
    """The campaign's page once its outcome is carried out on every order."""
    page = story.campaign(key)
    return page if page["settled_at"] else None


def refunds_done(story: Story) -> list[Json] | None:
    """All refunds once none is under way."""
    rows = list(story.operator.pages("/api/admin/refunds"))
    return rows if rows and all(row["state"] == "succeeded" for row in rows) else None


def _main(story: Story, running: Json, page: Json) -> None:
    """`running` is the page of the last moment before the deadline, `page` the settled one."""
    sold = {offer["id"]: offer["sold_units"] for offer in running["offers"]}
    story.tell(f"时钟截团「{page['title']}」（{said(page['close_reason'])}），结算完 → {said(page['state'])}，"
               f"{page['participant_count']} 人", instant(page["closed_at"]))  # fmt: skip
    for offer in page["offers"]:
        least = f"（起订 {offer['minimum_units']}）" if offer["minimum_units"] else ""
        story.transcript.more(f"{offer['name']} {said(offer['state'])} {sold[offer['id']]} {offer['unit']}{least}")
    done = until("the refunds of a failed offer", lambda: refunds_done(story))
    back = [row for row in done if row["reason"] == "offer_failed"]
    story.transcript.more(
        f"只退未达起订的那一项：{len(back)} 笔，共 {yuan(sum(row['amount_fen'] for row in back))}，原路退回"
    )
    buyer = story.person("周洋").see(story.orders["周洋"])
    refund = buyer["refunds"][0]
    paid = f"付 {yuan(buyer['paid_fen'])}，{refund['words']} {yuan(refund['amount_fen'])}"
    story.transcript.more(f"周洋 的订单页：{said(buyer['state'])}，{paid}")


def _failed(story: Story) -> None:
    page = until("the failing campaign to settle", lambda: settled(story, "flowers"))
    done = until("everybody's refund", lambda: refunds_done(story))
    back = [row for row in done if row["reason"] == "campaign_failed"]
    orders = [story.person(name).see(story.orders[f"flowers:{name}"]) for name in ("赵奶奶", "老陈")]
    states = Counter(said(order["state"]) for order in orders)
    words = "、".join(f"{state}×{count}" for state, count in states.items())
    outcome = f"「{page['title']}」{said(page['state'])}（要 {page['progress']['minimum']} 人）"
    returned = yuan(sum(row["amount_fen"] for row in back))
    story.tell(f"{outcome}→ 全额退回 {len(back)} 笔 {returned}；订单{words}", instant(page["closed_at"]))


def _others(story: Story) -> None:
    for key, words in (("bread", "卖完即截"), ("eggs", "达标即截"), ("dumplings", "不够人也成团")):
        page = until(f"{key} to settle", partial(settled, story, key))
        when = clock(instant(page["closed_at"]))[:5]
        story.transcript.more(f"{words}：「{page['title']}」{when} {said(page['close_reason'])}，"
                              f"{page['participant_count']} 人 → {said(page['state'])}")  # fmt: skip


def _join_late(story: Story, page: Json) -> None:
    story.clock.advance(timedelta(minutes=10))
    order = story.person("小刘").order(page, story.points["南门驿站"], {page["offers"][0]["name"]: 1})
    pay(story, "小刘", order, "rice", quietly=True)
    story.go_to(instant(page["closes_at"]))


def _extended(story: Story, missing: int) -> None:
    page = until("the extended campaign to settle", lambda: settled(story, "rice"))
    order = next(order for order in story.person("小刘").orders() if order["campaign"] == page["id"])
    story.tell(f"「{page['title']}」还差 {missing} 人，按事先约定延长一次到 {day(instant(page['closes_at']))}",
               instant(page["extended_at"]))  # fmt: skip
    story.tell(
        f"小刘 赶上延长，付款 {yuan(order['paid_fen'])} → 接龙号 {order['roster_number']}", instant(order["created_at"])
    )
    story.tell(f"「{page['title']}」再次{said(page['close_reason'])}截团 → {said(page['state'])}，"
               f"{page['participant_count']} 人", instant(page["closed_at"]))  # fmt: skip


def _running_again(story: Story) -> Json | None:
    page = story.campaign("rice")
    return page if page["extended_at"] and page["state"] == "open" else None
