"""The chat as people meet it: said and pressed, sealed and opened."""
