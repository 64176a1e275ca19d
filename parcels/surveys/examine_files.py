"""Names of the files an examination leaves in its folder (core)."""

ROWS_FILE = "rows.arrow"
"""Accepted rows, an Arrow file (`staged_file`)."""
ISSUES_FILE = "issues.arrow"
"""Issues, an Arrow file with the columns of `issues.SCHEMA`."""
FACTS_FILE = "facts.json"
"""Numbers of rows, fields and what they fill."""
