"""Two to four actors on PostgreSQL whose statements are interleaved by a seeded scheduler, one statement at a time."""
