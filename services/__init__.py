"""The use cases: `fn(ctx, command) -> result`, one transaction each, committed by the caller."""
