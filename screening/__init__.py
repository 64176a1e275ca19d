"""What the land means: facts, overlays, distances, rules and decisions (筛查)."""
