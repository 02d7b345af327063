"""All channels by kind."""

from __future__ import annotations

from bots.channels import customer, sandbox, wecom
from bots.channels.adapter import Adapter

CHANNELS: dict[str, Adapter] = {module.KIND: module for module in (customer, sandbox, wecom)}
