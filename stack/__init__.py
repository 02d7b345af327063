"""The supervisor behind `make run` and `make demo`: the product, its clock, its live streams and the sandbox."""
