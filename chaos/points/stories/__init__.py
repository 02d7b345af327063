"""The stories: between them they reach every use case that writes; one that none reaches fails the test by its name."""
