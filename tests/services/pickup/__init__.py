"""Goods on their way, codes, the desk, undo and lapse, on both databases."""
