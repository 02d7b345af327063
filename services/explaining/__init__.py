"""Saying where each fen came from and went: sentences from the journal, proved against the rows."""
