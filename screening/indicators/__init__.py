"""The rates a county answers for: counted, held against targets, kept, reported."""
