"""The first front door: HTTP, sliced by audience."""
