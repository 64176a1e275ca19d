"""Write the survey files of the invented sample county beside this script.

Run by hand in the project's environment: ``python data/samples/generate.py``. The same
seed gives the same files, byte for byte.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from sample_county.county import deliver, make_county  # noqa: E402
from sample_county.deliveries import manifest_text, write_deliveries  # noqa: E402


def main(folder: Path = FOLDER) -> None:
    """Write every file and the manifest into a folder."""
    files = deliver(make_county())
    write_deliveries(files, folder)
    (folder / "manifest.toml").write_text(manifest_text(files, []), "utf-8")


if __name__ == "__main__":
    main()
