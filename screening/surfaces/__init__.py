"""What may lie between the points? Surfaces (插值面); they judge nothing."""
