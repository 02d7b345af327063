"""One command table and one order of reading: question asked, command, then what a neighbour wants of a campaign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bots import answers
from bots.commands import (
    arriving,
    binding,
    giving_back,
    importing,
    joining,
    leading,
    looking,
    opening,
    pressing,
    redeeming,
)
from bots.jielong.reading import is_pasted
from bots.messages import SILENCE, Heard, Reply, say
from bots.parsing import AfterSale, Ask, Cancel, Command, Intent, Jielong, Join, Nothing, OfferName, Question, read
from bots.parsing.names import index_of
from bots.parsing.normalise import fold, normalise
from bots.turn import Turn, offer_names
from bots.voice import Voice
from models import Campaign
from services.chat import own_orders, rooms, sessions
from services.context import Ctx

COMMANDS: dict[str, Callable[[Turn, str], Reply]] = {
    "发团": looking.post_card, "进度": looking.show_progress, "名单": looking.show_roster, "帮助": looking.show_help,
    "我的": looking.show_own, "取货码": looking.show_codes, "绑定": binding.bind_person, "绑定本群": binding.bind_group,
    "绑定店员群": binding.bind_staff_chat, "核销": redeeming.redeem, "截团": leading.close,
    "催付": leading.nudge, "开团": opening.start, "到货": arriving.arrive,
}  # fmt: skip
TRIES_A_CODE = ("绑定", "绑定本群", "绑定店员群", "核销")


def tried_with(text: str, bot_name: str) -> str:
    """The command by which the message offers a code, so that guessing must be slowed down first; "" for none."""
    intent = read(text, (), bot_name=bot_name)
    if isinstance(intent, Command) and intent.name in TRIES_A_CODE and intent.argument:
        return intent.name
    return ""


def answer(ctx: Ctx, heard: Heard, voice: Voice, *, addressed: bool) -> Reply:
    """Answer one message, click or visit; raises `DomainError` refusals.

    `addressed` says that the bot was spoken to; otherwise it keeps silent about what it does not understand.
    """
    turn = Turn.begin(ctx, heard, voice)
    if heard.kind == "enter":
        return say(looking.HELP)
    if heard.kind == "click":
        return pressing.click(turn)
    replaced = redeeming.replace_pasted_codes(turn)
    if replaced is not None:
        return replaced
    question = sessions.take(ctx, heard.place)
    if question is not None:
        answered = _campaign_chosen(turn, question) or answers.answer(turn, question)
        if answered is not None:
            return answered
    reply = _route(turn, heard.text)
    return reply or (say(looking.HINT if heard.group else looking.HELP) if addressed else SILENCE)


def _campaign_chosen(turn: Turn, question: sessions.Question) -> Reply | None:
    if question.name != "campaign":
        return None
    public_id = answers.chosen(answers.said_in(turn), question.facts["campaigns"])
    if public_id is None:
        return answers.not_offered(turn, question, "campaigns")
    known = turn.campaigns(rooms.VISIBLE)
    campaign = next((one for one in known if one.public_id == public_id), None)
    return _about(turn, question.facts["text"], campaign) if campaign else None


def _about(turn: Turn, text: str, campaign: Campaign) -> Reply | None:
    """What was said before, now that it is known which campaign is meant."""
    alone = replace(turn, only=campaign)
    intent = read(text, (), bot_name=turn.voice.bot_name)
    if isinstance(intent, Command):
        return COMMANDS[intent.name](alone, intent.argument)
    return _act(turn, campaign, read(text, offer_names(turn, campaign), bot_name=turn.voice.bot_name))


def _route(turn: Turn, text: str) -> Reply | None:
    """None when the message means nothing to us."""
    bot = turn.voice.bot_name
    if is_pasted(text, bot):
        return importing.paste(turn, text)
    command = read(text, (), bot_name=bot)
    if isinstance(command, Command):
        return COMMANDS[command.name](turn, command.argument)
    found = turn.looked_at()
    if not found:
        return None if isinstance(command, Nothing) else turn.nothing_here()
    offers = {campaign: offer_names(turn, campaign) for campaign in found}
    intents = {campaign: read(text, offers[campaign], bot_name=bot) for campaign in found}
    meant = [campaign for campaign in found if not isinstance(intents[campaign], Nothing)]
    if meant and all(isinstance(intents[campaign], Jielong) for campaign in meant):
        return importing.paste(turn, text)
    if len(meant) > 1:
        meant = _fewer(turn, meant, intents, offers)
    if len(meant) > 1:
        return turn.which_campaign(meant, text)
    return _act(turn, meant[0], intents[meant[0]]) if meant else None


def _fewer(
    turn: Turn, meant: list[Campaign], intents: dict[Campaign, Intent], offers: dict[Campaign, list[OfferName]]
) -> list[Campaign]:
    """Those of several campaigns that a message can be about: what it names, and what the speaker could give back."""
    if all(isinstance(intents[campaign], AfterSale) for campaign in meant):
        return meant[:1]  # the answer is the same for each
    plain = fold(normalise(turn.heard.text, turn.voice.bot_name))
    named = {campaign: len(index_of(tuple(offers[campaign])).hits(plain)) for campaign in meant}
    most = [campaign for campaign in meant if named[campaign] == max(named.values()) > 0]
    if len(most) == 1:  # the only one that sells what was named, or most of it
        return most
    if turn.speaker and all(isinstance(intents[campaign], Cancel) for campaign in meant):
        own = [one for one in meant if own_orders.live(turn.ctx, turn.speaker.resident_id, one)]
        return own or meant
    return meant


def _act(turn: Turn, campaign: Campaign, intent: Intent) -> Reply | None:
    match intent:
        case Join():
            return joining.join(turn, campaign, intent)
        case Cancel():
            return giving_back.cancel(turn, campaign, intent)
        case Question():
            return looking.answer(turn, campaign, intent)
        case Ask(question=question):
            return say(question)
        case AfterSale():
            return say("收到的货有问题，请在小程序订单页点「申请售后」并附照片，团长会答复；也可以直接联系团长。")
        case Command():
            return COMMANDS[intent.name](turn, intent.argument)
        case Jielong(text=text):
            return importing.paste(turn, text)
        case _:
            return None
