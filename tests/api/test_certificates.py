"""The certificate over HTTP, and what becomes of a decision."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from uuid import UUID

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from pydantic import SecretStr
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from starlette.testclient import TestClient

from app.main import create_app
from app.pages.i18n import LANGUAGES, read_catalogue
from app.settings import Settings
from screening.certificate.page import write_page
from tests.api.bodies import (
    NO_SUCH_ID,
    OURS,
    THEIRS,
    parcel_code,
)
from tests.api.conftest import Api
from tests.api.test_certificate_page import QUESTION, page_of, record_of

DIVISION_BODY = (
    "code",
    "division_code",
    "name_zh",
    "invented",
    "valid_from",
    "geometry",
)


@pytest.fixture
def decision(api):
    return api.post("/v1/gate/decisions", QUESTION).json()


def certificate(api, decision, **query):
    path = f"/v1/gate/decisions/{decision['id']}/certificate.pdf"
    return api.get(path, params=query)


def verify(api, decision):
    return api.as_(None).get(f"/verify/{decision['certificate_number']}").json()


def annul(api, decision, reason="The parcel code was mistyped."):
    return api.post(f"/v1/gate/decisions/{decision['id']}/annul", {"reason": reason})


def test_a_certificate_is_a_pdf_a(api, decision):
    answer = certificate(api, decision)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    metadata = answer.content.decode("latin-1")
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata


def test_an_unsigned_certificate_is_the_same_byte_for_byte(api, decision):
    first = certificate(api, decision)
    assert certificate(api, decision).content == first.content
    # A caller of the whole county and one of the whole country get the same document.
    assert certificate(api.as_("admin"), decision).content == first.content


def test_a_county_renamed_since_keeps_its_name_on_a_certificate(
    api, decision, monkeypatch
):
    told = []

    def noting(record, texts, language, **more):
        told.append(more["divisions"])
        return write_page(record, texts, language, **more)

    monkeypatch.setattr("screening.certificate.issue.write_page", noting)
    before = certificate(api, decision)
    admin = api.as_("admin")
    county = admin.get(f"/v1/divisions/{OURS}")
    body = {name: county.json()[name] for name in DIVISION_BODY}
    for name in ("改名县", body["name_zh"]):
        now = admin.get(f"/v1/divisions/{OURS}")
        tag = {"If-Match": now.headers["ETag"]}
        path = f"/v1/divisions/{OURS}"
        changed = admin.put(path, body | {"name_zh": name}, headers=tag)
        assert changed.status_code == 200, changed.text
        assert certificate(api, decision).content == before.content
    assert told == 3 * [{OURS: f"{county.json()['name_zh']} {OURS}"}]


def test_a_certificate_comes_in_both_languages(api, decision):
    chinese = certificate(api, decision)
    assert certificate(api, decision, lang="zh").content == chinese.content
    assert certificate(api, decision, lang="en").content != chinese.content


def test_the_certificate_of_another_county_is_not_found(api, decision):
    other = api.as_("planner_other_county")
    assert certificate(other, decision).status_code == 404
    assert annul(other, decision).status_code == 404


def test_a_decision_that_does_not_exist_has_no_certificate(api):
    for name in (NO_SUCH_ID, "no-number"):
        assert certificate(api, {"id": name}).status_code == 404


def test_a_dry_run_has_no_certificate_to_verify(api):
    body = QUESTION | {"dry_run": True}
    assert "certificate" not in api.post("/v1/gate/decisions", body).json()["links"]


def test_a_decision_stands_as_long_as_the_rule_set_says(api, decision):
    stands = date.fromisoformat(decision["valid_until"])
    assert (stands - date.fromisoformat(decision["as_of"])).days == 90
    assert verify(api, decision)["valid_until"] == decision["valid_until"]


def test_an_annulled_decision_is_told_to_whoever_verifies_it(api, decision):
    assert verify(api, decision)["state"] == "in_force"
    answer = annul(api, decision)
    assert (answer.status_code, answer.json()["state"]) == (200, "annulled")
    (event,) = answer.json()["events"]
    assert event["reason"] == "The parcel code was mistyped."
    assert verify(api, decision)["state"] == "annulled"


def test_a_list_says_how_each_decision_stands(api, decision):
    def listed() -> str:
        found = api.get("/v1/gate/decisions", params={"id": decision["id"]})
        (item,) = found.json()["items"]
        return item["state"]

    assert listed() == "in_force"
    annul(api, decision)
    assert listed() == "annulled"


def test_the_reason_of_an_annulment_is_not_public(api, decision):
    annul(api, decision, "private matter")
    assert "private" not in str(verify(api, decision))


def test_a_decision_is_annulled_once(api, decision):
    annul(api, decision)
    again = annul(api, decision)
    assert again.status_code == 409
    assert again.json()["type"].endswith("decision-ended")


@pytest.mark.parametrize("reason", ["", "   ", None])
def test_an_annulment_needs_a_reason(api, decision, reason):
    assert annul(api, decision, reason).status_code == 422
    assert verify(api, decision)["state"] == "in_force"


@pytest.mark.parametrize("role", ["surveyor", "auditor", "permit_system"])
def test_who_may_not_annul_is_refused(api, decision, role):
    assert annul(api.as_(role), decision).status_code == 403


def test_an_annulled_decision_keeps_its_certificate(api, decision):
    before = certificate(api, decision).content
    annul(api, decision)
    assert certificate(api, decision).content == before


def test_a_decision_tells_how_it_stands(api, decision):
    assert decision["standing"]["state"] == "in_force"
    annul(api, decision)
    read = api.get(f"/v1/gate/decisions/{decision['id']}").json()
    assert read["standing"]["state"] == "annulled"


@pytest.fixture(scope="module")
def key_file(tmp_path_factory):
    """A key and a certificate that nobody but this test trusts."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Invented Bureau")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("keys") / "bureau.p12"
    secret = BestAvailableEncryption(b"invented")
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(b"b", key, certificate, None, secret)
    )
    return file


