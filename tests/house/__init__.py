"""Guards of the structure itself: sizes, names, imports, exceptions to the rules."""
