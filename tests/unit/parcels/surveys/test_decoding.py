"""Bytes become text in the declared encoding, strictly."""

import pyarrow as pa
import pytest

from parcels.surveys.decoding import decode_column


def binary(*values):
    return pa.array(values, pa.binary())


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_text_is_decoded_and_null_stays_null(encoding):
    decoded = decode_column(binary("净土路1号".encode(encoding), None, b"A1"), encoding)
    assert decoded.text.to_pylist() == ["净土路1号", None, "A1"]
    assert len(decoded.bad) == 0


def test_rare_characters_beyond_gbk_survive():
    rare = "㼆䶮村"
    assert (
        decode_column(binary(rare.encode("gb18030")), "gb18030").text[0].as_py() == rare
    )


def test_plain_ascii_is_text_in_every_encoding():
    assert decode_column(binary(b"GB00001"), "gb18030").text.to_pylist() == ["GB00001"]


def test_gbk_read_as_utf8_is_told_by_row_and_bytes():
    decoded = decode_column(binary(b"ok", "净".encode("gbk")), "utf-8")
    assert decoded.text.to_pylist() == ["ok", None]
    assert decoded.bad.tolist() == [1]
    assert decoded.bad_bytes == ["be bb"]


def test_value_cut_inside_a_character_does_not_eat_the_next_value():
    cut = "净土".encode("gbk")[:3]
    decoded = decode_column(binary(cut, "净土".encode("gbk")), "gb18030")
    assert decoded.text.to_pylist() == [None, "净土"]
    assert decoded.bad.tolist() == [0]


def test_slice_of_a_column_is_decoded_from_its_own_start():
    column = binary("一".encode("gbk"), "二".encode("gbk"), "三".encode("gbk"))
    assert decode_column(column.slice(1, 2), "gb18030").text.to_pylist() == ["二", "三"]