@pytest.fixture(scope="module")
def signing(api_urls, keys, key_file, tmp_path_factory, _register):
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("signing"),
        signing_key=key_file,
        signing_key_password=SecretStr("invented"),
        public_url="https://soil.example.org",
    )
    with TestClient(create_app(settings, api_urls.service)) as client:
        yield Api(client, keys)


def test_a_signed_certificate_bears_a_valid_signature(signing):
    decision = signing.post("/v1/gate/decisions", QUESTION).json()
    document = certificate(signing, decision).content
    (signature,) = PdfFileReader(BytesIO(document)).embedded_signatures
    trusted = ValidationContext(trust_roots=[signature.signer_cert])
    status = validate_pdf_signature(signature, trusted)
    assert status.intact and status.valid
    assert status.coverage.name == "ENTIRE_FILE"
    assert b"ETSI.CAdES.detached" in document


def test_a_signed_certificate_that_was_changed_is_found_out(signing):
    decision = signing.post("/v1/gate/decisions", QUESTION).json()
    document = certificate(signing, decision).content
    place = re.search(rb"stream\r?\n", document).end() + 40
    changed = document[:place] + bytes([document[place] ^ 1]) + document[place + 1 :]
    (signature,) = PdfFileReader(BytesIO(changed)).embedded_signatures
    nobody = ValidationContext(trust_roots=[])
    assert not validate_pdf_signature(signature, nobody).intact


def test_a_signed_certificate_is_made_once_and_kept(signing):
    decision = signing.post("/v1/gate/decisions", QUESTION).json()
    first = certificate(signing, decision).content
    assert certificate(signing, decision).content == first
    assert certificate(signing.as_("auditor"), decision).content == first


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "真实，现行有效"), ("en", "Genuine and in force")]
)
def test_a_browser_is_shown_how_a_certificate_stands(api, decision, language, words):
    number = decision["certificate_number"]
    headers = {"Accept": "text/html", "Accept-Language": language}
    page = api.as_(None).get(f"/verify/{number}", headers=headers)
    assert page.status_code == 200
    assert words in page.text and number in page.text
    # A genuine certificate may say no: the result has the colour of its outcome.
    assert f'data-tone="{decision["outcome"]}"' in page.text
    assert parcel_code(2) not in page.text


def test_whoever_verifies_is_told_the_form_of_today(api, decision, monkeypatch):
    printed = []

    def noting(record, texts, language, **more):
        printed.append(more["form"])
        return write_page(record, texts, language, **more)

    monkeypatch.setattr("screening.certificate.issue.write_page", noting)
    assert certificate(api, decision).status_code == 200
    number = decision["certificate_number"]
    page = api.as_(None).get(f"/verify/{number}", headers={"Accept": "text/html"})
    assert f"现行版式号 {printed[0]}" in page.text


def test_letters_read_for_digits_find_the_certificate_all_the_same(api, decision):
    number = decision["certificate_number"]
    misread = number.replace("0", "o").replace("1", "l")
    assert misread != number
    told = api.as_(None).get(f"/verify/{misread}").json()
    assert (told["genuine"], told["certificate_number"]) == (True, number)


def test_a_program_is_told_of_a_number_nobody_issued(api):
    answer = api.as_(None).get("/verify/jt-1").json()
    assert answer["detail"] == "没有编号为“JT-1”的意见书；请核对编号。"
    assert answer["type"] == "urn:jingtu:problem:not-found"


