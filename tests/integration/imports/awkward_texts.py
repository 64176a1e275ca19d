"""Encodings (section 2), attributes and codes (3), areas (4): one thing wrong each."""

from tests.integration.imports.awkward_files import Awkward, attributes, changed, survey
from tests.survey_files import (
    PARCEL_FIELDS,
    members,
    parcel_code,
    parcel_row_of_squares,
    parcel_rows,
    square_at,
    zipped,
)

UNSAID = {"encoding": None}
LAND = (
    ("ZDDM", "C", 19, 0),
    ("TBBH", "C", 8, 0),
    ("DLBZ", "C", 14, 0),
    ("DLBM", "C", 5, 0),
    ("ZLDWDM", "C", 19, 0),
    ("CZCSXM", "C", 4, 0),
    ("TBXHDM", "C", 4, 0),
)
CODES = (("ZDDM", "C", 40, 0), ("ZL", "C", 60, 0))
USES = (("ZDDM", "C", 19, 0), ("DLBZ", "C", 14, 0), ("DLBM", "C", 6, 0))
SCHEME, GUIDE = "gbt21010_2017", "ydyh_2023"


def text(encoding, *, cpg=None, driver=None, values=("净土路",), fields=None):
    """Return a maker of parcels whose place is text in an encoding."""

    def make():
        rows = [(parcel_code(i), one, 100.0) for i, one in enumerate(values, 1)]
        drawn = parcel_row_of_squares(len(rows))
        files = members(drawn, fields or PARCEL_FIELDS, rows, encoding)
        table = bytearray(files["宗地.dbf"])
        table[29] = driver or 0
        files["宗地.dbf"] = bytes(table)
        return zipped(files if cpg is None else files | {"宗地.cpg": cpg})

    return make


def land(use, *, town="", refinement="", place="510183100249"):
    """Return a maker of one land-use parcel of a hectare."""
    row = (parcel_code(1), "1", SCHEME, use, place, town, refinement)
    return attributes(LAND, row, side=100.0)


def use(scheme, code):
    return attributes(USES, (parcel_code(1), scheme, code))


def area(stated):
    """Return a maker of a square of 100 m with a stated area."""
    return survey(square_at(0, 0, 100.0), rows=[(parcel_code(1), "甲", stated)])


def renamed(change, names="utf-8"):
    """Return a maker of a good survey whose members are named otherwise."""

    def make():
        drawn = parcel_row_of_squares(3)
        files = members(drawn, PARCEL_FIELDS, parcel_rows(3))
        return zipped({change(name): one for name, one in files.items()}, names=names)

    return make


def two_layers():
    drawn = parcel_row_of_squares(3)
    one = members(drawn, PARCEL_FIELDS, parcel_rows(3))
    other = members(drawn, (("BZ", "C", 9, 0),), [("x",)] * 3, name="注记")
    return zipped(one | other)


def cut_field_name(encoding, length):
    name = "宗地代码的全称".encode(encoding)[:length]
    fields = ((name, "C", 28, 0), *PARCEL_FIELDS[1:])
    return lambda: zipped(
        members(parcel_row_of_squares(3), fields, parcel_rows(3), encoding)
    )


