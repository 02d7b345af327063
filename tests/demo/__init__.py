"""The demo's own tools: its judge, its columns, its stage."""
