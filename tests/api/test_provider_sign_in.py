"""Signing in to the pages at an identity provider: who gets in, and who must not."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest
import sqlalchemy as sa
from pydantic import ValidationError
from starlette.testclient import TestClient

from app.main import create_app
from app.migration import sqlalchemy_url
from app.oidc.bearer import TokenReader
from app.oidc.flow import FLOW_S, begin_flow
from app.oidc.provider import Provider
from app.oidc.sign_in import Client, SignInDesk
from app.pages.provider_sign_in import FLOW_COOKIE
from app.security.principals import Principal
from app.security.session import COOKIE
from app.security.users import Identity, Rights, add_user, change_user
from app.settings import Settings
from tests.api.bodies import OURS
from tests.api.conftest import Api
from tests.api.issuer import AUDIENCE, Key
from tests.sign_in_provider import SignInProvider, question_of, settings_for

HERE = "https://soil.example.gov.cn"
ADMIN = Principal("00000000-0000-0000-0000-000000000000", "test", "admin", "*")
PAGE = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture
def provider():
    found = SignInProvider()
    yield found
    found.close()


@pytest.fixture(scope="module")
def application(_register, api_urls, data_dir):
    """The application with an identity provider, made from its settings."""
    first = SignInProvider()
    settings = Settings(data_dir=data_dir, public_url=HERE, **settings_for(first))
    app = create_app(settings, api_urls.service)
    client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
    with client:
        yield Api(client, _register.keys, None), first
    first.close()


@pytest.fixture
def make_service(application):
    """Give that application the test's own identity provider."""
    api, _ = application
    services = api.client.app.state.services
    closing = []

    def make(provider):
        source = Provider(provider.url)
        services.tokens = TokenReader(services.database, source, AUDIENCE)
        client = Client(provider.client_id, provider.secret)
        services.sign_in = SignInDesk(services.tokens, client, HERE)
        closing.extend([source, services.sign_in])
        services.sign_in_limit.forget("testclient")
        return api

    yield make
    for one in closing:
        one.close()


@pytest.fixture
def service(make_service, provider):
    return make_service(provider)


@dataclass
class Browser:
    """A browser that keeps what it is given, cookie by cookie."""

    api: Api
    cookies: dict

    def get(self, path, **headers):
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        more = {"Cookie": sent} if sent else {}
        answer = self.api.get(path, headers={**PAGE, **headers, **more})
        for line in answer.headers.get_list("set-cookie"):
            name, value = re.match(r"([^=]+)=\"?([^;\"]*)", line).groups()
            if value and "Max-Age=0" not in line:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return answer

    def begin(self, query="?next=/plots"):
        """Start to sign in; return the address at the provider."""
        answer = self.get(f"/sign-in/provider{query}")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def to_callback(self, query="?next=/plots"):
        """Sign in at the provider; return the path one is sent back to."""
        sent = httpx.get(self.begin(query)).headers["location"]
        assert sent.startswith(f"{HERE}/sign-in/callback?")
        return sent.removeprefix(HERE)

    def is_in(self):
        return self.get("/v1/session").status_code == 200


@pytest.fixture
def browser(service):
    return Browser(service, {})


def enter(service, provider, subject="wang-01", **options):
    with service.client.app.state.services.database.transaction(ADMIN) as connection:
        return add_user(
            connection,
            Identity(provider.url, subject),
            Rights("王芳", "planner", OURS, **options),
            actor="test",
        )


@pytest.fixture
def person(service, provider):
    return enter(service, provider)


def refused(answer, status, words):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert COOKIE not in str(answer.headers.get_list("set-cookie"))
    assert words in answer.text
    assert "/sign-in/provider?next=" in answer.text
    return True


NOT_THIS = "was not begun in this browser"


def changed(path, **parameters):
    """A path with parameters replaced; None takes one out."""
    asked = {**question_of(path), **parameters}
    kept = {name: value for name, value in asked.items() if value is not None}
    return f"/sign-in/callback?{httpx.QueryParams(kept)}"


