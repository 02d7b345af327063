"""Plays a story: people speak into the true hooks, the true sender and sweeps run beside them; all is written down."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from bots.sending.drain import drain
from bots.voice import Voice
from domain.actors import SYSTEM, Actor
from jobs.schedule import Job
from models import Order, PickupCode, Resident
from services.ports import ChatAddress, OutsideError
from tests.bots.room import Room
from tests.bots.stories.phones import KINDS, Customer, Deliver, Phone, Shown, Telegram, Wecom
from tests.bots.stories.reading import Act, Story, agrees
from tests.builders.outside import PretendChat, PretendOutside
from tests.services.pickup.world import World

URL = "https://lintuan.example"
VOICE = Voice(URL, "小邻", {"arrived": "T-ARRIVED", "refund": "T-REFUND", "formed": "T-FORMED"})
ALONE, SERVICE = "私聊", "客服"
BEAT = ("campaigns.", "content.ask", "orders.expire", "refunds.", "pickup.", "chat.remind", "chat.send")
"""The sweeps that run when time goes on; the others concern nobody in a chat."""
_ID = re.compile(r"\b[a-z]{2,4}_[0-9a-z]{26}")
_NAMED = re.compile(r"〈[^〉]+〉")
_PRESSED = re.compile(r"\[(?P<button>[^\]]*?)(?: (?P<units>\d))?\]")


@dataclass
class Chat:
    """A group, a staff chat, or (`phone.group` False) talks between two."""

    name: str
    kind: str
    phone: Phone


class Quitting(PretendChat):
    """A channel in which some chats are no more."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.gone: dict[str, OutsideError] = {}

    def push(self, address: ChatAddress, payload: dict[str, object], key: str) -> str:
        """As ever, but for the chats that are gone."""
        if address.chat_id in self.gone:
            raise self.gone[address.chat_id]
        return super().push(address, payload, key)


