"""A campaign's card that presses against every length, and how a card comes to stand in each channel's chat."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bots.channels.adapter import Adapter
from bots.messages import Card, CardOffer, Heard, Reply
from services.chat.sessions import Place
from tests.bots.channels.drivers import Driver
from tests.integrations.local_server import Answer, Asked, json_answer
from tests.integrations.sandbox_process import Stage

CARD = Card(
    campaign_id="cmp_1", revision=3, title="周五大闸蟹", count="7/10 人", standing="还差 3 人",
    closes_at=datetime(2026, 11, 20, 12, tzinfo=UTC), points=("南门驿站",),
    offers=(CardOffer("大闸蟹", "¥58.00", "只", 12, "再 3 份降到 ¥52.00"),), takes_orders=True, units=(1, 2, 3, 4, 5),
    link="https://lintuan.example/m/campaigns/cmp_1", orders_link="https://lintuan.example/m/orders",
)  # fmt: skip
LONG = replace(
    CARD,
    campaign_id="cmp_01m7zzzzzzzzzzzzzzzzzzzzzz",
    title="周五🦀" * 40,
    count="1234567/1234567 人",
    standing="还差很多很多很多很多很多很多很多人",
    points=("南门外东风路一百二十三号驿站旁边的小卖部",) * 9,
    offers=tuple(
        CardOffer(f"特别长的商品名字{n}🍓" * 5, "¥12345.00", "大箱", None, "再差 3 份" * 20) for n in range(9)
    ),
    units=(),
    note="您有一单没付：" * 60,
)


def answer_with_card(driver: Driver, stage: Stage, adapter: Adapter, card: Card) -> Asked:
    """Have the card shown in the driver's chat, press 进度 on it, and give what the platform tells of the press."""
    if driver.kind == "wecom":
        _by_answer(driver, stage, adapter, card)
    else:
        driver.port.push(driver.address, adapter.card(card, "c1"), "k-card-" + driver.chat_id)
    line = next(line for line in reversed(driver.shown()) if line["card"])
    key = next(one["key"] for one in line["card"]["button_list"] if one["key"].startswith("progress"))
    return driver.press(line["message_id"], key)


def _by_answer(driver: Driver, stage: Stage, adapter: Adapter, card: Card) -> None:
    """The robot's cards with buttons stand in answers only."""
    listening = stage.product.answer

    def answer(asked: Asked) -> Answer:
        opened = driver.opened(asked)
        heard = Heard(Place("wecom", driver.chat_id, driver.user_id), opened["msgid"], "message", True)
        reply = adapter.render(heard, Reply(card=card))
        assert reply is not None
        sealed = driver.reader.seal(reply, asked.query["nonce"])  # type: ignore[attr-defined]  # the robot's driver
        return json_answer(sealed)

    stage.product.answer = answer
    stage.control(f"rooms/{driver.room_id}/say", person="张阿姨", text="发团", mention=True)
    stage.product.answer = listening
