"""What pages show: read shapes made by a fixed number of statements, never entities."""
