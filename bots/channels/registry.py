"""All channels by kind."""

from __future__ import annotations

from bots.channels import customer, telegram, wecom, wxgroup
from bots.channels.adapter import Adapter
from bots.channels.http import HttpChannel, SandboxChannel

CHANNELS: dict[str, Adapter] = {
    one.KIND: one for one in (customer, HttpChannel(), SandboxChannel(), telegram, wecom, wxgroup)
}
