"""What the outside world calls: gateway notices, chat callbacks; each checks its own signature."""
