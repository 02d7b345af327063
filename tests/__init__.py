"""What the product must be able to do, one sentence a test."""