def test_settings_name_the_provider(application):
    service, provider = application
    enter(service, provider)
    browser = Browser(service, {})
    browser.get(browser.to_callback())
    assert browser.is_in()
    assert provider.exchanges[-1][1].startswith("Basic ")


def test_a_person_signs_in_and_goes_on_to_where_he_wanted(browser, person):
    answer = browser.get(browser.to_callback("?next=/plots%3Fq%3D1%26lang%3Den"))
    assert answer.status_code == 200
    assert 'content="0; url=/plots?q=1&amp;lang=en"' in answer.text
    session = browser.get("/v1/session").json()
    assert (session["role"], session["scope"]) == ("planner", OURS)
    assert browser.get("/plots").status_code == 200


def test_the_cookies_are_kept_from_scripts_and_other_sites(browser, person):
    began = browser.get("/sign-in/provider")
    flow = began.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/sign-in", f"Max-Age={FLOW_S}"} <= set(
        flow.split("; ")
    )
    answer = browser.get(browser.to_callback())
    session, spent = answer.headers.get_list("set-cookie")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(session.split("; "))
    assert spent.startswith(FLOW_COOKIE) and "Max-Age=0" in spent


def test_behind_tls_no_cookie_travels_in_the_clear(browser, service, person):
    services = service.client.app.state.services
    plain = services.settings
    services.settings = plain.model_copy(update={"secure_cookies": True})
    try:
        began = browser.get("/sign-in/provider")
        ended = browser.get(browser.to_callback())
    finally:
        services.settings = plain
    for answer, number in ((began, 1), (ended, 2)):
        cookies = answer.headers.get_list("set-cookie")
        assert len(cookies) == number
        assert all("Secure" in one.split("; ") for one in cookies)


def test_what_is_asked_is_what_the_standards_ask_for(browser, provider):
    asked = question_of(browser.begin())
    assert asked["response_type"] == "code" and asked["scope"] == "openid"
    assert asked["client_id"] == provider.client_id
    assert asked["redirect_uri"] == f"{HERE}/sign-in/callback"
    assert asked["code_challenge_method"] == "S256"
    other = question_of(browser.begin())
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name]) == 43 and asked[name] != other[name]
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    # Who reads the address can neither finish the flow nor foretell the nonce.
    assert browser.cookies[FLOW_COOKIE].split(".")[1] not in str(asked)


def test_nobody_is_told_the_address_with_the_code(browser, person):
    for answer in (
        browser.get("/sign-in/provider"),
        browser.get(browser.to_callback()),
    ):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("proofs", [None, ["client_secret_post"], ["private_key_jwt"]])
def test_the_client_proves_itself_as_the_provider_takes_it(
    browser, provider, person, proofs
):
    if proofs:
        provider.discovery["token_endpoint_auth_methods_supported"] = proofs
    browser.get(browser.to_callback())
    assert browser.is_in()
    form, header = provider.exchanges[-1]
    by_form = proofs == ["client_secret_post"]
    assert ("client_secret" in form, header is None) == (by_form, by_form)


def test_a_public_client_has_the_verifier_alone(make_service):
    provider = SignInProvider(secret=None)
    service = make_service(provider)
    enter(service, provider)
    browser = Browser(service, {})
    browser.get(browser.to_callback())
    assert browser.is_in()
    form, header = provider.exchanges[-1]
    assert form["client_id"] == provider.client_id and header is None
    provider.close()


@pytest.mark.parametrize("state", [None, "", "x" * 43, "状态", "x" * 5000])
def test_another_state(browser, person, provider, state):
    path = changed(browser.to_callback(), state=state)
    assert refused(browser.get(path), 400, NOT_THIS)
    assert provider.exchanges == []


@pytest.mark.parametrize(
    "cookie",
    [None, "", "x", "1.x.y", "9999999999." + "a" * 43 + ".Lw", "1." + "a" * 43 + "._"],
)
def test_another_cookie(browser, person, provider, cookie):
    path = browser.to_callback()
    browser.cookies = {} if cookie is None else {FLOW_COOKIE: cookie}
    assert refused(browser.get(path), 400, NOT_THIS)
    assert provider.exchanges == []


