"""Reconciling: the gateway's bills taken in, matched with our books, booked, and each difference made a case."""
