"""What all audiences share: the API document, problems, guards, the edge of a transaction, pages and schemas."""
