"""Rows to measure on, written in bulk and yet such that every invariant holds."""
