"""What may differ between the gateway's bill of a day and our books."""

from __future__ import annotations

from enum import StrEnum


class Difference(StrEnum):
    """The twelve classes of difference."""

    MISSING_HERE = "missing_here"
    """The bill shows what we do not know."""
    MISSING_THERE = "missing_there"
    """We booked what the bill does not show."""
    AMOUNT = "amount"
    """Both know it, with different sums."""
    STATUS = "status"
    """Both know it, in different states."""
    DUPLICATE = "duplicate"
    """The bill shows it more than once."""
    REFUND_MISMATCH = "refund_mismatch"
    """A refund of another sum, or of another payment, than ours."""
    FEE = "fee"
    """The fee is not what the rate makes of the sum."""
    ACROSS_MIDNIGHT = "across_midnight"
    """Both know it, on neighbouring days."""
    UNKNOWN_MERCHANT = "unknown_merchant"
    """A row of another merchant or app."""
    FORMAT = "format"
    """A line that cannot be read."""
    HASH = "hash"
    """The file is not the one that its hash was made of."""
    LATE = "late"
    """The bill, or a row of it, came days after its time."""
