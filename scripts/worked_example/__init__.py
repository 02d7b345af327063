"""One campaign played through the true services against the sandbox, and docs/money.md written from what it booked."""
