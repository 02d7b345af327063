"""What stories of the chat share: rooms with people whom the bot knows, and saying something there."""

from __future__ import annotations

from collections.abc import Callable

from chaos.points import scenes
from chaos.points.world import SENDER, Story, World
from services import chat_bindings, ordering, people
from services.announcing import LIVE_COUNT
from services.ordering import PlaceOrder

CHANNEL = "sandbox"
RESTED = LIVE_COUNT.quiet.total_seconds()
"""So many seconds after the last order a count is told, if the chat hears counts at all."""
Words = str | Callable[[World], str]


def say(world: World, event: str, room: str, who: str, text: str) -> None:
    """Somebody says it in a room by name, or ("") alone to the bot; the same event is the same message."""
    message = {"event_id": event, "user_id": f"user-{who}", "kind": "message", "text": text}
    if room:
        message["chat_id"] = world.notes.get(room, room)
    world.theatre.listener(CHANNEL, message)


def hears(story: Story, name: str, room: str, who: str, text: Words) -> None:
    """Add an act: the bot hears it."""

    def does(world: World) -> None:
        say(world, f"event-{name}", room, who, text if isinstance(text, str) else text(world))

    story.add(name, does)


def orders(story: Story, name: str, who: str, campaign: str = "campaign") -> None:
    """Add an act: somebody orders one unit on the page, and pays."""

    def does(world: World) -> None:
        buyer = world.buyer(who)
        lines = ((world["offers"]["草莓"], 1),)
        order = world.do(buyer, lambda ctx: ordering.place(ctx, PlaceOrder(world[campaign], world["point"], lines)))
        scenes.pay(world, who, order)

    story.add(name, does)


def sends(story: Story, name: str, *sweeps: str, **time: float) -> None:
    """Add an act: time passes, other sweeps wake, and the sender twice, for what comes of the first messages."""
    story.wakes(name, *sweeps, SENDER, SENDER, **time)


def known(world: World, *names: str) -> None:
    """These people are bound to their names in the test channel."""
    for who in names:
        code = world.do(world.buyer(who), people.make_chat_code)
        say(world, f"bind-{who}", "", who, f"绑定 {code}")


def room(world: World, name: str) -> None:
    """A group in which the story's campaign is shown."""
    world.notes[name] = world.control("rooms", name=name, kind=CHANNEL)["chat_id"]
    code = world.do(world.actor("leader"), lambda ctx: chat_bindings.group_code(ctx, world["campaign"]))
    say(world, f"room-{name}", name, "李团长", f"绑定本群 {code}")


def staff_room(world: World, name: str) -> None:
    """The staff chat of the story's point."""
    world.notes[name] = world.control("rooms", name=name, kind=CHANNEL)["chat_id"]
    code = world.do(world.actor("leader"), lambda ctx: chat_bindings.staff_chat_code(ctx, world["point"]))
    say(world, f"room-{name}", name, "店员", f"绑定店员群 {code}")