def test_a_browser_is_told_of_a_number_nobody_issued(api):
    page = api.as_(None).get("/verify/JT-<b>1", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "没有该编号的意见书" in page.text
    assert "<B>" not in page.text


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "意见书核验"), ("en", "Verify")]
)
def test_whoever_cannot_scan_types_the_number(api, language, words):
    headers = {"Accept": "text/html", "Accept-Language": language}
    page = api.as_(None).get("/verify", headers=headers)
    assert page.status_code == 200
    assert words in page.text and 'id="verify-number"' in page.text


def replacing(api, decision):
    return api.post("/v1/gate/decisions", QUESTION | {"replaces": decision["id"]})


def test_a_decision_can_take_the_place_of_an_earlier_one(api, decision):
    answer = replacing(api, decision)
    assert answer.status_code == 201, answer.text
    assert verify(api, decision)["state"] == "replaced"
    assert verify(api, answer.json())["state"] == "in_force"
    read = api.get(f"/v1/gate/decisions/{decision['id']}").json()
    assert read["standing"]["events"][0]["by_decision"] == answer.json()["id"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_certificate_names_the_one_in_whose_place_it_stands(api, decision, language):
    later = replacing(api, decision).json()
    page = page_of(record_of(api, later), language)
    fact = read_catalogue(language)["certificate.fact.replaces"]
    (told,) = [value for name, value in page["facts"] if name == fact]
    assert decision["certificate_number"] in told
    day = date.fromisoformat(decision["recorded_at"][:10])
    assert f"{day.year}" in told and f"{day.day}" in told
    assert certificate(api, later, lang=language).status_code == 200


def test_a_certificate_that_follows_no_other_names_none(api, decision):
    assert "replaces" not in record_of(api, decision)


def test_a_decision_is_replaced_once(api, decision):
    replacing(api, decision)
    assert replacing(api, decision).status_code == 409
    assert annul(api, decision).status_code == 409


def wait_for_waiting(connection, callers):
    """Return when so many wait for an advisory lock; fails after a minute."""
    statement = (
        "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    )
    for _ in range(600):
        if connection.execute(statement).fetchone() == (callers,):
            return
        time.sleep(0.1)
    raise AssertionError("they do not wait for each other")


def test_of_those_who_replace_at_once_one_does(api, api_urls, decision):
    """Each has its snapshot from before the first, and is told of it all the same."""
    key = UUID(decision["id"]).int & 0x7FFFFFFFFFFFFFFF
    with (
        psycopg.connect(api_urls.owner, autocommit=True) as gate,
        ThreadPoolExecutor(3) as threads,
    ):
        gate.execute("select pg_advisory_lock(%s)", (key,))
        sent = [threads.submit(replacing, api, decision) for _ in range(3)]
        try:
            wait_for_waiting(gate, 3)
        finally:
            gate.execute("select pg_advisory_unlock(%s)", (key,))
        answers = [one.result() for one in sent]
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


def other_matter(api, decision, **more):
    answer = api.post(
        "/v1/gate/decisions", QUESTION | {"replaces": decision["id"]} | more
    )
    assert answer.status_code == 422, answer.text
    assert answer.json()["type"].endswith("other-matter")
    return verify(api, decision)["state"] == "in_force"


def test_a_decision_is_replaced_by_one_on_the_same_matter_alone(api, decision):
    """The page of a replaced certificate says that there is a new one on it."""
    assert other_matter(api, decision, transaction="take_back")
    assert other_matter(api, decision, subject={"parcel_code": parcel_code(3)})


def test_ground_of_other_codes_is_the_same_matter_by_more_than_half(api, decision):
    """A parcel that was split, drawn: 0.4 or 0.6 of its width, and ground beside it."""
    parcel = api.get(f"/v1/parcels/{parcel_code(2)}").json()
    ring = parcel["geometry"]["coordinates"][0][0]
    (west, south), (east, north) = min(ring), max(ring)
    width = east - west

    def drawn(start, end):
        left, right = west + start * width, west + end * width
        ring = [[left, south], [right, south], [right, north], [left, north]]
        return {"geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}}

    assert other_matter(api, decision, subject=drawn(0.6, 1.6))
    asked = QUESTION | {"replaces": decision["id"], "subject": drawn(0.4, 1.4)}
    assert api.post("/v1/gate/decisions", asked).status_code == 201
    assert verify(api, decision)["state"] == "replaced"


def test_a_decision_of_another_county_cannot_be_replaced(api, decision):
    theirs = {"transaction": "transfer", "replaces": decision["id"]}
    theirs["subject"] = {"parcel_code": parcel_code(1, THEIRS)}
    answer = api.as_("planner_other_county").post("/v1/gate/decisions", theirs)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("nothing-to-replace")
    assert verify(api, decision)["state"] == "in_force"


@pytest.mark.parametrize("name", ["x", 7, NO_SUCH_ID])
def test_what_does_not_exist_cannot_be_replaced(api, name):
    assert replacing(api, {"id": name}).status_code == 422
