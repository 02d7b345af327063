"""The rules of buying together: plain Python, no input or output, no clock of its own."""
