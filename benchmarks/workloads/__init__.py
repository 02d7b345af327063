"""What is measured, one module a group; the registry is `benchmarks.registry`."""