def test_signing_somebody_in_as_somebody_else(service, person, browser):
    """Login CSRF: the attacker's own answer in the victim's browser."""
    attackers = Browser(service, {})
    path = attackers.to_callback()
    browser.begin()
    assert refused(browser.get(path), 400, NOT_THIS)
    assert not browser.is_in()


def test_a_code_of_another_flow_brings_another_nonce(service, person, provider):
    """A stolen code under the thief's own state: PKCE refuses it, and so does nonce."""
    victims, thiefs = Browser(service, {}), Browser(service, {})
    stolen = question_of(victims.to_callback())["code"]
    path = changed(thiefs.to_callback(), code=stolen)
    assert refused(thiefs.get(path), 400, "does not take the code")
    # A provider that does not look at the verifier.
    stolen = question_of(victims.to_callback())["code"]
    path = thiefs.to_callback()
    own = provider.codes[question_of(path)["code"]]
    provider.codes[stolen]["code_challenge"] = own["code_challenge"]
    answer = thiefs.get(changed(path, code=stolen))
    assert refused(answer, 400, "does not belong to this sign-in")
    assert not thiefs.is_in()


def test_an_answer_comes_once(browser, person, provider):
    path = browser.to_callback()
    kept = dict(browser.cookies)
    assert browser.get(path).status_code == 200
    browser.cookies = kept
    assert refused(browser.get(path), 400, "does not take the code")


def test_a_flow_opens_one_session_whatever_the_provider_does(
    browser, service, person, provider
):
    """A provider that takes a code twice; also at the same moment."""
    path = browser.to_callback()
    flow, code = dict(browser.cookies), question_of(path)["code"]
    asked = provider.codes[code]
    provider.codes = _Lasting({code: asked})
    browsers = [Browser(service, dict(flow)) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda one: one.get(path), browsers))
    assert sorted(one.status_code for one in answers) == [200, 400, 400, 400]
    assert sum(one.is_in() for one in browsers) == 1


class _Lasting(dict):
    def pop(self, key, default=None):
        return self.get(key, default)


def test_a_flow_ends_after_ten_minutes(browser, service, person):
    path = browser.to_callback()
    desk = service.client.app.state.services.sign_in
    desk._now = lambda: time.time() + FLOW_S + 1
    assert refused(browser.get(path), 400, "too old")


def test_a_flow_cannot_be_made_younger(browser, person):
    path = browser.to_callback()
    _, secret, then = browser.cookies[FLOW_COOKIE].split(".")
    browser.cookies[FLOW_COOKIE] = f"{int(time.time()) + 20}.{secret}.{then}"
    assert refused(browser.get(path), 400, NOT_THIS)


@pytest.mark.parametrize("named", ["https://other.example", "", None])
def test_the_answer_of_another_issuer(browser, person, provider, named):
    path = changed(browser.to_callback(), iss=named)
    assert refused(browser.get(path), 400, "does not come from")
    assert provider.exchanges == []


def test_a_provider_that_does_not_name_itself(browser, person, provider):
    provider.discovery.pop("authorization_response_iss_parameter_supported")
    provider.names = None
    assert browser.get(browser.to_callback()).status_code == 200


def test_a_parameter_that_comes_twice(browser, person, provider):
    path = browser.to_callback()
    for more in ("state=x", "code=x", "iss=x"):
        assert refused(browser.get(f"{path}&{more}"), 400, NOT_THIS)
        browser.to_callback()
    assert provider.exchanges == []


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"nonce": None}, "does not belong"),
        ({"nonce": "x" * 43}, "does not belong"),
        ({"nonce": ["x"]}, "does not belong"),
        ({"aud": AUDIENCE}, "not issued for this service"),
        ({"aud": ["jingtu pages", "other"]}, "does not belong"),
        ({"aud": ["jingtu pages", "other"], "azp": "other"}, "does not belong"),
        ({"azp": "other"}, "does not belong"),
        ({"iss": "https://other.example"}, "from another issuer"),
        ({"exp": int(time.time()) - 60}, "has expired"),
        ({"iat": int(time.time()) + 86_400}, "not valid yet"),
        ({"sub": None}, "claim is missing"),
        ({"sub": ""}, "not well formed"),
    ],
)
def test_a_token_that_is_not_right(browser, person, provider, claims, words):
    provider.claims = claims
    answer = browser.get(browser.to_callback())
    assert answer.status_code in (400, 401)
    assert refused(answer, answer.status_code, words)
    assert not browser.is_in()


