"""The clock's front door."""
