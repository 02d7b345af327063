"""What people can ask of the bot, one module per purpose; each command takes a turn and answers it."""
