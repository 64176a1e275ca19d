"""What is sent arrives whole or leaves nothing, and is refused before it is read."""

import errno
import io
import itertools
import zipfile

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from parcels.surveys.archive import Incoming
from parcels.surveys.checks.repairs import REPAIRS
from tests.api.conftest import Api
from tests.api.survey_uploads import (
    BOUNDARY,
    DECLARED,
    fields,
    form,
    new_county,
    part,
    post_form,
    send,
)
from tests.survey_files import parcels_zip

FORM = f"multipart/form-data; boundary={BOUNDARY.decode()}"


@pytest.fixture
def surveyor(api):
    return api.as_("surveyor")


@pytest.fixture
def kept(data_dir):
    """What lies in the archive: bytes that were kept, and scratch."""

    def look():
        folder = data_dir / "uploads"
        return sorted(
            path
            for name in ("bytes", "scratch")
            for path in (folder / name).rglob("*")
            if path.is_file()
        )

    return look


def unlike(note):
    """A good file that no other test has sent."""
    buffer = io.BytesIO(parcels_zip())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = note.encode()
    return buffer.getvalue()


def test_a_field_nobody_asks_for_is_told_with_those_there_are(surveyor):
    answer = post_form(surveyor, form(part("division_code", "999901")))
    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == "/division_code"
    assert "crs, division, encoding, file" in fault["message"]


def test_fields_may_come_after_the_file(surveyor):
    file = part("file", unlike("after"), "a.zip")
    answer = post_form(surveyor, form(file, *fields(DECLARED)))
    assert answer.status_code == 202, answer.text
    assert answer.json()["declared"]["crs"] == 4526


@pytest.mark.parametrize(
    "sent", ["宗地.zip".encode(), "宗地.zip".encode("gbk")], ids=["utf-8", "gbk"]
)
def test_file_names_come_through_in_utf_8_and_gbk(surveyor, sent):
    file = part("file", unlike(repr(sent)), sent)
    answer = post_form(surveyor, form(*fields(DECLARED), file))
    assert answer.json()["filename"] == "宗地.zip"


def test_repairs_are_asked_for_by_name(surveyor):
    answer = send(surveyor, unlike("repairs"), repairs=", ".join(REPAIRS))
    assert answer.json()["declared"]["repairs"] == list(REPAIRS)


def test_a_file_name_loses_its_folders(surveyor):
    file = part("file", unlike("folders"), r"C:\测绘\..\宗地.zip")
    answer = post_form(surveyor, form(*fields(DECLARED), file))
    assert answer.json()["filename"] == "宗地.zip"


@pytest.mark.parametrize(
    "name", ["宗" * 251 + ".zip", "目录/" * 40 + "a" * 251 + ".zip"]
)
def test_a_file_name_of_255_characters_is_kept_whole(surveyor, name):
    answer = send(surveyor, unlike(name), name)
    assert answer.status_code == 202, answer.text
    assert answer.json()["filename"] == name.rpartition("/")[2]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a" * 252 + ".zip", "256"),
        ("宗" * 296 + ".zip", "300"),
        ("a" * 5000 + ".zip", "4096"),
        ("a" * 2_000_000 + ".zip", "4096"),
    ],
    ids=["256", "300", "5000", "2000000"],
)
def test_a_longer_file_name_is_told_with_what_to_do(surveyor, kept, name, said):
    before = kept()
    file = part("file", unlike("long"), name)
    for body in (form(*fields(DECLARED), file), form(file, *fields(DECLARED))):
        answer = post_form(surveyor, body, **{"Accept-Language": "en"})
        assert answer.status_code == 422, answer.text
        (fault,) = answer.json()["errors"]
        assert (fault["pointer"], fault["reason"]) == ("/file", "name_too_long")
        assert said in fault["message"] and "shorter name" in fault["message"]
    assert kept() == before


