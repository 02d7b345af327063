"""From a verified callback to its answer: parse, once per event, in one transaction, then out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import structlog

from bots import router, streams, transcript
from bots.channels import wecom
from bots.channels.registry import CHANNELS
from bots.channels.texts import CODE_MARK
from bots.messages import SILENCE, Heard, Reply, say
from bots.refusals import in_words
from bots.voice import Voice
from domain.actors import NOBODY, SYSTEM
from domain.errors import Busy, DomainError, TooMany
from services import outbox
from services.chat import identities, inbox, own_orders, rooms
from services.chat.identities import Speaker
from services.context import Ctx, Unit
from services.pickup import tries
from services.ports import BadNotice, Counters, LateAnswers, OutsideError

Answer = dict[str, Any] | None
WAITED_FOR_SECONDS = 4.5
"""The platform waits five seconds for an answer."""
RESPONSE_URL_SECONDS = 3600
LATEST_CALLBACK_SECONDS = 30
"""Three tries of five seconds, and some for a slow network."""
log = structlog.get_logger("lintuan.chat")


@dataclass(frozen=True)
class Listener:
    """Hears all channels; one for the whole process."""

    unit: Unit
    counters: Counters
    voice: Voice
    late: LateAnswers | None = None
    seconds: Callable[[], float] = time.monotonic

    def __call__(self, channel: str, message: dict[str, Any]) -> Answer:
        """Answer a verified message of `channel`; None for an empty answer.

        The effect is committed before this returns. A repeat gets the same answer, and nobody else does, though a
        platform gave two people's messages one id. Raises `BadNotice` for a malformed message and `Busy` when the
        platform should come again; a click is never repeated by the platform, so it gets an empty answer instead of
        an error.
        """
        began = self.seconds()
        heard = CHANNELS[channel].parse(message)
        if heard is None:
            return None
        if heard.kind == "moved":
            self._follow(heard)
            return None
        if heard.kind == "poll":
            return self._refreshed(heard)
        heard = replace(heard, key=inbox.key_of(heard.place.chat_id, heard.place.user_id, heard.key))
        try:
            answer, fresh = self._answer(heard)
        except BadNotice:
            raise
        except Exception as error:
            if heard.kind != "click":
                raise
            if not isinstance(error, Busy):
                log.exception("a click failed", channel=channel)
            return None
        return self._in_time(heard, self._with_codes(heard, answer), began, fresh=fresh)

    def _refreshed(self, heard: Heard) -> Answer:
        with self.unit.reading(NOBODY) as ctx:
            return CHANNELS[heard.place.channel].render(heard, streams.refresh(ctx, heard, self.voice))

    def _in_time(self, heard: Heard, answer: Answer, began: float, *, fresh: bool) -> Answer:
        """The answer while the platform waits for it; later it goes out by the address that the callback brought.

        A repeat of what was answered so gets nothing more: at worst the same is read twice, never not at all.
        """
        if self.late is None or heard.place.channel != wecom.KIND or not heard.answer_to or not answer:
            return answer
        mark = f"late:{heard.key}"
        if not fresh:
            if self.counters.hit(mark, RESPONSE_URL_SECONDS) > 1:
                return None
            self.counters.clear(mark)
            return answer
        if self.seconds() - began < WAITED_FOR_SECONDS:
            return answer
        self.counters.hit(mark, RESPONSE_URL_SECONDS)
        try:
            self.late.answer(heard.answer_to, wecom.late(heard, answer))
        except OutsideError as error:
            self.counters.clear(mark)
            log.warning("a late answer was not taken", why=str(error))
        return None

    def _follow(self, heard: Heard) -> None:
        with self.unit(SYSTEM) as ctx:
            rooms.move(ctx, heard.place.channel, heard.place.chat_id, heard.subject)

    def _answer(self, heard: Heard) -> tuple[Answer, bool]:
        """The answer, and whether it was made now rather than kept."""
        desk = f"{heard.place.channel}:{inbox.key_of(heard.place.user_id)[:16]}"
        slowed = self._brake(heard, desk)
        said: list[Reply] = []
        with self.unit(NOBODY) as ctx:
            answer = inbox.once(
                ctx, heard.place.channel, heard.key, lambda: self._respond(ctx, heard, slowed, said),
                lambda: transcript.kept(ctx, heard, said[-1], self.voice.bot_name),
            )  # fmt: skip
        if any(reply.handed_over for reply in said):
            tries.release(self.counters, desk)
        return answer, bool(said)

    def _brake(self, heard: Heard, desk: str) -> TooMany | None:
        """Count a try of a code by this person, outside the transaction; a repeated delivery is no new try."""
        command = router.tried_with(heard.text, self.voice.bot_name) if heard.kind == "message" else ""
        if not command:
            return None
        with self.unit.reading(NOBODY) as ctx:
            if inbox.is_known(ctx, heard.place.channel, heard.key):
                return None
            policy = ctx.policy
        try:
            (tries.brake if command == "核销" else tries.allow_one_time_code)(self.counters, policy, desk)
        except TooMany as slowed:
            return slowed
        return None

    def _respond(self, ctx: Ctx, heard: Heard, slowed: TooMany | None, said: list[Reply]) -> Answer:
        module = CHANNELS[heard.place.channel]
        reply = (
            say(in_words(slowed))
            if slowed
            else self._routed(ctx, heard, addressed=module.HEARD_AS_MEANT or not heard.group)
        )
        said.append(reply)
        if reply.live:
            can = module.CAPABILITIES.streams
            reply = streams.begin(ctx, heard, reply) if can else replace(reply, live="")
        answer: Answer = module.render(heard, self._posted(ctx, heard, reply))
        if heard.place.channel == identities.CUSTOMER:
            self._answer_later(ctx, heard, answer)
        return answer

    def _routed(self, ctx: Ctx, heard: Heard, *, addressed: bool) -> Reply:
        """The router's answer; a refused command leaves nothing behind but its refusal."""
        try:
            with ctx.session.begin_nested():
                return router.answer(ctx, heard, self.voice, addressed=addressed)
        except Busy:
            raise
        except DomainError as refusal:
            return say(in_words(refusal))

    def _posted(self, ctx: Ctx, heard: Heard, reply: Reply) -> Reply:
        """Where cards can be edited at any time, a card is posted by the sender, who then knows which one to edit."""
        if reply.card is None or reply.card.draft or heard.kind == "click" or not heard.group:
            return reply
        if CHANNELS[heard.place.channel].CAPABILITIES.edits != "any":
            return reply
        rooms.request_card(ctx, heard.place.channel, heard.place.chat_id, reply.card.campaign_id, heard.key)
        return Reply(reply.parts) if reply.parts else SILENCE

    def _answer_later(self, ctx: Ctx, heard: Heard, answer: Answer) -> None:
        """Customer service has no answer in the callback: it goes out through the outbox."""
        opened = _said_at(heard, ctx.now)
        if heard.kind == "message":
            identities.wrote(ctx, heard.place.user_id, opened)
        if answer is not None:
            sealed = ctx.vault.encrypt(heard.place.user_id)
            payload = {"event": heard.key, "to": sealed, "by": heard.kind, "at": opened.timestamp()}
            outbox.enqueue(ctx, "customer_reply", f"customer:{heard.key}", payload)

    def _with_codes(self, heard: Heard, answer: Answer) -> Answer:
        if answer is None or not CODE_MARK.search(str(answer)):
            return answer
        with self.unit.reading(NOBODY) as ctx:
            person = identities.speaker(ctx, heard.place.channel, heard.place.user_id)
            filled: Answer = filled_in(ctx, answer, person)
        return filled


def _said_at(heard: Heard, now: datetime) -> datetime:
    """When it was said: the platform's word, where it can be true of a callback that comes now."""
    if not 0 <= now.timestamp() - heard.said_at <= LATEST_CALLBACK_SECONDS:
        return now
    return datetime.fromtimestamp(heard.said_at, UTC)


def filled_in(ctx: Ctx, value: Any, person: Speaker | None) -> Any:
    """The answer with each mark of a code replaced by the code in use at this moment, if it is the person's own."""
    resident_id = person.resident_id if person else 0
    if isinstance(value, str):
        return CODE_MARK.sub(lambda found: own_orders.code_in_use(ctx, resident_id, found[1]) or "见订单页", value)
    if isinstance(value, dict):
        return {name: filled_in(ctx, item, person) for name, item in value.items()}
    return [filled_in(ctx, item, person) for item in value] if isinstance(value, list) else value
