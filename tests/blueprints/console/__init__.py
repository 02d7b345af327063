"""The operator's console as a browser meets it."""
