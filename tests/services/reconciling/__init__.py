"""Bills against the books, on both databases."""
