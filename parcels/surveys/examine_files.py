"""Names of the files an examination finds and leaves in its folders (core)."""

GROUND_FILE = "ground.arrows"
"""The ground the file is for (`ground.Ground.to_bytes`); beside the job."""
PROPOSAL_FILE = "proposal.json"
"""What has to be confirmed first; then none of the others is left."""

PROGRESS_FILE = "progress.json"
"""How far it is (`progress.Progress`); replaced whole each time."""

ROWS_FILE = "rows.arrow"
"""Accepted rows, an Arrow file (`staged_file`)."""
REJECTED_FILE = "rejected.arrow"
"""Rows with an error of their own, as far as they could be read; the same columns."""
SHOWN_FILE = "shown.arrow"
"""Where each row lies, an Arrow file (`shown_rows`)."""
ISSUES_FILE = "issues.arrow"
"""Issues, an Arrow file with the columns of `issues.SCHEMA`."""
WANTED_FILE = "wanted.npy"
"""Numbers of the rows to write out again, where that is the job; beside the job."""
ASIDE_FILE = "aside.arrow"
"""Rows as the file says them (`set_aside`)."""
FACTS_FILE = "facts.json"
"""Numbers of rows, fields and what they fill."""

DISK_FULL = 28
"""Exit status of a process that found no room even for its answer."""
