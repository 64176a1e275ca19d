"""Tokens of an identity provider: who gets in, and everybody who must not."""

import base64
import hashlib
import hmac
import json
import threading
import time

import jwt
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.testclient import TestClient

from app.main import create_app
from app.migration import sqlalchemy_url
from app.oidc import provider as provider_module
from app.oidc.bearer import TokenReader
from app.oidc.exchange import AddressNotSafe, ExchangeFailed, check_url, get_json
from app.oidc.refusals import ProviderUnreachable
from app.security.principals import Principal
from app.security.users import Identity, Rights, add_user, change_user
from app.settings import Settings
from tests.api.bodies import OURS, THEIRS, new_code, parcel, parcel_code
from tests.api.conftest import Api
from tests.api.issuer import AUDIENCE, Issuer, Key

PARCELS = "/v1/parcels"
ADMIN = Principal("00000000-0000-0000-0000-000000000000", "test", "admin", "*")


class Clock:
    """Seconds that a test moves on."""

    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def issuer():
    found = Issuer()
    yield found
    found.close()


@pytest.fixture(scope="module")
def application(_register, api_urls, data_dir):
    """The application with an identity provider, made from its settings."""
    provider = Issuer()
    settings = Settings(
        data_dir=data_dir, oidc_issuer=provider.url, oidc_audience=AUDIENCE
    )
    app = create_app(settings, api_urls.service)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Api(client, _register.keys), provider
    provider.close()


@pytest.fixture
def service(application, issuer):
    """That application, with the test's own identity provider."""
    api, _ = application
    services = api.client.app.state.services
    provider = provider_module.Provider(issuer.url)
    services.tokens = TokenReader(services.database, provider, AUDIENCE)
    yield api
    provider.close()


def test_settings_name_the_provider(application):
    api, provider = application
    enter(api, provider)
    assert ask(api, provider.token()).status_code == 200


@pytest.fixture
def clock(service):
    found = Clock()
    service.client.app.state.services.tokens.provider._clock = found
    return found


def database(service):
    return service.client.app.state.services.database


def enter(service, issuer, subject="wang-01", role="planner", scope=OURS):
    with database(service).transaction(ADMIN) as connection:
        return add_user(
            connection,
            Identity(issuer.url, subject),
            Rights("王芳", role, scope),
            actor="test",
        )


@pytest.fixture
def person(service, issuer):
    return enter(service, issuer)


def ask(service, token, path=PARCELS, method="GET", **options):
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    return service.as_(None).send(method, path, headers=headers, **options)


def refused(answer, reason, status=401):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["reason"] == reason
    return True


def test_a_person_acts_under_the_rights_that_were_entered(service, issuer, person):
    answer = ask(service, issuer.token(role="admin", scope="*", groups=["admin"]))
    assert {one["division_code"] for one in answer.json()["items"]} == {OURS}
    session = ask(service, issuer.token(), "/v1/session").json()
    assert (session["role"], session["scope"]) == ("planner", OURS)
    assert session["name"] == f"王芳 (wang-01 @ {issuer.url})"


def test_what_a_person_does_names_him(service, issuer):
    enter(service, issuer, "admin-7", "admin", OURS)
    code = new_code()
    token = issuer.token(sub="admin-7")
    made = ask(service, token, PARCELS, "POST", json=parcel(code, 114.09))
    assert made.status_code == 201, made.text
    assert made.json()["source"] == f"actor:王芳 (admin-7 @ {issuer.url})"


def test_no_token_crosses_a_border(service, issuer, person):
    path = f"{PARCELS}/{parcel_code(1, THEIRS)}"
    assert ask(service, issuer.token(), path).status_code == 404
    enter(service, issuer, "li-02", "planner", THEIRS)
    assert ask(service, issuer.token(sub="li-02"), path).status_code == 200
    assert ask(service, issuer.token(), path).status_code == 404


def test_who_is_not_entered_is_told_what_to_have_entered(service, issuer):
    answer = ask(service, issuer.token(sub="nobody", role="admin"))
    assert refused(answer, "person_not_entered", 403)
    assert answer.json()["subject"] == "nobody"
    assert answer.json()["issuer"] == issuer.url


def test_who_is_switched_off_is_refused_at_once(service, issuer, person):
    token = issuer.token()
    assert ask(service, token).status_code == 200
    off = Rights("王芳", "planner", OURS, is_disabled=True)
    with database(service).transaction(ADMIN) as connection:
        change_user(connection, person, off, actor="test")
    assert refused(ask(service, token), "person_switched_off", 403)


