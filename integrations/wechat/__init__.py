"""The mini-program's server API, its message push and its signed open data."""