def test_a_token_for_us_among_others(browser, person, provider):
    provider.claims = {"aud": ["jingtu pages", "other"], "azp": "jingtu pages"}
    assert browser.get(browser.to_callback()).status_code == 200


def test_a_token_without_a_signature_or_with_anothers(browser, person, provider):
    path = browser.to_callback()
    asked = provider.codes[question_of(path)["code"]]
    _, claims, _ = provider.id_token(asked).split(".")
    # {"alg":"none"}
    provider.id_token = lambda _: f"eyJhbGciOiJub25lIn0.{claims}."
    assert refused(browser.get(path), 401, "algorithm is not taken")
    del provider.id_token
    provider.key = Key("first")
    assert refused(browser.get(browser.to_callback()), 401, "signature is not good")


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "javascript:alert(1)",
        "evil",
        "",
        "/" + "x" * 2000,
    ],
)
def test_one_goes_on_to_pages_of_ours_alone(browser, person, wanted):
    answer = browser.get(browser.to_callback(f"?{httpx.QueryParams(next=wanted)}"))
    assert 'content="0; url=/"' in answer.text


def test_a_page_named_in_chinese_is_gone_on_to(browser, person):
    answer = browser.get(browser.to_callback("?next=/plots/%E5%9C%B0%E5%9D%97"))
    assert 'content="0; url=/plots/%E5%9C%B0%E5%9D%97"' in answer.text


def test_a_cookie_cannot_lead_elsewhere(browser, person):
    flow = begin_flow("/", time.time())
    hostile = type(flow)(flow.began_at, flow.secret, '//evil.example/"><script>')
    browser.cookies[FLOW_COOKIE] = hostile.cookie()
    answer = browser.get("/sign-in/callback?state=x&code=x")
    assert refused(answer, 400, NOT_THIS)
    assert "evil.example" not in answer.text


def test_what_the_provider_says_is_no_part_of_the_page(browser, person):
    path = browser.to_callback()
    sent = changed(path, code=None, error="access_denied", error_description="ring 110")
    answer = browser.get(sent)
    assert refused(
        answer, 400, "not signed in at the identity provider (access_denied)"
    )
    assert "ring 110" not in answer.text
    sent = changed(browser.to_callback(), code=None, error="<script>alert(1)")
    answer = browser.get(sent)
    assert refused(answer, 400, "(&lt;script&gt;alert(1))")


@pytest.mark.parametrize("code", [None, "", "x" * 3000, "a\nb", "unknown"])
def test_a_code_that_is_none(browser, person, code):
    path = changed(browser.to_callback(), code=code)
    assert refused(browser.get(path), 400, "does not take the code")


def test_a_session_that_was_planted_is_not_taken_over(browser, person, service):
    """Session fixation: whoever planted the cookie has nothing by it."""
    planted = service.post("/v1/session", {"key": service.keys["auditor"]})
    path = browser.to_callback()
    browser.cookies[COOKIE] = planted.cookies[COOKIE]
    browser.get(path)
    assert browser.cookies[COOKIE] != planted.cookies[COOKIE]
    assert browser.get("/v1/session").json()["role"] == "planner"
    old = Browser(service, {COOKIE: planted.cookies[COOKIE]})
    assert old.get("/v1/session").json()["role"] == "auditor"


def test_who_is_not_entered_is_told_what_to_have_entered(browser, provider):
    provider.subject = "nobody-7"
    answer = browser.get(browser.to_callback())
    assert refused(answer, 403, "nobody-7")
    assert provider.url in answer.text and "Sign in as somebody else" in answer.text
    assert not browser.is_in()
    assert 'href="/sign-in?lang=zh"' in answer.text
    chinese = browser.get(browser.to_callback(), **{"Accept-Language": "zh"})
    assert "请管理员登记" in chinese.text and "以其他身份登录" in chinese.text


