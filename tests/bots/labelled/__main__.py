"""`python -m tests.bots.labelled [half]`: the table of figures, per half; prints no message."""

import sys

from tests.bots.labelled.measuring import HALVES, measure

ROWS = {
    "is an order: precision": "order_precision",
    "is an order: recall": "order_recall",
    "orders exact (items, quantities, mode)": "order_exact",
    "kind right": "kind_right",
    "asks back: precision": "ask_precision",
    "asks back: recall": "ask_recall",
    "everything right": "all_right",
    "neither order nor cancellation, taken for an order": "noise_as_order",
}

for half in sys.argv[1:] or HALVES:
    figures = measure(half)
    sys.stdout.write(f"{half}: {figures.messages} messages\n")
    for title, field in ROWS.items():
        sys.stdout.write(f"  {title:<52}{getattr(figures, field)}\n")
