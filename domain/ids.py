"""Public ids: a prefix and 26 lower-case Crockford base32 characters, ordered by time, 32 characters at most."""

from __future__ import annotations

import secrets
from datetime import datetime

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ALLOWED = frozenset(ALPHABET)
BODY_LENGTH = 26
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]  # ten bits at a time

PREFIXES = {
    "Resident": "res", "Leader": "led", "Merchant": "mch", "Product": "prd", "Sku": "sku", "Picture": "pic",
    "Community": "com", "PickupPoint": "pnt", "PickupStaff": "stf", "Campaign": "cmp", "Offer": "ofr",
    "Order": "ord", "OrderLine": "lin", "Payment": "pay", "Refund": "rfd", "SuspenseCase": "sus",
    "Delivery": "dlv", "Redemption": "rdm", "ChatBinding": "cht", "OutboxMessage": "out", "Operator": "opr",
    "JournalEntry": "jrn", "Session": "ses", "Notification": "ntf", "PickupCode": "pkc",
    "Claim": "clm", "Evidence": "evd", "HelpSell": "hlp", "Settlement": "stm", "Payout": "pyt", "Proposal": "prp",
    "Shift": "sft", "BankFile": "bkf", "BillFile": "bil", "BillCase": "bcs", "Shortage": "sho",
    "Share": "shr", "Export": "exp", "ContentCheck": "chk", "PickupPass": "pps", "DeskLease": "lse", "LossCase": "los",
}  # fmt: skip


def new_id(kind: str, at: datetime) -> str:
    """A fresh id for a `kind` of PREFIXES made at `at`: 48 bits of milliseconds, 80 random bits (128 in all)."""
    number = (int(at.timestamp() * 1000) << 80) | secrets.randbits(80)
    body = "".join([_PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])
    return f"{PREFIXES[kind]}_{body}"


def is_id(kind: str, text: str) -> bool:
    """Whether `text` is shaped like an id of `kind`; a wrong prefix never reaches the database."""
    prefix, _, body = text.partition("_")
    return prefix == PREFIXES[kind] and len(body) == BODY_LENGTH and _ALLOWED.issuperset(body)
