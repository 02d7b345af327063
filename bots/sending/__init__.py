"""What leaves: the outbox is drained here, each message rendered from the state of the moment it goes."""
