"""Goods that are brought: to the door and by courier."""