def test_a_name_of_a_header_without_end_is_refused_before_it_is_long(surveyor):
    """It would be held in memory, up to the longest file that is taken."""
    begun = b"--" + BOUNDARY + b"\r\n"

    def body():
        yield begun
        yield from itertools.repeat(b"a" * 1_000_000, 20)

    answer = post_form(surveyor, body(), **{"Accept-Language": "en"})
    assert answer.status_code == 400
    assert "the name of a part's header is too long" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("more", "name"),
    [({"layer": "parcel"}, "parcel"), ({"layer": "farmland-units"}, "farmland_unit")],
)
def test_layers_go_by_either_name(surveyor, more, name):
    answer = send(surveyor, unlike(name), **more)
    assert answer.json()["layer"] == name


GOOD = fields(DECLARED)
FILE = part("file", b"x", "a.zip")
BROKEN = {
    "no file": (form(*GOOD), 422, "/file"),
    "text for a file": (form(*GOOD, part("file", "parcels.zip")), 422, "/file"),
    "file without name": (form(*GOOD, part("file", b"x", "")), 422, "/file"),
    "two files": (form(*GOOD, FILE, FILE), 422, "/file"),
    "no layer": (form(FILE), 422, "/layer"),
    "unknown field": (form(*GOOD, part("colour", "red"), FILE), 422, "/colour"),
    "field twice": (form(*GOOD, part("crs", "4490"), FILE), 422, "/crs"),
    "long field": (form(part("mapping", "x" * 70_000), FILE), 422, "/mapping"),
    "NUL": (form(part("member", "a\0b"), FILE), 422, "/member"),
    "broken off": (form(*GOOD, FILE)[:-20], 400, None),
    "no form": (b"no form at all", 400, None),
    "empty": (b"", 400, None),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_form_that_is_none_is_refused_and_leaves_nothing(surveyor, kept, case):
    body, status, place = BROKEN[case]
    before = kept()
    answer = post_form(surveyor, body)
    assert answer.status_code == status, answer.text
    if place is not None:
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [place]
    assert kept() == before


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"crs": "soon"}, 422),
        ({"crs": "2362"}, 422),
        ({"crs": "999999"}, 422),
        ({"crs": "GCJ-02"}, 422),
        ({"encoding": "morse"}, 422),
        ({"valid_from": "May"}, 422),
        ({"mapping": "[1]"}, 422),
        ({"mapping": '{"colour": "X"}'}, 422),
        ({"layer": "castles"}, 422),
        ({"update": "most"}, 422),
        ({"repairs": "everything"}, 422),
        ({"division": "9"}, 422),
        ({"division": "999902"}, 403),
        ({"saved_mapping": "none of that name"}, 404),
    ],
    ids=str,
)
def test_a_declaration_that_cannot_be_used_is_refused(surveyor, kept, more, status):
    before = kept()
    answer = send(surveyor, unlike(str(more)), **more)
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]
    assert kept() == before


@pytest.mark.parametrize("role", ["auditor", "permit_system", None])
def test_who_may_not_write_is_refused_before_the_file_is_read(api, kept, role):
    before = kept()
    answer = send(api.as_(role), unlike("role"))
    assert answer.status_code == (401 if role is None else 403)
    assert kept() == before


def test_a_layer_of_another_bureau_is_refused(api):
    answer = send(api.as_("registrar"), unlike("registrar"))
    assert answer.status_code == 403


def test_another_type_of_body_is_415(surveyor):
    assert surveyor.post("/v1/uploads", {}).status_code == 415


@pytest.fixture
def small(api_urls, keys, tmp_path):
    """A service that takes files of 4 KiB at most."""
    settings = Settings(data_dir=tmp_path, upload_bytes=4096)
    app = create_app(settings, api_urls.service)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Api(client, keys, "surveyor"), tmp_path


@pytest.mark.parametrize(("length", "status"), [(4096, 202), (4097, 413)])
def test_a_file_may_be_as_long_as_the_limit(small, length, status):
    api, folder = small
    answer = send(api, b"x" * length)
    assert answer.status_code == status, answer.text
    kept = [one for one in folder.rglob("*") if one.is_file() and one.stat().st_size]
    assert len([one for one in kept if "bytes" in one.parts]) == (status == 202)


