"""Names of the files an examination finds and leaves in its folders (core)."""

GROUND_FILE = "ground.arrows"
"""The ground the file is for (`ground.Ground.to_bytes`); beside the job."""
PROPOSAL_FILE = "proposal.json"
"""What has to be confirmed first; then none of the others is left."""

ROWS_FILE = "rows.arrow"
"""Accepted rows, an Arrow file (`staged_file`)."""
ISSUES_FILE = "issues.arrow"
"""Issues, an Arrow file with the columns of `issues.SCHEMA`."""
FACTS_FILE = "facts.json"
"""Numbers of rows, fields and what they fill."""
