"""The door all admin views hang on; each route asks for the duty of its module, most reads for none but to look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from blueprints.shared.api import Door
from domain.operators import Duty

DUTIES = {
    "bank_files": Duty.MONEY,
    "campaigns": Duty.CAMPAIGNS,
    "claims": Duty.CLAIMS,
    "communities": Duty.PEOPLE,
    "content": Duty.CAMPAIGNS,
    "help_sells": Duty.CAMPAIGNS,
    "leaders": Duty.PEOPLE,
    "login": Duty.LOOK,
    "losses": Duty.CLAIMS,
    "outbox": Duty.MESSAGES,
    "proposals": Duty.MONEY,
    "reconciliation": Duty.MONEY,
    "refunds": Duty.MONEY,
    "settlements": Duty.MONEY,
    "shifts": Duty.MONEY,
    "shipping": Duty.MESSAGES,
    "suspense": Duty.MONEY,
    "watch": Duty.MESSAGES,
}
"""What a module's routes ask for that do something; a module that is missing here cannot have such a route."""
OTHERWISE = {
    "refund_order": Duty.GIVE_BACK,
    "download_bank_file": Duty.MONEY,
    "download_bill_file": Duty.MONEY,
    "see_checked_picture": Duty.CAMPAIGNS,
    "read_chat_transcript": Duty.REVEAL,
    "read_resident_transcript": Duty.REVEAL,
}


class AdminDoor(Door):
    """A door whose routes know which operators they are for."""

    def way(self, method: str, rule: str, **how: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """As `Door.way`."""

        def register(view: Callable[..., Any]) -> Callable[..., Any]:
            duty = OTHERWISE.get(view.__name__) or _duty_of(method, view)
            return super(AdminDoor, self).way(method, rule, duty=duty, **how)(view)

        return register


def _duty_of(method: str, view: Callable[..., Any]) -> Duty:
    return Duty.LOOK if method == "GET" else DUTIES[view.__module__.rpartition(".")[2]]


door = AdminDoor("admin", audience="admin", url_prefix="/api/admin", description="平台")
