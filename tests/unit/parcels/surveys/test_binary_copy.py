"""Rows as PostgreSQL's binary COPY has them, byte by byte."""

from datetime import date

import pyarrow as pa

from parcels.surveys.binary_copy import encode_batch


def encode(**columns):
    return bytes(encode_batch(pa.record_batch(columns)))


def test_integers_are_big_endian_with_their_length():
    rows = encode(a=pa.array([1, -1], pa.int32()))
    assert rows == (
        b"\x00\x01\x00\x00\x00\x04\x00\x00\x00\x01"
        b"\x00\x01\x00\x00\x00\x04\xff\xff\xff\xff"
    )


def test_null_has_length_minus_one_and_no_bytes():
    null = b"\x00\x01\xff\xff\xff\xff"
    for kind in (pa.int32(), pa.float64(), pa.bool_(), pa.date32(), pa.string()):
        assert encode(a=pa.array([None], kind)) == null


def test_days_count_from_the_year_2000():
    assert encode(a=pa.array([date(2000, 1, 2)])).endswith(
        b"\x00\x00\x00\x04\x00\x00\x00\x01"
    )


def test_text_is_utf8_and_its_length_in_bytes():
    assert encode(a=pa.array(["净"])).endswith(b"\x00\x00\x00\x03" + "净".encode())


def test_values_of_a_row_stand_side_by_side():
    rows = encode(a=pa.array(["x", ""]), b=pa.array([True, None]))
    assert rows == (
        b"\x00\x02\x00\x00\x00\x01x\x00\x00\x00\x01\x01"
        b"\x00\x02\x00\x00\x00\x00\xff\xff\xff\xff"
    )


def test_slices_and_doubles_are_taken_from_their_own_start():
    batch = pa.record_batch({"a": pa.array([1.0, 2.0, None])}).slice(1)
    assert bytes(encode_batch(batch)) == (
        b"\x00\x01\x00\x00\x00\x08\x40\x00\x00\x00\x00\x00\x00\x00"
        b"\x00\x01\xff\xff\xff\xff"
    )


def test_lists_have_one_dimension_and_their_elements_lengths():
    rows = encode(a=pa.array([["x", "净"], None], pa.list_(pa.string())))
    head = b"\0\0\0\1\0\0\0\0\0\0\0\x19\0\0\0\2\0\0\0\1"
    array = head + b"\0\0\0\1x" + b"\0\0\0\3" + "净".encode()
    size = len(array).to_bytes(4, "big")
    assert rows == b"\0\1" + size + array + b"\0\1\xff\xff\xff\xff"
