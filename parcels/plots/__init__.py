"""The life of contaminated and suspected plots (污染地块): stages, lists, events."""
