"""One module per chat platform: its callbacks into messages, our answers into its payloads."""
