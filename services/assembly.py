"""What app.py puts together and the front doors hold: transactions, the outside, clock, vault, policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from domain.clock import Clock
from domain.policy import Policy
from services.hot.rush import Rush
from services.ports import Capabilities, Outside, Vault
from services.transactions import Transactions

if TYPE_CHECKING:
    from config.settings import Settings


class SealedCallback(Protocol):
    """Checks and opens a chat platform's callbacks (WeCom robot, mini-program push); raises `BadNotice`."""

    def check_url(self, query: Mapping[str, str]) -> str:
        """The text to answer to the platform's address check."""

    def read(self, query: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """The verified, decrypted message."""


class RobotCallback(SealedCallback, Protocol):
    """The robot's callback is answered in the response itself, sealed."""

    def seal(self, payload: dict[str, Any], nonce: str) -> dict[str, Any]:
        """The encrypted answer."""


class SignedCallback(Protocol):
    """A callback that carries its proof in a header (a bridge, the test channel, Telegram); raises `BadNotice`."""

    def read(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """The verified body."""


class Hearing(Protocol):
    """The chat's front door."""

    def __call__(self, channel: str, message: dict[str, Any]) -> dict[str, Any] | None:
        """Answer a verified message of `channel` after its effect is committed.

        None is an empty answer. Raises `BadNotice` for a malformed message, `Busy` when it must come again.
        """


@dataclass(frozen=True)
class Hooks:
    """The readers of callbacks; None where the settings name no such channel."""

    aibot: RobotCallback | None = None
    push: SealedCallback | None = None
    sandbox_chat: SignedCallback | None = None
    http_chat: SignedCallback | None = None
    telegram: SignedCallback | None = None


@dataclass(frozen=True)
class Lintuan:
    """The product, assembled once per process: `current_app.extensions["lintuan"]`.

    `rush` is None where everything goes the plain way. `outside` and `hooks` are made on first use, so that commands
    which call nobody load no vendor package.
    """

    settings: Settings
    unit: Transactions
    rush: Rush | None
    clock: Clock
    vault: Vault
    policy: Policy
    make_outside: Callable[[], Outside]
    make_hooks: Callable[[], Hooks]
    make_hearing: Callable[[Outside], Hearing]
    declare_channels: Callable[[], Mapping[str, Capabilities]]

    @cached_property
    def outside(self) -> Outside:
        """Everything the flows may call."""
        return self.make_outside()

    @cached_property
    def hooks(self) -> Hooks:
        """The readers of what calls us."""
        return self.make_hooks()

    @cached_property
    def channels(self) -> Mapping[str, Capabilities]:
        """What each kind of chat channel can do, whether or not the settings name it."""
        return self.declare_channels()

    @cached_property
    def hear(self) -> Hearing:
        """What answers the chat."""
        return self.make_hearing(self.outside)
