"""Documents over HTTP: taken by their content, shown to their own division."""

import hashlib
import itertools
import stat
from datetime import date
from uuid import uuid4

import pytest

from tests.api.bodies import NO_SUCH_ID, OURS, THEIRS

_numbers = itertools.count(1)
SHORT = 1024


def pdf():
    """A file nobody has sent."""
    return b"%%PDF-1.7 %d" % next(_numbers)


def send(api, content, role="registrar", filename="报告.pdf", headers=None, **fields):
    return api.as_(role).send(
        "POST",
        "/v1/documents",
        files={"file": (filename, content, "text/html")},
        data=fields,
        headers=headers or {},
    )


def settings_of(api):
    return api.client.app.state.services.settings


@pytest.fixture
def scanner(api, tmp_path, monkeypatch):
    """Let documents be scanned by a command that is written here."""

    def use(script):
        path = tmp_path / "scan"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setitem(settings_of(api).__dict__, "scan_command", f"{path} -q")

    return use


def test_a_document_comes_back_byte_for_byte(api):
    content = pdf()
    sent = send(api, content)
    assert sent.status_code == 201, sent.text
    told = sent.json()
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    assert (told["filename"], told["media_type"]) == ("报告.pdf", "application/pdf")
    assert (told["division_code"], told["scanned"]) == (OURS, False)
    path = f"/v1/documents/{told['id']}"
    assert api.get(path).json() == told
    got = api.get(f"{path}/file")
    assert got.content == content
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-disposition"].startswith(
        "attachment; filename*=UTF-8''"
    )
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]


def test_the_same_bytes_are_the_same_document(api):
    content = pdf()
    first, second = send(api, content), send(api, content, filename="other.pdf")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


def test_a_transfer_under_a_key_is_answered_twice(api):
    content, key = pdf(), {"Idempotency-Key": str(uuid4())}
    first, second = (send(api, content, headers=key) for _ in range(2))
    assert second.headers["idempotency-replayed"] == "true"
    assert first.content == second.content
    assert send(api, pdf(), headers=key).status_code == 422


@pytest.mark.parametrize(
    "content", [b"", b"<script>", b"MZ..", b"PK\x03\x04 broken", b"\x00" * 99]
)
def test_a_file_of_no_accepted_type_is_refused_whatever_its_name(api, content):
    answer = send(api, content, filename="report.pdf")
    assert answer.status_code == 415, answer.text
    assert answer.json()["type"].endswith("document-type")


def test_a_file_beyond_the_limit_is_refused(api, monkeypatch):
    monkeypatch.setitem(settings_of(api).__dict__, "document_bytes", SHORT)
    assert send(api, b"%PDF-" + b"x" * (SHORT - 5)).status_code == 201
    assert send(api, b"%PDF-" + b"x" * SHORT).status_code == 413


def test_a_form_without_a_file_or_with_more_is_refused(api):
    registrar = api.as_("registrar")
    empty = registrar.send("POST", "/v1/documents", files={"other": ("x", b"x")})
    assert empty.status_code == 422
    assert send(api, pdf(), colour="red").status_code == 422
    assert registrar.post("/v1/documents", {}).status_code == 415


def test_what_the_scanner_passes_is_kept(api, scanner):
    scanner('[ "$1" = -q ] && grep -q PDF "$2"')
    assert send(api, pdf()).json()["scanned"] is True


def test_what_the_scanner_refuses_is_not_kept(api, scanner, data_dir):
    scanner("echo EICAR; exit 1")
    content = pdf()
    answer = send(api, content)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("document-refused")
    name = hashlib.sha256(content).hexdigest()
    assert not list((data_dir / "documents").rglob(name))
    assert not list((data_dir / "documents" / "scratch").iterdir())


def test_the_scanner_sees_no_secret_of_the_service(api, scanner, monkeypatch, tmp_path):
    monkeypatch.setenv("JINGTU_DATABASE_URL", "secret")
    scanner(f"env > {tmp_path}/seen")
    send(api, pdf())
    assert "secret" not in (tmp_path / "seen").read_text()


def test_without_its_scanner_nothing_is_kept(api, monkeypatch):
    for command in ("/nowhere/scan", '"unclosed'):
        monkeypatch.setitem(settings_of(api).__dict__, "scan_command", command)
        answer = send(api, pdf())
        assert answer.status_code == 503
        assert answer.json()["type"].endswith("scan-not-possible")


def test_a_document_of_another_division_does_not_exist(api):
    told = send(api, pdf()).json()
    other = api.as_("planner_other_county")
    for path in (f"/v1/documents/{told['id']}", f"/v1/documents/{told['id']}/file"):
        assert other.get(path).status_code == 404
        assert api.as_("permit_system").get(path).status_code == 403
    assert send(api, pdf(), division=THEIRS).status_code == 403


def test_their_copy_of_our_file_is_theirs(api):
    content = pdf()
    ours = send(api, content).json()
    theirs = send(api, content, role="planner_other_county")
    assert theirs.status_code == 201 and theirs.json()["id"] != ours["id"]


@pytest.mark.parametrize("number", ["nonsense", NO_SUCH_ID, "%2e%2e%2f"])
def test_no_such_document(api, number):
    assert api.get(f"/v1/documents/{number}/file").status_code == 404


def test_bytes_that_are_gone_are_a_clear_answer(api, data_dir):
    told = send(api, pdf()).json()
    (path,) = (data_dir / "documents").rglob(told["sha256"])
    path.unlink()
    answer = api.get(f"/v1/documents/{told['id']}/file")
    assert answer.status_code == 503
    assert answer.json()["type"].endswith("document-missing")