def test_a_body_that_says_it_is_too_long_is_not_read(small):
    api, _ = small

    def body():
        yield b"--"
        raise AssertionError("the body was read")

    headers = {"Content-Type": FORM, "Content-Length": str(3 * 2**20)}
    answer = api.send("POST", "/v1/uploads", content=body(), headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize("place", ["write", "keep"])
def test_a_full_disk_is_507_and_leaves_nothing(surveyor, kept, monkeypatch, place):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    before = kept()
    monkeypatch.setattr(Incoming, place, full)
    answer = send(surveyor, unlike("full"))
    assert answer.status_code == 507
    assert answer.json()["type"].endswith("archive-full")
    assert kept() == before


def test_a_caller_who_goes_away_leaves_nothing(surveyor, kept):
    before = kept()
    whole = form(*fields(DECLARED), part("file", unlike("gone"), "a.zip"))
    messages = [
        {"type": "http.request", "body": whole[:2000], "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered = []

    async def receive():
        return messages.pop(0)

    async def answer(message):
        answered.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/uploads",
        "raw_path": b"/v1/uploads",
        "query_string": b"",
        "scheme": "http",
        "server": ("test", 80),
        "client": ("test", 1),
        "http_version": "1.1",
        "headers": [
            (b"authorization", f"Bearer {surveyor.keys['surveyor']}".encode()),
            (b"content-type", FORM.encode()),
        ],
    }
    surveyor.client.portal.call(surveyor.client.app, scope, receive, answer)
    assert answered == [] and messages == []
    assert kept() == before


def test_the_same_bytes_and_declaration_are_one_upload_while_open(surveyor):
    first, again = (send(surveyor, unlike("twice")) for _ in range(2))
    other = send(surveyor, unlike("twice"), valid_from="2025-01-01")
    assert again.status_code == 202
    assert again.json()["id"] == first.json()["id"] != other.json()["id"]
    digest = first.json()["sha256"]
    found = surveyor.get(f"/v1/uploads?sha256={digest}").json()["items"]
    assert {one["id"] for one in found} == {first.json()["id"], other.json()["id"]}


def test_a_withdrawn_upload_is_sent_anew(surveyor):
    first = send(surveyor, unlike("withdrawn"))
    gone = surveyor.send("DELETE", first.headers["location"])
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    assert send(surveyor, unlike("withdrawn")).json()["id"] != first.json()["id"]


def test_another_division_neither_sees_an_upload_nor_meets_it(surveyor, bureau):
    ours = send(surveyor, unlike("ours"))
    theirs = bureau(new_county(10)).api
    assert send(theirs, unlike("ours")).json()["id"] != ours.json()["id"]
    path = ours.headers["location"]
    for method, where, body in (
        ("GET", path, None),
        ("GET", f"{path}/issues", None),
        ("GET", f"{path}/diff", None),
        ("GET", f"{path}/set-aside", None),
        ("DELETE", path, None),
        ("POST", f"{path}/confirm", {}),
        ("POST", f"{path}/commit", {}),
        ("POST", f"{path}/recheck", None),
        ("POST", f"{path}/revert", {"reason": "x"}),
    ):
        answer = theirs.send(method, where, json=body)
        assert answer.status_code == 404, (method, where, answer.text)
    digest = ours.json()["sha256"]
    seen = theirs.get(f"/v1/uploads?sha256={digest}").json()["items"]
    assert ours.json()["id"] not in {one["id"] for one in seen}


def test_a_key_of_repetition_gives_the_same_answer(surveyor):
    key = {"Idempotency-Key": "upload-1"}
    body = form(*fields(DECLARED), part("file", unlike("key"), "a.zip"))
    first, again = (post_form(surveyor, body, **key) for _ in range(2))
    assert again.headers["idempotency-replayed"] == "true"
    assert again.content == first.content
    other = form(*fields(DECLARED), part("file", unlike("other"), "a.zip"))
    assert post_form(surveyor, other, **key).status_code == 422
