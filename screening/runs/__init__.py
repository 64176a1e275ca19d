"""Screening runs: one question asked of every enterprise, zone or plot of a county.

How a kind of run is added stands in `screening.runs.kind`.
"""
