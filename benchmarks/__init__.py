"""Benchmarks: one command a figure, each beside a peer in the same run."""
