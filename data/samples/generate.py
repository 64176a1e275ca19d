"""Write the survey files of the invented sample county beside this script.

Run by hand in the project's environment: ``python data/samples/generate.py``. The same
seed gives the same files, byte for byte.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from sample_county.cases import (  # noqa: E402
    complete_cases,
    lineage_codes,
    named_parcels_text,
    read_cases,
    readme_table,
)
from sample_county.county import make_county  # noqa: E402
from sample_county.deliveries import manifest_text, write_deliveries  # noqa: E402
from sample_county.packing import deliver  # noqa: E402
from sample_county.readme import files_table, fill_part  # noqa: E402
from sample_county.terrain import write_elevation  # noqa: E402

ELEVATION = "地面高程.tif"


def main(folder: Path = FOLDER) -> None:
    """Write every file, the manifest, the named parcels and the README's tables."""
    county = make_county()
    files = deliver(county)
    write_deliveries(files, folder)
    write_elevation(county.ground, folder / ELEVATION)
    manifest = manifest_text(files, [ELEVATION])
    (folder / "manifest.toml").write_text(manifest, "utf-8")

    parcels = read_cases(FOLDER / "cases.toml")
    named = named_parcels_text(
        complete_cases(parcels, county),
        {
            "lineage": lineage_codes(county),
            "border_plot": county.plots.by_site["n_border_plot"].code,
            "border_parcel": county.sites["border_home"].code,
        },
    )
    (folder / "named_parcels.toml").write_text(named, "utf-8")
    readme = (FOLDER / "README.md").read_text("utf-8")
    readme = fill_part(readme, "files", files_table(files))
    readme = fill_part(readme, "cases", readme_table(parcels, county))
    (folder / "README.md").write_text(readme, "utf-8")


if __name__ == "__main__":
    main()
