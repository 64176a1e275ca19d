"""Limits of soil and produce as dated data, and what they say of a sample (core)."""
