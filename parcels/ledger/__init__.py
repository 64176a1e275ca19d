"""Proof that what was recorded has not been changed since."""
