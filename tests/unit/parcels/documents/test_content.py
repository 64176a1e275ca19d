"""The type of a file is what its bytes say."""

import io
import zipfile

import pytest

from parcels.documents.content import HEAD_BYTES, clean_filename, find_media_type
from parcels.documents.firm_names import firm_key


def zipped(*names):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "x")
    return written.getvalue()


def type_of(content):
    return find_media_type(content[:HEAD_BYTES], content)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7\n...", "application/pdf"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"II*\x00....", "image/tiff"),
        (b"MM\x00*....", "image/tiff"),
        (zipped("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        (zipped("Doc_0/Document.xml", "OFD.xml"), "application/ofd"),
        (zipped("a/OFD.xml"), "application/zip"),
        (zipped("照片.jpg"), "application/zip"),
        (b"", None),
        (b"<html><script>", None),
        (b"MZ\x90\x00", None),
        (b"#!/bin/sh\n", None),
        (b" %PDF-1.7", None),
        (b"PK\x03\x04", None),
        pytest.param(zipped("OFD.xml")[:-22], None, id="OFD cut off"),
    ],
)
def test_the_content_tells_the_type(content, expected):
    assert type_of(content) == expected


def test_a_table_of_contents_that_lies_is_read_to_its_end_only():
    whole = bytearray(zipped("OFD.xml"))
    end = whole.rfind(b"PK\x05\x06")
    entry = whole.rfind(b"PK\x01\x02")
    whole[entry + 28 : entry + 30] = b"\xff\xff"
    assert type_of(bytes(whole)) == "application/zip"
    whole[end + 12 : end + 16] = b"\xff\xff\xff\xff"
    assert type_of(bytes(whole)) == "application/zip"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("初步调查报告.pdf", "初步调查报告.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("report\u202efdp.exe", "reportfdp.exe.pdf"),
        ("", "document.pdf"),
        ("..", "document.pdf"),
        ('x"<>.pdf', "x.pdf"),
    ],
)
def test_a_name_is_harmless_and_fits_the_content(sent, kept):
    assert clean_filename(sent, "application/pdf") == kept


def test_a_long_name_keeps_its_ending():
    kept = clean_filename("长" * 400, "image/jpeg")
    assert len(kept) <= 255 and kept.endswith(".jpg")
    assert clean_filename("x" * 400 + ".jpeg", "image/jpeg").endswith("x.jpeg")


def test_blanks_width_and_case_make_no_other_firm():
    assert firm_key("甲Ａ（川） 有限公司") == firm_key("甲a(川)有限公司")
    assert firm_key("甲公司") != firm_key("乙公司")