def paper(**more):
    body = {"code": f"D-{next(_numbers)}", "division_code": OURS, "plot_code": "P-D"}
    return {**body, "document_type": "initial_survey", "dated_on": "2026-01-05", **more}


def test_a_paper_names_its_file_signatories_and_review(api):
    file_id = send(api, pdf()).json()["id"]
    said = {
        "firm": "甲公司",
        "signatories": ["张三", "李四"],
        "reviewer": "市生态环境局",
        "opinion": "同意",
        "review_level": "city",
        "published_from": "2026-02-01",
        "published_to": "2026-04-01",
        "file_id": file_id,
    }
    made = api.create("/v1/plot-documents", paper(**said), "registrar")
    got = api.get(f"/v1/plot-documents/{made['code']}").json()
    assert {name: got[name] for name in said} == said
    listed = api.get("/v1/plot-documents?plot_code=P-D&limit=1000").json()["items"]
    assert made["code"] in {one["code"] for one in listed}


def test_a_paper_whose_file_is_not_stored_is_refused(api):
    theirs = send(api, pdf(), role="planner_other_county").json()["id"]
    for file_id in ("nonsense", NO_SUCH_ID, theirs):
        answer = api.as_("registrar").post("/v1/plot-documents", paper(file_id=file_id))
        assert answer.status_code == 409, answer.text
        assert "POST /v1/documents" in answer.json()["detail"]


def list_firm(api, firm, **more):
    body = {
        "firm": firm,
        "reason": "假报告",
        "source": "通报",
        "listed_on": "2026-01-01",
    }
    return api.as_("registrar").post("/v1/firm-listings", {**body, **more})


def test_a_paper_by_a_listed_firm_is_marked(api):
    assert list_firm(api, "失信一号（川）公司").status_code == 201
    made = api.create(
        "/v1/plot-documents",
        paper(firm="失信一号(川) 公司", firm_on_negative_list=False),
        "registrar",
    )
    assert made["firm_on_negative_list"] is True
    other = api.create("/v1/plot-documents", paper(firm="守信公司"), "registrar")
    assert other["firm_on_negative_list"] is None


def test_an_event_that_rests_on_a_listed_firm_warns(api):
    list_firm(api, "失信二号公司")
    code = f"P-W{next(_numbers)}"
    plot = {"plot_code": code, "division_code": OURS, "stage": "candidate"}
    point = {"type": "Point", "coordinates": [114.05, 34.65]}
    body = {**plot, "held": False, "valid_from": "2026-01-01", "geometry": point}
    api.create("/v1/plots", {**body, "accuracy_m": 5.0})
    file_id = send(api, pdf()).json()["id"]
    form = {"document_type": "listing_form", "firm": "失信二号公司", "file_id": file_id}
    event = {
        "event": "listed",
        "documents": [form],
        "details": {"listing_ground": "former_listed_industry"},
    }
    answer = api.as_("registrar").post(f"/v1/plots/{code}/events", event)
    assert answer.status_code == 201, answer.text
    assert "负面清单" in answer.json()["warnings"][0]
    (number,) = answer.json()["documents"]
    entered = api.get(f"/v1/plot-documents/{number}").json()
    assert (entered["file_id"], entered["firm_on_negative_list"]) == (file_id, True)


def test_a_listing_is_found_and_ended(api):
    entered = list_firm(api, "失信三号公司").json()
    path = f"/v1/firm-listings/{entered['id']}/end"
    found = api.get("/v1/firm-listings?firm=失信三号 公司").json()["items"]
    assert found == [entered]
    ended = api.as_("registrar").post(path, {"on": "2026-05-01"})
    assert ended.json()["ended_on"] == "2026-05-01"
    assert api.as_("registrar").post(path, {"on": "2026-06-01"}).status_code == 409
    held = api.get("/v1/firm-listings?firm=失信三号公司&on=2026-05-01").json()
    assert held == {"items": [], "next": None}
    assert list_firm(api, "x", division=THEIRS).status_code == 403


def test_listings_are_paged_the_latest_first(api):
    for day in range(1, 6):
        list_firm(api, "多次公司", listed_on=f"2026-03-{day:02d}")
    path, found = "/v1/firm-listings?firm=多次公司&limit=2", []
    page = api.get(path).json()
    while True:
        found += [one["listed_on"] for one in page["items"]]
        if page["next"] is None:
            break
        page = api.get(f"{path}&after={page['next']}").json()
    assert found == [str(date(2026, 3, day)) for day in (5, 4, 3, 2, 1)]
    assert api.get("/v1/firm-listings?after=x").status_code == 422


def test_evidence_of_a_task_is_a_document_of_its_division(api):
    task = api.as_("registrar").post(
        "/v1/tasks",
        {"kind": "other", "bureau": "EE", "facts": {"what": "查"}},
    )
    path = f"/v1/tasks/{task.json()['id']}/steps"
    ours = send(api, pdf()).json()["id"]
    theirs = send(api, pdf(), role="planner_other_county").json()["id"]
    registrar = api.as_("registrar")
    step = {"step": "evidence_added", "documents": [ours]}
    assert registrar.post(path, step).json()["steps"][-1]["documents"] == [ours]
    for wrong in (theirs, NO_SUCH_ID):
        answer = registrar.post(path, {"step": "evidence_added", "documents": [wrong]})
        assert answer.status_code == 409