CASES = (
    Awkward("gbk_without_cpg", text("gbk"), "asked encoding=gb18030", declared=UNSAID),
    Awkward(
        "utf_8_without_cpg", text("utf-8"), "asked encoding=utf-8", declared=UNSAID
    ),
    Awkward("cpg_of_gbk", text("gbk", cpg=b"936"), "clean", declared=UNSAID),
    Awkward("cpg_of_utf_8", text("utf-8", cpg=b"UTF-8"), "clean", declared=UNSAID),
    Awkward("cpg_by_its_alias", text("utf-8", cpg=b"UTF8"), "clean", declared=UNSAID),
    Awkward(
        "cpg_that_lies",
        text("gbk", cpg=b"UTF-8"),
        "refused cpg_contradicts_bytes",
        declared=UNSAID,
    ),
    Awkward(
        "cpg_of_nonsense",
        text("gbk", cpg=b"nonsense"),
        "asked encoding=gb18030",
        declared=UNSAID,
    ),
    Awkward(
        "driver_byte_of_gbk",
        text("gbk", driver=0x4D),
        "asked encoding=gb18030",
        declared=UNSAID,
    ),
    Awkward(
        "driver_byte_that_lies",
        text("utf-8", driver=0x4D),
        "asked encoding=utf-8",
        declared=UNSAID,
    ),
    Awkward(
        "encodings_mixed",
        text("gbk", values=("净土路", "净土路".encode())),
        "told text_undecodable@2",
    ),
    Awkward(
        "encodings_mixed_unsaid",
        text("gbk", values=("净土路", "净".encode() + b"\xff")),
        "asked encoding=None",
        declared=UNSAID,
    ),
    Awkward("rare_character", text("gb18030", values=("㵲阳镇𠮷村",)), "clean"),
    Awkward(
        "replacement_character",
        text("utf-8", values=("净\ufffd路",)),
        "told text_damaged@1",
        declared={"encoding": "utf-8"},
    ),
    Awkward(
        "text_cut_inside_a_character",
        text("gbk", values=("净土".encode("gbk")[:3],)),
        "told text_undecodable@1",
    ),
    Awkward(
        "field_name_of_five_characters",
        cut_field_name("gbk", 10),
        "clean",
        declared={"mapping": {"code": "宗地代码的"}},
    ),
    Awkward(
        "field_name_cut_inside_a_character",
        cut_field_name("utf-8", 10),
        "clean",
        declared={"encoding": "utf-8", "mapping": {"code": "宗地代"}},
    ),
    Awkward(
        "number_left_blank",
        attributes(PARCEL_FIELDS, (parcel_code(1), "甲", None)),
        "clean",
    ),
    Awkward(
        "number_of_letters",
        attributes(PARCEL_FIELDS, (parcel_code(1), "甲", b"abc")),
        "told number_unreadable@1",
    ),
    Awkward(
        "text_of_254_bytes",
        attributes(
            (PARCEL_FIELDS[0], ("ZL", "C", 254, 0), PARCEL_FIELDS[2]),
            (parcel_code(1), "净" * 127, 100.0),
        ),
        "clean",
    ),
    Awkward("member_names_in_gbk", renamed(lambda name: name, "gbk"), "clean"),
    Awkward("member_in_a_folder", renamed(lambda name: f"净土县/宗地/{name}"), "clean"),
    Awkward(
        "member_in_capitals",
        renamed(lambda name: name.replace(".shp", ".SHP").replace(".dbf", ".Dbf")),
        "clean",
    ),
    Awkward("clutter_of_other_systems", changed(".sbn", lambda _: b"index"), "clean"),
    Awkward("several_layers", two_layers, "asked member=宗地"),
    Awkward(
        "shx_missing",
        renamed(lambda name: name.replace(".shx", ".txt")),
        "refused member_missing",
    ),
    Awkward(
        "dbf_missing",
        renamed(lambda name: name.replace(".dbf", ".txt")),
        "refused member_missing",
    ),
    Awkward(
        "code_missing",
        attributes(PARCEL_FIELDS, ("", "甲", 100.0)),
        "told value_missing@1",
    ),
    Awkward(
        "code_too_short",
        attributes(CODES, ("999901001001GB0001", "甲")),
        "told code_malformed@1",
    ),
    Awkward(
        "code_with_blanks", attributes(CODES, ("999901 001001 GB00001", "甲")), "clean"
    ),
    Awkward(
        "code_of_full_width",
        attributes(CODES, ("９９９９０１００１００１ＧＢ００００１", "甲")),
        "clean",
    ),
    Awkward(
        "code_of_a_unit",
        attributes(CODES, ("999901001001GB00001W00000000", "甲")),
        "told code_malformed@1",
    ),
    Awkward(
        "code_of_no_ownership",
        attributes(CODES, ("999901001001XB00001", "甲")),
        "told code_malformed@1",
    ),
    Awkward(
        "code_of_another_county",
        attributes(CODES, ("999902001001GB00001", "甲")),
        "told division_outside@1",
    ),
    Awkward(
        "land_use_without_scheme", use("", "0701"), "told land_use_scheme_missing@1"
    ),
    Awkward("land_use_of_no_scheme", use(SCHEME, "9999"), "told land_use_unknown@1"),
    Awkward("land_use_of_2007", use(SCHEME, "011"), "told land_use_unknown@1"),
    Awkward(
        "land_use_of_the_other_scheme", use(SCHEME, "1301"), "told land_use_unknown@1"
    ),
    Awkward(
        "land_use_of_the_survey", land("05H1", town="203"), "told land_use_of_survey@1"
    ),
    Awkward("land_use_with_a_letter", land("0201K"), "told land_use_of_survey@1"),
    Awkward("land_use_same_digits", use(GUIDE, "0602"), "clean"),
    Awkward("town_attribute_missing", land("0701"), "told land_survey_town_missing@1"),
    Awkward(
        "town_attribute_contradicts",
        land("0602", town="203"),
        "told land_survey_town_contradicts@1",
    ),
    Awkward(
        "special_land_outside_205",
        land("0901", town="204"),
        "told land_survey_town_contradicts@1",
    ),
    Awkward(
        "refinement_contradicts",
        land("0701", town="203", refinement="GTGY"),
        "told land_survey_refinement_contradicts@1",
    ),
    Awkward("village_of_twelve_digits", land("0101"), "clean"),
    Awkward("area_agrees", area(10_009.0), "clean"),
    Awkward(
        "area_off_by_half_a_hundredth", area(10_050.0), "told area_differs_slightly@1"
    ),
    Awkward("area_off_by_two_hundredths", area(10_200.0), "told area_differs@1"),
    Awkward("area_in_mu", area(15.0), "told area_unit@1"),
    Awkward("area_in_hectares", area(1.0), "told area_unit@1"),
    Awkward(
        "deleted_record",
        changed(".dbf", lambda one: one[:129] + b"*" + one[130:]),
        "clean",
    ),
    Awkward(
        "field_twice",
        lambda: zipped(
            members(
                parcel_row_of_squares(1),
                (*CODES, CODES[1]),
                [(parcel_code(1), "a", "b")],
            )
        ),
        "refused field_twice",
    ),
)
