"""OGC API Features and Tiles: what the standards ask for beside HTTP itself."""