def test_changed_rights_hold_at_once(service, issuer, person):
    token = issuer.token()
    assert ask(service, token).status_code == 200
    with database(service).transaction(ADMIN) as connection:
        rights = Rights("王芳", "auditor", THEIRS)
        change_user(connection, person, rights, actor="test")
    session = ask(service, token, "/v1/session").json()
    assert (session["role"], session["scope"]) == ("auditor", THEIRS)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_every_allowed_algorithm(service, issuer, person, algorithm):
    key = Key("mine", algorithm)
    issuer.published = [key.published]
    assert ask(service, issuer.token(key)).status_code == 200


def test_one_key_without_a_name_is_found(service, issuer, person):
    published = {**issuer.first.published}
    published.pop("kid"), published.pop("alg"), published.pop("use")
    issuer.published = [published]
    token = jwt.encode(
        jwt.decode(issuer.token(), options={"verify_signature": False}),
        issuer.first.private,
        "ES256",
    )
    assert ask(service, token).status_code == 200


def test_audience_may_be_one_of_several(service, issuer, person):
    assert ask(service, issuer.token(aud=["x", AUDIENCE])).status_code == 200


NOW = int(time.time())


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": "another"}, "token_audience"),
        ({"aud": ["another"]}, "token_audience"),
        ({"aud": None}, "token_incomplete"),
        ({"aud": {"jingtu-test": 1}}, "token_audience"),
        ({"iss": "https://other.example"}, "token_issuer"),
        ({"iss": None}, "token_incomplete"),
        ({"exp": NOW - 3600}, "token_expired"),
        ({"exp": None}, "token_incomplete"),
        ({"exp": "tomorrow"}, "token_broken"),
        ({"exp": float("inf")}, "token_broken"),
        ({"nbf": NOW + 3600}, "token_early"),
        ({"iat": NOW + 3600}, "token_early"),
        ({"iat": None}, "token_incomplete"),
        ({"sub": None}, "token_incomplete"),
        ({"sub": ""}, "token_broken"),
        ({"sub": "x" * 256}, "token_broken"),
        ({"sub": "王"}, "token_broken"),
        ({"sub": "wang-01\n"}, "token_broken"),
        ({"cnf": {"jkt": "x"}}, "token_broken"),
    ],
)
def test_a_claim_that_is_not_right(service, issuer, person, claims, reason):
    assert refused(ask(service, issuer.token(**claims)), reason)


def test_the_issuers_clock_may_be_a_little_off(service, issuer, person):
    now = int(time.time())
    assert ask(service, issuer.token(iat=now + 10, nbf=now + 10)).status_code == 200
    assert ask(service, issuer.token(exp=now - 10)).status_code == 200


def encode(part):
    text = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def parts(token):
    return token.split(".")


def test_a_signature_of_somebody_else(service, issuer, person):
    stranger = Key("first")
    assert refused(ask(service, issuer.token(stranger)), "token_signature")


def test_altered_claims(service, issuer, person):
    header, claims, signature = parts(issuer.token())
    content = json.loads(base64.urlsafe_b64decode(claims + "=="))
    forged = f"{header}.{encode({**content, 'sub': 'admin-7'})}.{signature}"
    assert refused(ask(service, forged), "token_signature")


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE", ""])
def test_no_algorithm_at_all(service, issuer, person, name):
    _, claims, _ = parts(issuer.token())
    unsigned = f"{encode({'alg': name, 'kid': 'first'})}.{claims}."
    assert refused(ask(service, unsigned), "token_algorithm")


