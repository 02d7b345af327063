"""A campaign from draft to deadline: writing it, opening it, changing what may still change."""
