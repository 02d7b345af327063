"""⑦ What is not fetched by its deadline lapses, so that nothing hangs for ever."""

from __future__ import annotations

from demo.clock import until
from demo.http import Json
from demo.story import Story
from demo.transcript import day, instant
from demo.words import said


def tell(story: Story) -> None:
    """From the reminder to the lapse."""
    story.transcript.chapter("⑦ 过期")
    zhou, order = story.person("周洋"), story.orders["周洋"]
    deadline = zhou.see(order)["pickup_deadline"]
    story.go_to(instant(deadline))
    lapsed = until("an order to lapse", lambda: _over(zhou.see(order)))
    notice = next(row for row in zhou.inbox() if row["kind"] == "changed")
    story.tell(f"周洋 到 {day(instant(deadline))} 没来取 → 订单{said(lapsed['state'])}")
    story.transcript.more(f"他收到：{notice['title']}，{notice['body']}")
    page = zhou.pickup(order)
    waiting = [len(list(desk.pages("/api/station/waiting"))) for desk in story.desks.values()]
    story.transcript.more(
        f"他的取货码已作废（{'还在' if page['code'] else '没有了'}），两个自提点的待取清单还剩 {sum(waiting)} 单"
    )
    story.desks["小何"].post("/api/station/leave")
    problem = story.desks["小何"].refused(401, "GET", "/api/station/waiting")
    story.tell(f"小何 收工离职，她的平板下一次请求就是 {problem['status']}「{problem['detail']}」")


def _over(order: Json) -> Json | None:
    return order if order["state"] == "completed" else None
