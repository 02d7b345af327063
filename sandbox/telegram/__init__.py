"""Telegram's bot API, imitated as far as a bot in a group needs it."""
