"""③ The deadline: one campaign forms without an offer, one fails, and the others end in their own ways."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from demo.chapters.joining import pay
from demo.clock import until
from demo.http import Json
from demo.story import Story
from demo.transcript import clock, day, instant, yuan

ENDED = ("formed", "failed")
WORDS = {"formed": "成团 ✓", "failed": "流团 ✗", "open": "接单中"}


def tell(story: Story) -> None:
    """From the deadline to the last refund."""
    story.transcript.chapter("③ 截团")
    page = story.campaign("main")
    story.clock.go_to(instant(page["closes_at"]))
    main = until("the main campaign to settle", lambda: settled(story, "main"))
    _main(story, main)
    _failed(story)
    _others(story)
    _extended(story)
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


def _main(story: Story, page: Json) -> None:
    story.tell(f"时钟截团「{page['title']}」（{page['close_reason']}），结算完 → {WORDS[page['state']]}，"
               f"{page['participant_count']} 人", instant(page["closed_at"]))  # fmt: skip
    for offer in page["offers"]:
        least = f"（起订 {offer['minimum_units']}）" if offer["minimum_units"] else ""
        story.transcript.more(f"{offer['name']} {WORDS[offer['state']]} {offer['sold_units']} {offer['unit']}{least}")
    done = until("the refunds of a failed offer", lambda: refunds_done(story))
    back = [row for row in done if row["reason"] == "offer_failed"]
    story.transcript.more(f"只退未达起订的那一项：{len(back)} 笔，共 {yuan(sum(row['amount_fen'] for row in back))}，原路退回")
    buyer = story.person("周洋").see(story.orders["周洋"])
    story.transcript.more(f"周洋 的订单页：{buyer['state']}，付 {yuan(buyer['paid_fen'])}，{buyer['refunds'][0]['words']}")


def _failed(story: Story) -> None:
    page = until("the failing campaign to settle", lambda: settled(story, "flowers"))
    done = until("everybody's refund", lambda: refunds_done(story))
    back = [row for row in done if row["reason"] == "campaign_failed"]
    orders = [story.person(name).see(story.orders[f"flowers:{name}"]) for name in ("赵奶奶", "老陈")]
    states = Counter(order["state"] for order in orders)
    story.tell(f"「{page['title']}」{WORDS[page['state']]}（要 {page['progress']['minimum']} 人）→ 全额退回 {len(back)} 笔 "
               f"{yuan(sum(row['amount_fen'] for row in back))}；订单 {dict(states)}", instant(page["closed_at"]))  # fmt: skip


def _others(story: Story) -> None:
    for key, words in (("bread", "卖完即截"), ("eggs", "达标即截"), ("dumplings", "不够人也成团")):
        page = until(f"{key} to settle", lambda key=key: settled(story, key))  # type: ignore[misc]
        story.tell(f"{words}：「{page['title']}」{page['close_reason']}，{page['participant_count']} 人 → "
                   f"{WORDS[page['state']]}", instant(page["closed_at"]))  # fmt: skip


def _extended(story: Story) -> None:
    page = until("the extension", lambda: _running_again(story))
    story.tell(f"「{page['title']}」差 {page['progress']['missing']} 人，按事先约定延长一次 → {day(instant(page['closes_at']))}")
    story.clock.advance(timedelta(minutes=10))
    order = story.person("小刘").order(page, story.points["南门驿站"], {page["offers"][0]["name"]: 1})
    pay(story, "小刘", order, "rice")
    story.clock.go_to(instant(page["closes_at"]))
    page = until("the extended campaign to settle", lambda: settled(story, "rice"))
    story.tell(f"「{page['title']}」{clock(instant(page['closed_at']))[:5]} 再截 → {WORDS[page['state']]}，"
               f"{page['participant_count']} 人")  # fmt: skip


def _running_again(story: Story) -> Json | None:
    page = story.campaign("rice")
    return page if page["extended_at"] and page["state"] == "open" else None
