"""Histories of money: drawn by hypothesis, played through the services against the sandbox's gateway, judged by it."""
