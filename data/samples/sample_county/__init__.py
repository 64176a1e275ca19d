"""The invented sample county, made from a seed.

Nothing here is a real place, firm or measurement. The modules go from the ground up:
`plane` (coordinates), `plan` (what is drawn by hand), `terrain`, `ground` (zones),
`tiling` (parcels that share every edge), `registry` and what lies on it, `survey_files`
(how it is shipped).
"""
