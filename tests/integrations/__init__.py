"""The adapters at the edge, against published vectors, tiny local servers and the sandbox."""
