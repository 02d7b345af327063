"""Statements of what is owed to leaders, keepers of points and merchants."""
