"""The benches measure what they say they do: their arithmetic, their rows, and each workload once in miniature."""
