"""In which order is a file's encoding found, and when must a person confirm it?"""

import numpy as np
import pyarrow as pa
import pytest

from parcels.surveys.encodings import decide_encoding
from parcels.surveys.refusals import FileRefused
from parcels.surveys.text_trial import TextTrial, decode_name

TEXT = "净土路1号"


def facts(*values, cpg=None, driver=None, name=b"ZL"):
    """Return what trying a column of bytes shows."""
    trial = TextTrial()
    trial.add_name(name)
    rows = np.arange(1, len(values) + 1, dtype=np.int32)
    trial.add_column("ZL", rows, pa.array(values, pa.binary()))

    def sample(encoding):
        return [{"ZL": one.decode(encoding, "backslashreplace")} for one in values]

    return lambda: trial.facts(sample, cpg, driver)


def decided(*values, declared=None, **more):
    finding = decide_encoding(declared, facts(*values, **more))
    return finding.value, finding.origin


GBK, UTF8 = TEXT.encode("gbk"), TEXT.encode()


def test_choice_of_the_user_comes_before_everything():
    assert decided(UTF8, declared="gb18030", cpg="UTF-8") == ("gb18030", "declared")


def test_plain_ascii_needs_no_confirmation():
    assert decided(b"Road 1") == ("utf-8", "stated")


@pytest.mark.parametrize(
    ("raw", "cpg", "encoding"),
    [
        (UTF8, "UTF-8", "utf-8"),
        (UTF8, "UTF8\r\n", "utf-8"),
        (GBK, "GBK", "gb18030"),
        (GBK, "936", "gb18030"),
        (GBK, "OEM 936", "gb18030"),
        (GBK, "ANSI 936", "gb18030"),
    ],
)
def test_cpg_that_the_bytes_agree_with_is_what_the_file_states(raw, cpg, encoding):
    assert decided(raw, cpg=cpg) == (encoding, "stated")


def test_cpg_that_the_bytes_contradict_stops_with_the_row():
    with pytest.raises(FileRefused, match=r"row 2, field ZL: be bb") as refused:
        decided(b"ok", GBK, cpg="UTF-8")
    assert refused.value.reason == "cpg_contradicts_bytes"
    assert "GB18030" in refused.value.zh


def test_gbk_cpg_over_utf8_text_stops_with_both_readings():
    # Its bytes are valid GB 18030, too: other characters, and none of them meant.
    with pytest.raises(FileRefused) as refused:
        decided("红旗村委".encode(), cpg="GBK")
    assert refused.value.reason == "cpg_contradicts_text"
    assert "红旗村委" in refused.value.zh and "绾㈡棗" in refused.value.zh


@pytest.mark.parametrize("driver", [0x4D, 0x7A])
def test_driver_byte_is_proposed_and_must_be_confirmed(driver):
    assert decided(GBK, driver=driver) == ("gb18030", "guessed")


def test_driver_byte_that_lies_gives_way_to_chinese_in_strict_utf8():
    assert decided(UTF8, driver=0x4D) == ("utf-8", "guessed")


def test_trial_proposes_what_fits():
    assert decided(UTF8) == ("utf-8", "guessed")
    assert decided(GBK) == ("gb18030", "guessed")


def test_gbk_that_is_utf8_by_accident_is_still_gbk():
    # 猫 is C3 A8: è in UTF-8.
    assert decided("猫".encode("gbk")) == ("gb18030", "guessed")


def test_mixed_encodings_are_asked_with_both_readings():
    finding = decide_encoding(None, facts(UTF8, GBK + b"\xff"))
    assert (finding.value, finding.origin) == (None, "guessed")
    assert [one["value"] for one in finding.alternatives] == ["utf-8", "gb18030"]
    told = [one for one in finding.evidence if one.kind == "does_not_decode"]
    assert [one.numbers["row"] for one in told] == [2, 1]


def test_a_long_line_that_is_no_text_is_told_by_its_first_bytes():
    trial = TextTrial()
    lines = pa.array([GBK * 50, UTF8 * 50], pa.binary())
    trial.add_column("-", np.array([1, 2], np.int32), lines)
    finding = decide_encoding(None, lambda: trial.facts(lambda _: []))
    told = next(one for one in finding.evidence if one.kind == "does_not_decode")
    assert "字段" not in told.zh and "field" not in told.en
    assert told.zh.endswith("…。") and len(told.zh) < 100


def test_unknown_cpg_is_told_and_not_used():
    finding = decide_encoding(None, facts(GBK, cpg="<!DOCTYPE html><html><head>"))
    assert finding.value == "gb18030"
    assert finding.evidence[0].kind == "cpg_unknown"


def test_field_name_alone_can_settle_it():
    assert decided(b"1", name="面积".encode()) == ("utf-8", "guessed")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_name_cut_inside_a_character_is_still_text(encoding):
    cut = "a土壤环境质量类别".encode(encoding)[:10]
    assert "a土壤环境质量".startswith(decode_name(cut, encoding))


def test_accents_are_not_chinese():
    assert not facts("Ãºé".encode())().chinese