@dataclass
class Playing:
    """One story under way. `people` are its residents by name, `desks` its staff, `campaigns` ids by title."""

    world: World
    room: Room
    outside: PretendOutside
    jobs: tuple[Job, ...]
    people: dict[str, Actor] = field(default_factory=dict)
    desks: dict[str, Actor] = field(default_factory=dict)
    leaders: dict[str, Actor] = field(default_factory=dict)
    campaigns: dict[str, str] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    deliveries: list[tuple[str, str, Deliver]] = field(default_factory=list)
    open_answers: dict[str, str] = field(default_factory=dict)
    _keys: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        """The leader is there, and every channel."""
        self.people["王团长"] = self.world.leader_as_resident
        self.leaders["王团长"] = self.world.leader
        for kind in ("wecom", "sandbox", "http", "telegram"):
            self.outside.chats[kind] = Quitting(kind)

    def play(self, story: Story) -> list[str]:
        """The whole transcript as it came out; a line as the story has it where the two agree."""
        lines: list[str] = []
        for act in story.acts:
            came = list(self._act(act))
            self._learn_codes()
            came = [self._plain(line) for line in came]
            heard = [*act.heard, *[""] * len(came)]
            told = [want if agrees(self._plain(want), line) else line for want, line in zip(heard, came, strict=False)]
            lines += [*act.before, *act.lines, *told]
        return [*lines, *story.rest]

    def _act(self, act: Act) -> Iterable[str]:
        if act.kind == "said":
            yield from self._said(act)
        else:
            from tests.bots.stories.steps import take

            for who, place, deliver in take(self, act.text):
                yield from self._delivered(who, place, deliver)
        yield from self.by_itself()

    def _said(self, act: Act) -> list[str]:
        chat = self.at(act.place)
        user, key = self.user(act.who, chat.kind), f"k{next(self._keys)}"
        pressed = _PRESSED.fullmatch(act.text)
        if pressed and chat.phone.cards:
            card = next((one for one in chat.phone.cards[::-1] if pressed["button"] in one.keys), None)
            assert card is not None, f"no card has {act.text}"
            deliver = chat.phone.press(user, card, pressed["button"], pressed["units"] or "", key)
        else:
            deliver = chat.phone.say(user, _NAMED.sub(lambda name: self.codes[name[0]], act.text), key)
        return self._delivered(act.who, act.place, deliver)

    def _delivered(self, who: str, place: str, deliver: Deliver) -> list[str]:
        self.deliveries.append((who, place, deliver))
        seen = deliver()
        for shown in seen:
            if shown.live:
                self.open_answers[who] = shown.live
        return [line for shown in seen for line in _lines(shown, f"（{place}）" if place else "", who)]

    def at(self, place: str) -> Chat:
        """Where something is said; two talk alone on the channel of the first group."""
        first = next(iter(self.chats.values()), None) or self.open(place or ALONE, "wecom", group=False)
        if not place:
            return first
        if place not in self.chats:
            kind = "customer" if place == SERVICE else first.kind
            self.open(place, kind, group=False)
        return self.chats[place]

    def open(self, name: str, kind: str, *, group: bool) -> Chat:
        """A new chat; those who are known stay known there."""
        chat_id = f"-{100 + len(self.chats)}" if kind == "telegram" else f"chat-{name}"
        room = Room(self.world, self.room.client, self.room.clock, chat_id)
        self.chats[name] = Chat(name, kind, KINDS[kind](room, group))
        if group:
            for person, who in self.people.items():
                self.known(person, who, kind)
        return self.chats[name]

    def known(self, name: str, who: Actor, kind: str) -> None:
        """Bind a name on a channel, once."""
        mark = f"{kind}/{name}"
        if mark not in self.codes and kind != "customer":
            self.codes[mark] = ""
            self.room.name(self.user(name, kind), who, kind)

    def meet(self, name: str, who: Actor) -> None:
        """Somebody new, known in every group."""
        self.people[name] = who
        for kind in {chat.kind for chat in self.chats.values() if chat.phone.group}:
            self.known(name, who, kind)

    def user(self, name: str, kind: str) -> str:
        """What a channel calls somebody."""
        if kind == "telegram":
            return str(self.numbers.setdefault(name, 7000 + len(self.numbers)))
        if kind == "customer":
            return next((openid for openid, known in self._openids().items() if known == name), f"o-{name}")
        return name

    def key(self) -> str:
        """A platform's id for one more delivery."""
        return f"k{next(self._keys)}"

    def beat(self) -> None:
        """The clock's work, in the order of the schedule."""
        for job in self.jobs:
            if job.name.startswith(BEAT):
                job.sweep(self.room.unit, self.outside)

    def by_itself(self) -> Iterable[str]:
        """What the bot says without being asked, until it has nothing more to say."""
        while drain(self.room.unit, self.outside, VOICE):
            pass
        for chat in self.chats.values():
            yield from self._pushed(chat)
        mini_program = self.outside.mini_program
        names = self._openids() if mini_program.sent or mini_program.texts else {}
        for openid, _, data in mini_program.sent:
            yield f"通知→{names[openid]}：{'｜'.join(data.values())}"
        for openid, text in mini_program.texts:
            yield from _indented(f"小邻→{names.get(openid, '陌生人')}（{SERVICE}）：", text)
        mini_program.sent.clear()
        mini_program.texts.clear()

    def _pushed(self, chat: Chat) -> Iterable[str]:
        channel = self.outside.chats.get(chat.kind)
        if not isinstance(channel, PretendChat):
            return
        for number, (chat_id, payload, key) in enumerate(channel.pushed):
            if chat_id == chat.phone.room.chat_id and key:
                channel.pushed[number] = (chat_id, payload, "")
                for shown in chat.phone.pushed(payload, f"m{number + 1}"):
                    yield from _lines(shown, f"→{chat.name}", "")
        for number, (chat_id, name, payload) in enumerate(channel.edited):
            if chat_id == chat.phone.room.chat_id and name:
                channel.edited[number] = (chat_id, "", payload)
                for shown in chat.phone.pushed(payload, name):
                    assert shown.card is not None
                    yield f"小邻改卡→{chat.name}：{shown.card.lines[1]}"

    def _openids(self) -> dict[str, str]:
        ids = {who.resident_id: name for name, who in self.people.items()}
        with self.room.unit.reading(SYSTEM) as ctx:
            rows = ctx.session.execute(select(Resident.openid, Resident.id)).all()
        return {openid: ids[number] for openid, number in rows if number in ids}

    def _learn_codes(self) -> None:
        """New pickup codes get names: 〈张阿姨的取货码〉, then 〈张阿姨的取货码2〉."""
        ids = {who.resident_id: name for name, who in self.people.items()}
        mine = select(PickupCode.code, Order.resident_id).join(Order, Order.id == PickupCode.order_id)
        with self.room.unit.reading(SYSTEM) as ctx:
            rows = ctx.session.execute(mine.order_by(PickupCode.id)).all()
        for code, resident in rows:
            if code not in self.codes.values():
                name = f"{ids[resident]}的取货码"
                number = sum(known.startswith(f"〈{name}") for known in self.codes) + 1
                self.codes[f"〈{name}{number if number > 1 else ''}〉"] = code

    def _plain(self, line: str) -> str:
        """Without what differs from day to day: ids are ID, codes their names."""
        for name, code in self.codes.items():
            if code:
                line = line.replace(code, name).replace(f"{code[:4]} {code[4:]}", name)
        return _ID.sub("ID", line.replace(URL, "")).rstrip()

    def poll(self, who: str, place: str) -> Deliver:
        """The platform asks how the person's open answer goes on."""
        phone = self.at(place).phone
        assert isinstance(phone, Wecom)
        return phone.poll(self.user(who, "wecom"), self.open_answers[who], self.key())

    def enter(self, who: str, place: str) -> Deliver:
        """Somebody opens the talk with the bot."""
        chat = self.at(place)
        if isinstance(chat.phone, Telegram):
            return chat.phone.say(self.user(who, chat.kind), "/start", self.key())
        assert isinstance(chat.phone, Wecom | Customer)
        return chat.phone.enter(self.user(who, chat.kind), self.key())


def _lines(shown: Shown, where: str, who: str) -> Iterable[str]:
    label = f"小邻{'卡' if shown.card else ''}{where}{f'（只给{who}看）' if shown.only else ''}："
    if shown.card:
        yield from _indented(label, "\n".join(shown.card.lines))
    elif shown.words:
        yield from _indented(label, shown.words + (" ⟳" if shown.live else ""))


def _indented(label: str, text: str) -> Iterable[str]:
    first, *more = text.split("\n")
    yield label + first
    yield from (f"  {line}" for line in more)


def difference(story: Story, came: list[str]) -> str:
    """ "" when all went as told, else the whole chat with what was to be heard (-) and what was (+)."""
    told = [line.rstrip() for line in story.path.read_text().splitlines()]
    if told == came:
        return ""
    return f"{story.path.name}\n" + "\n".join(line.rstrip() for line in difflib.ndiff(told, came) if line[0] != "?")
