"""UTF-16 without a mark is told by its bytes, and no other text is taken for it."""

import random

import pytest

from parcels.surveys.utf_16 import find_byte_order

CHINESE = "地块编码,名称\nP1,上甸村（一组）\nP2,净土县开发区\n"
YI = "地块编码,名称\nP1,ꆈꌠꁱꂷ\n"


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [CHINESE, YI, "A,B\n1,2\n", "甲,乙\r\n丙,丁\r\n"])
def test_the_order_of_bytes_is_told(order, text):
    assert find_byte_order(text.encode(order)) == order


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize(
    "text",
    [
        CHINESE,
        CHINESE + "\0" * 100,
        CHINESE.replace("P", "\0"),
        CHINESE.replace("\n", "\0\n"),
        CHINESE.replace(",", ",\0"),
        "AB,CD,EF,G\0\n" * 50,
        "ABC,DEF,GH\0\n" * 50,
        "\0",
    ],
)
def test_a_text_with_zero_bytes_is_none(encoding, text):
    assert find_byte_order(text.encode(encoding)) is None


def test_a_table_of_numbers_with_zero_bytes_anywhere_is_none():
    chance = random.Random(16)
    plain = "".join(f"P{n},{chance.random() * 200:.6f},34.7\n" for n in range(300))
    for _ in range(300):
        data = bytearray(plain.encode())
        for _ in range(chance.randint(1, 400)):
            data[chance.randrange(len(data))] = 0
        assert find_byte_order(bytes(data)) is None


def test_bytes_of_chance_are_none():
    chance = random.Random(17)
    for _ in range(300):
        assert find_byte_order(chance.randbytes(chance.randint(0, 5000))) is None
