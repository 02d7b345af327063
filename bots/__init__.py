"""Front door 2, the chat: what neighbours type and press becomes service calls, and what happened becomes words."""
