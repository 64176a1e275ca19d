"""Write the survey files of the invented sample county beside this script.

Run by hand in the project's environment: ``python data/samples/generate.py``. The same
seed gives the same files, byte for byte.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from sample_county.county import make_county  # noqa: E402
from sample_county.deliveries import manifest_text, write_deliveries  # noqa: E402
from sample_county.packing import deliver  # noqa: E402
from sample_county.terrain import write_elevation  # noqa: E402

ELEVATION = "地面高程.tif"


def main(folder: Path = FOLDER) -> None:
    """Write every file and the manifest into a folder."""
    county = make_county()
    files = deliver(county)
    write_deliveries(files, folder)
    write_elevation(county.ground, folder / ELEVATION)
    text = manifest_text(files, [ELEVATION])
    (folder / "manifest.toml").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
