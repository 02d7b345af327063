"""Front door 5, live streams: one small process on an event loop tells any number of watchers how a count stands."""