def test_a_public_key_taken_for_a_shared_secret(service, issuer, person):
    key = Key("rsa", "RS256")
    issuer.published = [key.published]
    public = key.private.public_key()
    for form in (serialization.Encoding.PEM, serialization.Encoding.DER):
        secret = public.public_bytes(
            form, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        _, claims, _ = parts(issuer.token(key))
        signed = f"{encode({'alg': 'HS256', 'kid': 'rsa'})}.{claims}"
        mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
        forged = f"{signed}.{encode(mac)}"
        assert refused(ask(service, forged), "token_algorithm")


def test_the_key_of_one_algorithm_serves_no_other(service, issuer, person):
    key = Key("rsa", "RS256")
    issuer.published = [key.published]
    other = Key("rsa", "PS256", key.private)
    assert refused(ask(service, issuer.token(other)), "token_key")


def test_keys_and_addresses_in_a_token_are_not_looked_at(service, issuer, person):
    trap = Issuer()
    stranger = Key("theirs")
    trap.published = [stranger.published]
    named = {
        "jku": f"{trap.url}/keys",
        "x5u": f"{trap.url}/keys",
        "jwk": stranger.published,
    }
    for kid in ("theirs", "first"):
        stranger.kid = kid
        token = issuer.token(stranger, named)
        assert ask(service, token).status_code == 401
    assert trap.asked == []
    trap.close()


@pytest.mark.parametrize(
    "published",
    [
        lambda key: {**key.published, "use": "enc"},
        lambda key: {"kty": "oct", "k": "c2VjcmV0", "kid": "mine", "alg": "HS256"},
        lambda key: {**key.published, "n": "AQAB"},
    ],
)
def test_keys_that_are_not_for_this_are_left_out(service, issuer, person, published):
    key = Key("mine", "RS256")
    issuer.published = [published(key), issuer.first.published]
    assert refused(ask(service, issuer.token(key)), "token_key")
    assert ask(service, issuer.token()).status_code == 200


def test_a_short_key_is_not_taken(service, issuer, person):
    key = Key("short", "RS256", rsa.generate_private_key(65537, 1024))
    issuer.published = [key.published, issuer.first.published]
    assert refused(ask(service, issuer.token(key)), "token_key")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"crit": ["b64"], "b64": False}, "token_broken"),
        ({"typ": "logout+jwt"}, "token_kind"),
        ({"kid": 7}, "token_broken"),
    ],
)
def test_a_header_that_is_not_right(service, issuer, person, header, reason):
    own = {"alg": "ES256", "kid": "first", "typ": "JWT", **header}
    _, claims, signature = parts(issuer.token())
    assert refused(ask(service, f"{encode(own)}.{claims}.{signature}"), reason)


@pytest.mark.parametrize(
    "token",
    [
        "..",
        "a.b.c",
        f"{encode([])}.{encode({})}.x",
        f"{encode(b'[' * 2000)}.{encode({})}.x",
        f"{encode(b'{' + b'[' * 900)}.{encode({})}.x",
        encode({"alg": "ES256", "kid": "first"}) + "." + encode(b"[" * 3000) + ".AAAA",
        encode({"alg": "ES256", "kid": "first"}) + ".\x7f.\x7f",
    ],
)
def test_what_is_no_token(service, issuer, person, token):
    answer = ask(service, token)
    assert answer.status_code == 401, answer.text


def test_a_payload_deeper_than_any_reader(service, issuer, person):
    deep = b'{"a":' * 900 + b"1" + b"}" * 900
    signed = f"{encode({'alg': 'ES256', 'kid': 'first'})}.{encode(deep)}"
    kind = jwt.get_algorithm_by_name("ES256")
    signature = kind.sign(signed.encode(), issuer.first.private)
    answer = ask(service, f"{signed}.{encode(signature)}")
    assert answer.status_code == 401, answer.text


def test_a_huge_token_is_refused_unread(service, issuer, person):
    answer = ask(service, issuer.token(groups=["g" * 20] * 1000))
    assert refused(answer, "token_long")
    assert issuer.asked == []


def test_without_a_provider_a_token_opens_nothing(api, issuer):
    header = {"Authorization": f"Bearer {issuer.token()}"}
    answer = api.as_(None).get(PARCELS, headers=header)
    assert refused(answer, "not_signed_in")
    assert issuer.asked == []


def test_keys_are_fetched_once_and_verifying_is_remembered(service, issuer, person):
    for _ in range(5):
        assert ask(service, issuer.token()).status_code == 200
    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]
    memory = service.client.app.state.services.tokens._memory
    ask(service, issuer.token(jti="once"))
    kept = len(memory)
    ask(service, issuer.token(aud="another"))
    assert len(memory) == kept


def test_a_remembered_token_ends_when_it_says(service, issuer, person):
    token = issuer.token()
    assert ask(service, token).status_code == 200
    tokens = service.client.app.state.services.tokens
    tokens._now = lambda: time.time() + 300 + 31
    assert refused(ask(service, token), "token_expired")


def test_memory_of_tokens_is_bounded(service, issuer, person, monkeypatch):
    monkeypatch.setattr("app.oidc.bearer._LONGEST_MEMORY", 2)
    for number in range(4):
        ask(service, issuer.token(jti=str(number)))
    assert len(service.client.app.state.services.tokens._memory) == 2


def test_a_new_key_is_fetched_at_most_once_a_minute(service, issuer, person, clock):
    assert ask(service, issuer.token()).status_code == 200
    second = Key("second")
    issuer.published = [second.published]
    fetched = len(issuer.asked)
    assert refused(ask(service, issuer.token(second)), "token_key")
    assert len(issuer.asked) == fetched
    clock.now += 61
    assert ask(service, issuer.token(second)).status_code == 200
    for number in range(20):
        stranger = Key(f"invented-{number}")
        assert refused(ask(service, issuer.token(stranger)), "token_key")
    assert len(issuer.asked) == fetched + 2


