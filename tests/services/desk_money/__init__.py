"""Money at the desk: cash, WeChat, shifts, no-shows."""
