"""Typed settings from the environment, and how the product logs."""