def test_a_key_taken_back_opens_nothing_even_if_remembered(
    service, issuer, person, clock
):
    token = issuer.token(exp=int(time.time()) + 90_000)
    assert ask(service, token).status_code == 200
    issuer.published = [Key("second").published]
    clock.now += provider_module.KEPT_S + 1
    assert refused(ask(service, token), "token_key")


def test_a_provider_that_is_away_stops_tokens_only(service, issuer, person, clock):
    issuer.close()
    answer = ask(service, issuer.token())
    assert refused(answer, "identity_provider", 503)
    assert 1 <= int(answer.headers["retry-after"]) <= 10
    assert service.get(PARCELS).status_code == 200


def test_keys_too_old_to_trust_are_not_used(service, issuer, person, clock):
    token = issuer.token()
    assert ask(service, token).status_code == 200
    issuer.close()
    clock.now += 3000
    assert ask(service, token).status_code == 200
    clock.now += 601
    assert refused(ask(service, token), "identity_provider", 503)


def test_a_failure_is_not_tried_again_at_once(service, issuer, person, clock):
    issuer.answers["/keys"] = lambda _: (500, "{}")
    for _ in range(5):
        assert refused(ask(service, issuer.token()), "identity_provider", 503)
    assert len(issuer.asked) == 2
    del issuer.answers["/keys"]
    clock.now += 11
    assert ask(service, issuer.token()).status_code == 200


@pytest.mark.parametrize(
    "answered",
    [
        (200, "[]"),
        (200, "not json"),
        (302, "{}"),
        (200, "{}"),
        (200, '{"issuer": "https://other.example"}'),
        (200, " " * 300_000 + "{}"),
    ],
)
def test_a_discovery_that_cannot_be_used(service, issuer, person, answered):
    issuer.answers["/.well-known/openid-configuration"] = lambda _: answered
    assert refused(ask(service, issuer.token()), "identity_provider", 503)


def test_keys_are_not_fetched_over_an_open_line(service, issuer, person):
    issuer.discovery["jwks_uri"] = "http://keys.example/keys"
    assert refused(ask(service, issuer.token()), "identity_provider", 503)


def test_a_provider_elsewhere_leads_to_nothing_on_this_machine():
    away, asked = "https://id.example.gov.cn", []

    def fetch(url):
        asked.append(url)
        return {"issuer": away, "jwks_uri": "http://127.0.0.1:8000/keys"}

    provider = provider_module.Provider(away, fetch)
    with pytest.raises(ProviderUnreachable):
        provider.ask().result(5)
    assert asked == [f"{away}/.well-known/openid-configuration"]
    provider.close()


def test_a_token_without_an_end_in_sight(service, issuer, person):
    assert ask(service, issuer.token(exp=10**400)).status_code == 200


def test_many_with_tokens_wait_and_keys_go_on(service, issuer, person):
    issuer.delay_s = 1.5
    statuses = []

    def with_token():
        statuses.append(ask(service, issuer.token()).status_code)

    waiting = [threading.Thread(target=with_token) for _ in range(30)]
    for one in waiting:
        one.start()
    while not issuer.asked:
        time.sleep(0.01)
    # Thirty wait for the provider: more than there are threads and connections.
    assert service.get(PARCELS).status_code == 200
    assert len(statuses) < 30
    for one in waiting:
        one.join(30)
    assert statuses == [200] * 30
    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]


def test_a_person_and_his_key_are_one(service, issuer, person, api_urls):
    found = service.client.app.state.services.tokens
    principal = found.admit(Identity(issuer.url, "wang-01"))
    assert principal.person == person
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner))
    with engine.connect() as connection:
        stored = connection.scalar(
            sa.text("select user_id from registry.api_client where id = :id"),
            {"id": principal.client_id},
        )
    assert stored == person


@pytest.mark.parametrize(
    "url",
    [
        "http://id.example.gov.cn",
        "ftp://127.0.0.1/x",
        "https://user:pw@id.example.gov.cn",
        "https://id.example.gov.cn/#x",
        "file:///etc/passwd",
        "http://localhost.example/",
        "//id.example.gov.cn",
    ],
)
def test_an_address_that_is_not_safe(url):
    with pytest.raises(AddressNotSafe):
        check_url(url)


def test_an_answer_that_drips_has_an_end(issuer, monkeypatch):
    monkeypatch.setattr("app.oidc.exchange.PATIENCE_S", 0.3)
    issuer.drip_s = 0.05
    with pytest.raises(ExchangeFailed):
        get_json(f"{issuer.url}/keys")