def test_claims_give_no_rights(browser, provider):
    provider.claims = {"role": "admin", "groups": ["admin"], "scope": "*"}
    provider.subject = "nobody-8"
    assert browser.get(browser.to_callback()).status_code == 403


def test_who_is_switched_off_is_out_at_once(browser, service, person):
    browser.get(browser.to_callback())
    assert browser.is_in()
    off = Rights("王芳", "planner", OURS, is_disabled=True)
    with service.client.app.state.services.database.transaction(ADMIN) as connection:
        change_user(connection, person, off, actor="test")
    assert not browser.is_in()
    browser.cookies.clear()
    assert refused(browser.get(browser.to_callback()), 403, "have been switched off")


def test_somebody_else_is_asked_for(browser):
    assert "prompt" not in question_of(browser.begin())
    assert question_of(browser.begin("?next=/&anew=1"))["prompt"] == "login"


def test_programs_are_told_by_problem_documents(service, provider):
    answer = service.get("/sign-in/callback", headers={"Accept": "*/*"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["reason"] == "sign_in_state"


def test_failures_are_limited(browser, person):
    statuses = []
    for _ in range(11):
        path = changed(browser.to_callback(), code="unknown")
        statuses.append(browser.get(path).status_code)
    assert statuses == [400] * 10 + [429]


def test_pages_of_other_sites_use_up_no_attempts(browser, person):
    """They can have the address asked for, but without the flow's cookie."""
    for _ in range(11):
        browser.api.get("/sign-in/callback?state=x&code=x", headers=PAGE)
    assert browser.get(browser.to_callback()).status_code == 200


def test_a_provider_that_is_away(browser, provider):
    provider.close()
    answer = browser.get("/sign-in/provider?next=/plots")
    assert refused(answer, 503, "identity provider does not answer")
    assert 1 <= int(answer.headers["retry-after"]) <= 10


def test_a_provider_that_goes_away_meanwhile(browser, provider):
    path = browser.to_callback()
    provider.close()
    assert refused(browser.get(path), 503, "identity provider does not answer")
    assert browser.get("/sign-in").status_code == 200


@pytest.mark.parametrize(
    "answered",
    [
        (200, "[]"),
        (200, "{}"),
        (200, '{"id_token": 7}'),
        (200, "no JSON"),
        (200, " " * 300_000),
        (302, "{}"),
        (500, '{"error": "invalid_grant"}'),
        (400, "no JSON"),
        (400, '{"error": 7}'),
        (400, '{"error": "<script>"}'),
    ],
)
def test_an_exchange_that_cannot_be_used(browser, person, provider, answered):
    provider.answers["/token"] = lambda _: answered
    answer = browser.get(browser.to_callback())
    assert refused(answer, 503, "identity provider does not answer")
    assert "<script" not in answer.text


def test_a_provider_that_does_not_know_this_service(browser, person, provider):
    provider.secret = "another"
    answer = browser.get(browser.to_callback())
    assert refused(answer, 502, "(invalid_client)")
    assert "JINGTU_OIDC_CLIENT_SECRET" in answer.text


@pytest.mark.parametrize("missing", ["authorization_endpoint", "token_endpoint"])
def test_an_address_that_is_not_published(browser, provider, missing):
    provider.discovery.pop(missing)
    if missing == "authorization_endpoint":
        answer = browser.get("/sign-in/provider")
    else:
        answer = browser.get(browser.to_callback())
    assert refused(answer, 503, "identity provider does not answer")


def test_a_slow_provider_holds_nobody_else_up(service, provider, person, monkeypatch):
    monkeypatch.setattr("app.oidc.exchange.PATIENCE_S", 1.0)
    paths = []
    for _ in range(6):
        one = Browser(service, {})
        paths.append((one, one.to_callback()))
    provider.delay_s = 3.0
    monkeypatch.setattr("app.oidc.sign_in._MOST_WAITING", 4)
    with ThreadPoolExecutor(6) as threads:
        waiting = [threads.submit(one.get, path) for one, path in paths]
        assert service.as_("planner").get("/v1/parcels").status_code == 200
        answers = [one.result() for one in waiting]
    assert {one.status_code for one in answers} == {503}


def test_signing_out_goes_on_to_the_provider(browser, provider, person):
    browser.get(browser.to_callback())
    token = browser.get("/v1/session").json()["csrf_token"]
    answer = browser.api.send(
        "DELETE",
        "/v1/session",
        headers={
            "Cookie": f"{COOKIE}={browser.cookies[COOKIE]}",
            "X-CSRF-Token": token,
        },
    )
    assert answer.status_code == 200
    address = answer.json()["continue_at"]
    assert address.startswith(f"{provider.url}/leave?")
    assert question_of(address) == {
        "client_id": provider.client_id,
        "post_logout_redirect_uri": f"{HERE}/sign-in",
    }
    assert not browser.is_in()


@pytest.mark.parametrize("trouble", ["no address", "away", "by key"])
def test_signing_out_that_ends_here(browser, service, provider, person, trouble):
    if trouble == "no address":
        provider.discovery.pop("end_session_endpoint")
    browser.get(browser.to_callback())
    if trouble == "by key":
        opened = service.post("/v1/session", {"key": service.keys["planner"]})
        browser.cookies = {COOKIE: opened.cookies[COOKIE]}
    if trouble == "away":
        provider.close()
        service.client.app.state.services.tokens.provider._fetched_at = float("-inf")
    token = browser.get("/v1/session").json()["csrf_token"]
    answer = service.send(
        "DELETE",
        "/v1/session",
        headers={
            "Cookie": f"{COOKIE}={browser.cookies[COOKIE]}",
            "X-CSRF-Token": token,
        },
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert not browser.is_in()


def test_who_is_signed_in_goes_straight_on(browser, person):
    browser.get(browser.to_callback())
    answer = browser.get("/sign-in/provider?next=/tasks")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tasks")
    answer = browser.get("/sign-in/provider?next=//evil.example")
    assert answer.headers["location"] == "/"


def test_without_a_client_there_is_nothing_of_it(api):
    nobody = api.as_(None)
    page = nobody.get("/sign-in", headers=PAGE)
    assert page.status_code == 200 and "sign-in-provider" not in page.text
    for path in ("/sign-in/provider", "/sign-in/callback?state=x&code=x"):
        assert nobody.get(path).status_code == 404


def test_the_page_offers_it_where_it_is_set(browser):
    page = browser.get("/sign-in?next=/plots").text
    assert 'href="/sign-in/provider?next=%2Fplots"' in page
    assert "Access key" in page


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"oidc_issuer": "", "oidc_audience": ""}, "needs JINGTU_OIDC_ISSUER"),
        ({"public_url": ""}, "JINGTU_PUBLIC_URL"),
        ({"oidc_client_id": ""}, "needs JINGTU_OIDC_CLIENT_ID"),
        ({"oidc_client_id": "净土"}, "oidc_client_id"),
    ],
)
def test_settings_that_do_not_go_together(provider, data_dir, more, words):
    own = {"data_dir": data_dir, "public_url": HERE, **settings_for(provider)}
    with pytest.raises(ValidationError, match=words) as error:
        Settings(**{**own, **more})
    assert provider.secret not in str(error.value)


def test_the_secret_is_nowhere_in_what_is_shown(application):
    service, provider = application
    settings = service.client.app.state.services.settings
    assert provider.secret not in repr(settings)


def test_spent_flows_are_forgotten(browser, person, api_urls):
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner), poolclass=sa.NullPool)
    count = sa.text("select count(*) from registry.sign_in_flow")
    age = "update registry.sign_in_flow set used_at = now() - interval '25 hours'"
    browser.get(browser.to_callback())
    with engine.begin() as connection:
        connection.execute(sa.text(age))
    browser.cookies.clear()
    browser.get(browser.to_callback())
    with engine.connect() as connection:
        assert connection.scalar(count) == 1
