"""Damaged files: whatever bytes are changed, the answer is a report, never a crash."""

import random
import zipfile
from datetime import date
from io import BytesIO

import pytest
import shapely

from parcels.surveys.archive import Archive
from parcels.surveys.confinement import Examination, run_examination
from parcels.surveys.ground import Ground
from parcels.surveys.limits import Limits
from parcels.surveys.proposing import Proposal
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest
from tests.survey_files import (
    PARCEL_FIELDS,
    members,
    parcel_row_of_squares,
    parcel_rows,
    square_at,
)

SEED = 20260101
IN_EVERY_RUN = 120
IN_ALL = 2_400
MEMBERS = (".shp", ".shx", ".dbf", ".prj", ".cpg", "zip")
REQUEST = UploadRequest("parcel", "999901", date(2024, 1, 1), 4526, "gbk")
OPEN_REQUEST = UploadRequest("parcel", "999901", date(2024, 1, 1))
LIMITS = Limits(seconds=60.0, memory_bytes=2 * 1024**3)
PRJ = (
    'PROJCS["CGCS2000_3_Degree_GK_Zone_38",GEOGCS["GCS_China_Geodetic_Coordinate_'
    'System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",38500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],'
    'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],'
    'UNIT["Meter",1.0]]'
)
BROKEN = ("reader_died", "took_too_long")
"""Reasons that say the reading itself failed: no damage may lead there."""


def good_members():
    """Return a survey of every sort of record: one ring, a hole, two parts, none."""
    holed = shapely.Polygon(
        square_at(500, 0, 50.0).exterior.coords, [square_at(510, 10).exterior.coords]
    )
    parts = shapely.MultiPolygon([square_at(600, 0), square_at(630, 0)])
    geometries = [*parcel_row_of_squares(30), holed, parts, None]
    rows = parcel_rows(len(geometries))
    found = members(geometries, PARCEL_FIELDS, rows, name="parcels", prj=PRJ)
    return found | {"parcels.cpg": b"GBK"}


def zipped(files):
    """Return the members as a zip archive, stored, so that their bytes stay theirs."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def damage(content, chance):
    """Change, cut out, repeat or cut off some bytes, mostly near the beginning."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        reach = min(len(changed), 200) if chance.random() < 0.6 else len(changed)
        place = chance.randrange(max(reach, 1))
        act = chance.random()
        if act < 0.75:
            changed[place : place + 1] = bytes([chance.randrange(256)])
        elif act < 0.85:
            del changed[place : place + chance.randint(1, 16)]
        elif act < 0.95:
            changed[place:place] = changed[place : place + chance.randint(1, 16)]
        else:
            del changed[place:]
    return bytes(changed)


def mutant(number):
    """Return the n-th damaged survey and the declaration it is sent under."""
    chance = random.Random(f"{SEED}/{number}")
    files = good_members()
    where = MEMBERS[number % len(MEMBERS)]
    if where == "zip":
        data = damage(zipped(files), chance)
    else:
        name = f"parcels{where}"
        data = zipped(files | {name: damage(files[name], chance)})
    return data, OPEN_REQUEST if chance.random() < 0.3 else REQUEST


@pytest.fixture
def answer(tmp_path):
    """Examine damaged bytes; give the answer, and see that nothing is left behind."""
    archive = Archive(tmp_path / "uploads")
    path = tmp_path / "sent"

    def run(data, request):
        path.write_bytes(data)
        with archive.scratch() as scratch:
            try:
                return run_examination(
                    path, "宗地.zip", request, Ground(), LIMITS, scratch
                )
            except FileRefused as refusal:
                assert refusal.reason not in BROKEN, refusal.en
                assert refusal.zh and refusal.en
                return refusal

    yield run
    assert list((tmp_path / "uploads" / "scratch").iterdir()) == []


def check(answer, numbers):
    """Examine mutants; every one must have an answer."""
    kinds = (Examination, Proposal, FileRefused)
    return [
        next(kind for kind in kinds if isinstance(found, kind))
        for found in (answer(*mutant(number)) for number in numbers)
    ]


def test_good_survey_is_examined(answer):
    found = answer(zipped(good_members()), REQUEST)
    assert found.facts["rows"] == 33


def test_damaged_surveys_are_answered(answer):
    answers = check(answer, range(IN_EVERY_RUN))
    assert answers.count(FileRefused) > IN_EVERY_RUN // 4
    assert answers.count(Examination) > IN_EVERY_RUN // 10


@pytest.mark.long
def test_all_damaged_surveys_are_answered(answer):
    assert len(check(answer, range(IN_EVERY_RUN, IN_ALL))) >= 2_000
