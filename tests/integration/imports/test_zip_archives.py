"""Zip archives are looked at before anything is unpacked."""

import io
import re
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from parcels.surveys.limits import Limits
from parcels.surveys.refusals import FileRefused
from tests.survey_files import parcels_zip, zipped


def _zip_with(info, content=b"x"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name", ["../a.shp", "a/../../b.shp", "/etc/a.shp", "C:/a.shp", "..\\a.shp"]
)
def test_member_that_leads_outside_is_refused(refused, name):
    refused(_zip_with(name), "zip_path")


def test_link_is_refused(refused):
    link = zipfile.ZipInfo("a.shp")
    link.external_attr = 0o120777 << 16
    refused(_zip_with(link, b"/etc/passwd"), "zip_link")


def test_archive_in_the_archive_is_refused(refused):
    refused(_zip_with("inner.ZIP"), "zip_nested")


def test_encrypted_member_is_refused(refused):
    data = bytearray(_zip_with("a.shp"))
    for place in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[place] |= 1
    refused(bytes(data), "zip_encrypted")


def test_member_that_occurs_twice_is_refused(refused):
    refused(zipped({"a.shp": b"x", "A.SHP": b"y"}), "zip_twice")


def test_bomb_is_refused_before_it_is_unpacked(refused):
    data = zipped({"a.shp": bytes(20_000_000)})
    assert len(data) < 50_000
    refused(data, "zip_ratio")


def test_archive_larger_than_allowed_is_refused(refused):
    refused(parcels_zip(), "zip_size", limits=Limits(unpacked_bytes=500))


def test_size_that_the_header_hides_is_counted_while_unpacking(read):
    data = bytearray(parcels_zip())
    for mark, place in ((b"PK\x01\x02", 24),):
        start = 0
        while (start := data.find(mark, start)) >= 0:
            data[start + place : start + place + 4] = struct.pack("<I", 10)
            start += 4
    with pytest.raises(FileRefused):
        read(bytes(data), limits=Limits(unpacked_bytes=500))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_member_packed_otherwise_than_by_deflate_is_refused(refused, method):
    with zipfile.ZipFile(io.BytesIO(parcels_zip())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    refused(buffer.getvalue(), "zip_method")


@pytest.mark.parametrize("name", ["", "."])
def test_member_without_a_name_is_refused(refused, name):
    data = _zip_with(zipfile.ZipInfo(name))
    assert "没有名称" in refused(data, "zip_damaged").zh


def test_name_with_a_zero_byte_is_refused(refused):
    data = _zip_with("a.shp.txt").replace(b"a.shp.txt", b"a.shp\0txt")
    refused(data, "zip_path")


def test_name_is_the_directorys_where_a_field_tells_another(read):
    with zipfile.ZipFile(io.BytesIO(parcels_zip())) as archive:
        files = {Path(name).suffix: archive.read(name) for name in archive.namelist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for suffix, content in files.items():
            info = zipfile.ZipInfo(f"aaaa{suffix}")
            told = b"\1" + struct.pack(
                "<I", zlib.crc32("宗地".encode("gbk") + suffix.encode())
            )
            told += f"界外{suffix}".encode()
            # Info-ZIP's field of the name in Unicode.
            info.extra = struct.pack("<HH", 0x7075, len(told)) + told
            archive.writestr(info, content)
    raw, _ = read(buffer.getvalue().replace(b"aaaa.", "宗地".encode("gbk") + b"."))
    assert raw.findings[0].value == "宗地"


def test_too_many_members_are_refused(refused):
    refused(parcels_zip(), "zip_entries", limits=Limits(members=2))


def test_too_many_rows_are_refused(refused):
    refused(parcels_zip(), "too_many_rows", limits=Limits(rows=2))


@pytest.mark.parametrize("keep", [10, 200, -30])
def test_zip_that_was_cut_short_is_refused(refused, keep):
    refusal = refused(parcels_zip()[:keep], "zip_damaged")
    assert refusal.zh == (
        "压缩包已损坏：找不到或读不出文件末尾的目录，可能没有传完整；请重新压缩后上传。"
    )


def test_member_that_fails_its_checksum_is_named(refused):
    data = bytearray(parcels_zip())
    place = data.find(b"PK\x01\x02")
    data[place + 16] ^= 1
    refusal = refused(bytes(data), "zip_damaged")
    assert re.search("成员“[^”]+”解不开，或内容与校验值不符", refusal.zh)


def test_member_said_to_lie_before_the_archive_is_refused(refused):
    data = bytearray(parcels_zip())
    end = data.rfind(b"PK\x05\x06")
    # The directory's place, told too large: members would begin before the file.
    place = int.from_bytes(data[end + 16 : end + 20], "little")
    data[end + 16 : end + 20] = (place + 1000).to_bytes(4, "little")
    refused(bytes(data), "zip_damaged")
