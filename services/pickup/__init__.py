"""From truck to hand: deliveries, pickup codes, the desk, undo and lapse."""
