"""The sample county is loaded once, file by file, and goes on where it stopped."""

import pytest
import sqlalchemy as sa

from app.samples import ACTOR, SamplesUnusable, load_if_empty, read_manifest
from app.settings import Settings
from parcels.register import tables
from parcels.surveys.tables import upload
from tests.survey_files import parcel_row_of_squares, parcels_zip
from tests.survey_files import square_at as square

COVERAGE = "FGDM,ZT,SJRQ\n1,plot,2024-05-01\n"


@pytest.fixture
def samples(tmp_path):
    """A county of two files, the parcels and a table of coverage."""
    folder = tmp_path / "samples"
    folder.mkdir()
    (folder / "宗地.zip").write_bytes(parcels_zip(parcel_row_of_squares(3)))
    (folder / "覆盖.csv").write_text(COVERAGE, encoding="gbk")
    (folder / "manifest.toml").write_text(
        """
        [[file]]
        path = "宗地.zip"
        layer = "parcel"
        division = "999901"
        crs = 4526
        encoding = "gbk"
        valid_from = 2024-01-01

        [[file]]
        path = "覆盖.csv"
        layer = "theme_coverage"
        division = "999901"
        encoding = "gbk"
        valid_from = 2024-01-01
        """,
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def settings(tmp_path, fresh_database_urls):
    """Settings of an empty register of this test's own."""
    return Settings(
        data_dir=tmp_path / "data", database_url=fresh_database_urls.service
    )


def changes(registry):
    """Return actor and number of every change."""
    with registry.owner() as connection:
        query = sa.select(tables.change.c.actor, tables.change.c.number)
        return [tuple(row) for row in connection.execute(query.order_by("number"))]


def test_each_file_is_one_upload_and_one_change(registry, settings, samples):
    assert load_if_empty(settings, samples) == 2
    assert changes(registry) == [(ACTOR, 1), (ACTOR, 2)]
    with registry.owner() as connection:
        states = connection.scalars(sa.select(upload.c.state)).all()
    assert states == ["committed", "committed"]


def test_loading_again_changes_nothing(registry, settings, samples):
    load_if_empty(settings, samples)
    assert load_if_empty(settings, samples) == 0
    assert len(changes(registry)) == 2


def test_file_with_an_error_stops_the_load_and_is_named(registry, settings, samples):
    (samples / "覆盖.csv").write_text(COVERAGE.replace("2024", "MMXX"), "gbk")
    with pytest.raises(
        SamplesUnusable, match=r"覆盖.csv has 1 errors(.|\n)*Row 1.*SJRQ"
    ):
        load_if_empty(settings, samples)
    assert len(changes(registry)) == 1


def test_interrupted_load_goes_on_with_the_file_that_is_missing(
    registry, settings, samples
):
    test_file_with_an_error_stops_the_load_and_is_named(registry, settings, samples)
    (samples / "覆盖.csv").write_text(COVERAGE, encoding="gbk")
    assert load_if_empty(settings, samples) == 1
    assert changes(registry) == [(ACTOR, 1), (ACTOR, 2)]


def test_register_with_other_data_is_left_alone(registry, settings, samples):
    manifest = samples / "manifest.toml"
    other = samples.parent / "other"
    other.mkdir()
    (other / "宗地.zip").write_bytes(parcels_zip([square(0, 0)]))
    first = manifest.read_text(encoding="utf-8").split("[[file]]")[1]
    (other / "manifest.toml").write_text(f"[[file]]{first}", encoding="utf-8")
    load_if_empty(settings, other)
    with registry.owner() as connection:
        connection.execute(sa.update(upload).values(actor="某测绘院"))
    assert load_if_empty(settings, samples) == 0
    assert len(changes(registry)) == 1


def test_missing_files_are_named(samples):
    (samples / "覆盖.csv").unlink()
    with pytest.raises(SamplesUnusable, match=r"覆盖.csv"):
        read_manifest(samples)


def test_shipped_manifest_names_files_that_are_there():
    files = read_manifest()
    assert {file.request.division_code for file in files} >= {"999901", "999902"}
    assert files[0].request.layer == "division"


def test_each_layer_is_sent_by_a_role_of_its_county():
    senders = {(one.sender.role, one.sender.scope) for one in read_manifest()}
    assert {role for role, _ in senders} == {"surveyor", "registrar", "agriculture"}
    assert {scope for _, scope in senders} == {"999901", "999902"}
