"""Pages as the server sends them: who is told where he is, and where he may go."""

import re

import httpx
import pytest

from app.database_errors import DatabaseUnavailable
from app.pages.masthead import NAVIGATION
from app.security.principals import ROLES
from app.security.session import COOKIE
from tests.api.bodies import OURS


@pytest.fixture(autouse=True)
def no_earlier_failures(api):
    """Start without attempts counted for this address."""
    api.client.app.state.services.sign_in_limit.forget("testclient")


@pytest.fixture
def open_page(api):
    """Open a page as somebody who signed in with a role's key."""

    def opened(role, path, language="zh", **options):
        key = {"key": api.keys[role]}
        token = api.as_(None).post("/v1/session", key).cookies[COOKIE]
        headers = {
            "Cookie": f"{COOKIE}={token}",
            "Accept": "text/html",
            "Accept-Language": language,
        }
        return api.as_(None).get(path, headers=headers, **options)

    return opened


def masthead(answer):
    return answer.text.split("</header>")[0]


@pytest.mark.parametrize(("language", "member"), [("zh", "name_zh"), ("en", "name_en")])
def test_the_callers_division_is_named(api, open_page, language, member):
    division = api.as_("admin").get(f"/v1/divisions/{OURS}").json()
    shown = masthead(open_page("planner", "/decisions", language))
    assert f"{division[member] or division['name_zh']} {OURS}" in re.sub(
        "<[^>]+>", "", shown
    )


def test_an_account_for_the_whole_country_says_so(open_page):
    assert "全国" in masthead(open_page("admin", "/decisions"))


@pytest.mark.parametrize("role", ROLES)
def test_pages_led_to_are_those_that_open(open_page, role):
    led_to = re.findall(r'href="(/[a-z]*)"', masthead(open_page(role, "/")))
    for page in NAVIGATION:
        answer = open_page(role, page.path)
        assert (answer.status_code == 200) == (page.path in led_to), page.path


def test_a_permit_system_is_led_to_questions_and_decisions_alone(open_page):
    shown = masthead(open_page("permit_system", "/"))
    nav = shown.split("<nav")[1]
    assert re.findall(r'href="(/[a-z]*)"', nav.split("</nav>")[0]) == [
        "/",
        "/decisions",
    ]


def test_without_a_session_every_page_leads_to_sign_in_and_back(api):
    below = ("/plots/4101821000001", "/plots?q=%E5%8C%96%E5%B7%A5", "/data-sets")
    for path in (*(page.path for page in NAVIGATION), *below):
        answer = api.as_(None).get(path, follow_redirects=False)
        sign_in = httpx.URL(answer.headers["location"])
        assert (answer.status_code, sign_in.path) == (303, "/sign-in"), path
        assert sign_in.params.get("next", "/") == path


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("/plots?stage=suspected", "/plots?stage=suspected"),
        ("//evil.example/x", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_who_is_signed_in_goes_on_from_sign_in_to_the_page_asked_for(
    open_page, asked, shown
):
    path = f"/sign-in?{httpx.QueryParams({'next': asked})}"
    answer = open_page("planner", path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, shown)


@pytest.mark.parametrize("path", ["/tasks", "/plots/4101821000001"])
def test_a_page_of_others_is_refused_in_words(open_page, path):
    answer = open_page("permit_system", path, "en")
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert (
        "<h1>This page is not open to your account</h1>" in answer.text
        and 'href="/"' in answer.text
    )


def test_a_mistyped_name_of_a_public_register_is_no_page_and_stays_a_fault(api):
    shown = api.get("/public/nothing", headers={"Accept": "text/html"})
    assert (shown.status_code, "没有这个页面" in shown.text) == (404, True)
    told = api.get("/public/nothing")
    assert (told.status_code, told.json()["errors"][0]["in"]) == (422, "path")


def test_a_person_is_told_in_words_that_the_database_is_away(
    api, open_page, monkeypatch
):
    def away(*_, **__):
        raise DatabaseUnavailable("gone")

    monkeypatch.setattr("app.pages.routes.home_bounds", away)
    answer = open_page("planner", "/")
    assert answer.status_code == 503
    assert "<h1>暂不可用</h1>" in answer.text


def test_who_may_read_no_tiles_gets_a_map_without_legend_that_says_so(open_page):
    shown = open_page("permit_system", "/").text
    assert "data-tiles" not in shown and 'id="legend" open hidden' in shown
    note = "您的账号不显示地图图层"
    theirs = open_page("planner", "/").text
    assert note in shown and note not in theirs and "data-tiles" in theirs


def test_the_catalogue_of_shared_data_is_open_to_every_account(open_page):
    shown = open_page("planner", "/plots").text
    assert 'href="/data-sets"' in shown
    assert "<strong>自然资源</strong>" in open_page("planner", "/data-sets").text
    page = open_page("permit_system", "/data-sets", "en")
    assert page.status_code == 200 and "<h1" in page.text
    assert "Catalogue of shared data" in page.text
