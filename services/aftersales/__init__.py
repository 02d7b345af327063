"""Complaints about goods handed over: asked, answered, taken to the operator, moved on by the clock, paid back."""
