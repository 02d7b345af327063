"""The supervisor behind `make run` and `make demo`: product, clock and sandbox as three processes on loopback."""
