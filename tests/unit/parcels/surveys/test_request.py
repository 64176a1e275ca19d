"""What is declared with a file, and what is refused at once."""

from datetime import date

import pytest

from parcels.crs import DatumNotConvertible, UnknownCrs
from parcels.surveys.encodings import parse_encoding
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest

DAY = date(2024, 1, 1)


@pytest.mark.parametrize(
    "name", ["GBK", "gb2312", "CP936", "936", "GB18030", "ANSI 936"]
)
def test_chinese_encodings_are_read_as_their_superset(name):
    assert parse_encoding(name) == "gb18030"


@pytest.mark.parametrize("name", ["big5", "latin-1", ""])
def test_other_encodings_are_refused(name):
    with pytest.raises(FileRefused):
        parse_encoding(name)


@pytest.mark.parametrize("srid", [2362, 2383, 4610, 2414, 4214])
def test_xian_1980_and_beijing_1954_are_refused(srid):
    with pytest.raises(DatumNotConvertible):
        UploadRequest("parcel", "999901", DAY, srid)


def test_crs_that_no_survey_uses_is_refused():
    with pytest.raises(UnknownCrs):
        UploadRequest("parcel", "999901", DAY, 3857)


def test_what_is_left_open_survives_being_kept():
    open_ = UploadRequest("parcel", "999901", DAY, mapping=None)
    assert UploadRequest.from_json(open_.as_json()) == open_
    assert (open_.crs, open_.encoding, open_.mapping) == (None, None, None)


def test_tables_take_no_crs():
    with pytest.raises(FileRefused):
        UploadRequest("plot_document", "999901", DAY, 4526)


def test_unknown_layer_names_the_known_ones():
    with pytest.raises(FileRefused, match="parcel"):
        UploadRequest("parcells", "999901", DAY, 4526)


def test_mapping_may_not_fill_computed_attributes():
    with pytest.raises(FileRefused):
        UploadRequest("parcel", "999901", DAY, 4526, mapping={"mapped_area_m2": "A"})


def test_division_is_kept_without_trailing_zeros():
    assert UploadRequest("parcel", "510000", DAY, 4526).division_code == "51"


def test_declaration_survives_json_and_keeps_its_digest():
    one = UploadRequest("parcel", "999901", DAY, 4526, "GBK", mapping={"code": "BH"})
    again = UploadRequest.from_json(one.as_json())
    assert again == one
    assert again.digest() == one.digest()


def test_any_difference_in_the_declaration_changes_the_digest():
    base = UploadRequest("parcel", "999901", DAY, 4526, "GBK")
    others = [
        UploadRequest("parcel", "999901", DAY, 4547, "GBK"),
        UploadRequest("parcel", "999901", DAY, 4526, "UTF-8"),
        UploadRequest("parcel", "999901", date(2024, 1, 2), 4526, "GBK"),
        UploadRequest("parcel", "999901", DAY, 4526, "GBK", mapping={"code": "BH"}),
    ]
    assert base.digest() not in {other.digest() for other in others}
