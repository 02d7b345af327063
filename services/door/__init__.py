"""Goods that are brought: to the door by the leader, or by courier."""
