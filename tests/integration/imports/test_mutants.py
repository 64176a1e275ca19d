"""Bytes changed at random places: every end is a reading or a refusal with words."""

import random

import pytest
import shapely

from parcels.refusal import Refusal
from parcels.surveys.ground import make_ground
from parcels.surveys.limits import Limits
from parcels.surveys.read import SurveyFile, read_layer
from parcels.surveys.settling import settle
from tests.integration.imports.import_steps import request, sheet
from tests.integration.imports.test_formats import POINTS, geoparquet
from tests.survey_files import (
    PARCEL_FIELDS,
    members,
    parcel_row_of_squares,
    parcel_rows,
    zipped,
)
from tests.unit.parcels.surveys.test_coordinate_exchange import HEAD, PLOT
from tests.unit.parcels.surveys.test_stated_crs import CGCS2000, projected

GROUND = make_ground(
    [("999901", "虚构县", None, shapely.to_wkb(shapely.box(113.5, 34.5, 114.5, 35.0)))]
)
PRJ = projected("国家2000_38", CGCS2000, 114, 38_500_000)
SHAPEFILE = members(
    parcel_row_of_squares(3), PARCEL_FIELDS, parcel_rows(3), prj=PRJ
) | {"宗地.cpg": b"GBK"}
WHOLE = {
    "界址点.csv": sheet(*POINTS),
    "报部.txt": (HEAD + PLOT).encode("gbk"),
    "宗地.parquet": geoparquet(),
}
MUTANTS = 40


def change(data, chance):
    """Return bytes with one to twenty places overwritten, cut out or filled in."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(len(changed) + 1)
        way = chance.random()
        if way < 0.6 and place < len(changed):
            changed[place] = chance.randrange(256)
        elif way < 0.75:
            del changed[place : place + chance.randrange(1, 20)]
        elif way < 0.9:
            changed[place:place] = chance.randbytes(chance.randrange(1, 9))
        else:
            del changed[place:]
    return bytes(changed)


def mutant(kind, chance):
    """Return a name and bytes with one part changed."""
    if kind in WHOLE:
        return kind, change(WHOLE[kind], chance)
    name = f"宗地.{kind}"
    return "宗地.zip", zipped(SHAPEFILE | {name: change(SHAPEFILE[name], chance)})


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("kind", ["shp", "shx", "dbf", "prj", "cpg", *WHOLE])
def test_changed_bytes_end_in_a_reading_or_a_refusal(tmp_path, kind):
    chance = random.Random(kind)
    declared = request(crs=None, encoding=None, mapping=None)
    for number in range(MUTANTS):
        name, data = mutant(kind, chance)
        scratch = tmp_path / str(number)
        scratch.mkdir()
        (scratch / "kept").write_bytes(data)
        file = SurveyFile(scratch / "kept", name, scratch)
        try:
            found = settle(read_layer(file, declared, Limits()), declared, GROUND)
            for batch in found.raw.batches:
                lengths = {len(column) for column in batch.columns.values()}
                assert lengths <= {len(batch)}
        except Refusal as refusal:
            assert refusal.zh and refusal.en
