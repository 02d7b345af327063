"""Plain functions that build what a test talks about, and the pretend outside."""
