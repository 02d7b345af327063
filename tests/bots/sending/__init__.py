"""The sending side: counts that rest, limits that hold, and what becomes of a message in trouble."""
