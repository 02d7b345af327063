"""开团 in one message: what a leader types, read as the terms of a campaign."""
