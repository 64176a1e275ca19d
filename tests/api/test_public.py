"""Published registers: flagged fields, rounded places, nothing else, for everybody."""

import csv
import io
import itertools
import json
import re

import pytest

from tests.api.bodies import OURS, entry, square

_numbers = itertools.count(1)
SECRETS = {
    "name": "密-名称",
    "address": "密-地址",
    "bound_east": "密-东至",
    "former_enterprise": "密-企业",
    "local_code": "密-地方编码",
    "national_code": "密-国家编码",
    "pollutants": ["密-污染物"],
    "former_industries": ["密-行业"],
}
REGISTERS = (
    *("contaminated-plots", "risk-control-plots", "negative-lists"),
    "soil-quality",
)
FILES = ("", "/file.csv", "/file.geojson")


def publish(api, fields, listed="rcr", stage="rcr_listed", **more):
    code = f"P-PUB-{next(_numbers)}"
    body = {
        "plot_code": code,
        "division_code": OURS,
        "stage": stage,
        **entry(listed),
        "valid_from": "2024-03-01",
        "geometry": square(114.0512345, 34.6512345),
        "published_fields": fields,
        "published_on": "2024-04-01",
        "publication_source": "公告〔2024〕2号",
        "negative_list": ["gbt21010_2017:0701"],
        **SECRETS,
        **more,
    }
    return api.create("/v1/plots", body)


def items(api, register="risk-control-plots"):
    return api.as_(None).get(f"/public/{register}").json()["items"]


def of_code(api, code, register="risk-control-plots"):
    return next((x for x in items(api, register) if x.get("plot_code") == code), None)


def test_flagged_fields_are_told_and_no_others(api):
    made = publish(api, ["plot_code", "name", "negative_list"])
    found = of_code(api, made["plot_code"])
    assert set(found) == {
        *("division_code", "division_name", "listed_on", "plot_code", "name"),
        *("negative_list", "longitude", "latitude"),
        *("published_on", "publication_source"),
    }
    assert (found["name"], found["longitude"]) == ("密-名称", None)
    assert found["published_on"] == "2024-04-01"
    assert found["publication_source"] == "公告〔2024〕2号"


def test_a_place_is_rounded_and_no_boundary_is_told(api):
    made = publish(api, ["plot_code", "location"])
    found = of_code(api, made["plot_code"])
    assert (found["longitude"], found["latitude"]) == (114.052, 34.652)
    for register, file in itertools.product(REGISTERS, FILES):
        text = api.as_(None).get(f"/public/{register}{file}").text
        assert not re.search(r"(114|34)\.\d{4,}", text)
        assert "Polygon" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_unflagged_or_restricted_leaks_anywhere(api, language):
    hidden = {
        name: ["漏-值"] if isinstance(value, list) else "漏-值"
        for name, value in SECRETS.items()
    }
    publish(api, ["plot_code"], **hidden)
    fields = ["plot_code", "negative_list", "location"]
    made = publish(api, fields, "contaminated", "contaminated", **hidden)
    party = dict.fromkeys(("land_user", "liable_party", "contact"), "漏-值")
    own = {"plot_code": made["plot_code"], "division_code": OURS}
    api.create("/v1/plot-parties", {**own, **party}, role="registrar")
    nobody = api.as_(None, **{"Accept-Language": language})
    paths = ["/public", *(f"/public/{r}{f}" for r in REGISTERS for f in FILES)]
    for path in paths:
        for accept in ("text/html", "*/*"):
            answer = nobody.get(path, headers={"Accept": accept})
            assert answer.status_code == 200
            assert "漏" not in answer.text, (path, accept)


@pytest.mark.parametrize(
    "more",
    [
        {"published_on": None},
        {"published_on": "2099-01-01"},
        {"published_fields": None},
        {"published_fields": []},
    ],
)
def test_what_is_not_published_is_not_there(api, more):
    before = len(items(api))
    fields = more.pop("published_fields", ["plot_code"])
    publish(api, fields, **more)
    assert len(items(api)) == before


def test_a_plot_shows_on_its_own_register_only(api):
    made = publish(api, ["plot_code"], "contaminated", "contaminated")
    code = made["plot_code"]
    assert of_code(api, code, "contaminated-plots")
    assert not of_code(api, code) and not of_code(api, code, "negative-lists")


def test_a_plot_taken_off_the_list_is_no_longer_public(api):
    made = publish(api, ["plot_code"], "rcr", "removed")
    assert of_code(api, made["plot_code"]) is None


def test_negative_lists_are_told_with_their_classes(api):
    made = publish(api, ["plot_code", "negative_list"], "contaminated", "contaminated")
    found = of_code(api, made["plot_code"], "negative-lists")
    assert found["negative_list"] == ["gbt21010_2017:0701"]


def test_a_plot_found_fit_is_public_where_its_finding_is_flagged(api):
    fields = ["plot_code", "soil_standard", "evaluated_class"]
    found = {"soil_standard": "met", "evaluated_class": "class_2"}
    made = publish(api, fields, "rcr", "removed", **found)
    told = of_code(api, made["plot_code"], "soil-quality")
    assert {name: told[name] for name in found} == found
    assert told["listed_on"] is None and "name" not in told
    hidden = publish(api, ["plot_code"], "rcr", "removed", **found)
    assert of_code(api, hidden["plot_code"], "soil-quality") is None
    silent = publish(api, fields, "rcr", "removed")
    assert of_code(api, silent["plot_code"], "soil-quality") is None


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "符合所评估用途的要求"), ("en", "meets what the use evaluated asks")],
)
def test_the_page_tells_a_finding_in_words(api, language, words):
    fields = ["plot_code", "soil_standard", "evaluated_class"]
    publish(
        api, fields, "rcr", "removed", soil_standard="met", evaluated_class="class_2"
    )
    headers = {"Accept": "text/html", "Accept-Language": language}
    page = api.as_(None).get("/public/soil-quality", headers=headers)
    assert page.status_code == 200 and words in page.text


@pytest.mark.parametrize("form", ["csv", "geojson"])
def test_files_say_what_the_register_says(api, form):
    made = publish(api, ["plot_code", "location"], name="=1+1")
    answer = api.as_(None).get(f"/public/risk-control-plots/file.{form}")
    assert "attachment" in answer.headers["content-disposition"]
    if form == "geojson":
        features = json.loads(answer.content)["features"]
        codes = {one["properties"].get("plot_code"): one for one in features}
        place = codes[made["plot_code"]]["geometry"]
        assert place == {"type": "Point", "coordinates": [114.052, 34.652]}
    else:
        text = answer.content.decode("utf-8-sig")
        (row,) = [
            one
            for one in csv.DictReader(io.StringIO(text))
            if one["地块编码"] == made["plot_code"]
        ]
        assert (row["经度"], row["公开依据"]) == ("114.052", "公告〔2024〕2号")


@pytest.mark.parametrize("path", ["", "/file.csv", "/file.geojson"])
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_a_register_is_kept_until_it_changes(api, path, accept):
    nobody = api.as_(None, Accept=accept)
    path = f"/public/risk-control-plots{path}"
    first = nobody.get(path)
    assert first.headers["cache-control"] == "public, max-age=300"
    tag = {"If-None-Match": first.headers["etag"]}
    assert nobody.get(path, headers=tag).status_code == 304
    publish(api, ["plot_code"])
    again = nobody.get(path, headers=tag)
    assert again.status_code == 200
    assert again.headers["etag"] != first.headers["etag"]


def test_a_formula_in_a_name_is_harmless_in_a_sheet(api):
    publish(api, ["plot_code", "name"], name="=HYPERLINK(1)")
    text = api.as_(None).get("/public/risk-control-plots/file.csv").text
    assert "'=HYPERLINK(1)" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_chinese_on_an_english_page_says_so(api, language):
    publish(
        api, ["plot_code", "name", "address"], name="原染料厂 A 区", address="<5 号>"
    )
    headers = {"Accept": "text/html", "Accept-Language": language}
    page = api.as_(None).get("/public/risk-control-plots", headers=headers).text
    name = '<span><span lang="zh">原染料厂</span> A <span lang="zh">区</span></span>'
    english = language == "en"
    assert (name in page) == english
    assert ('<span lang="zh">&lt;5 号&gt;</span>' in page) == english
    assert ("原染料厂 A 区" in page) != english


def test_a_page_escapes_what_it_shows(api):
    publish(api, ["plot_code", "name"], name="<script>alert(1)</script>")
    page = api.as_(None).get(
        "/public/risk-control-plots", headers={"Accept": "text/html"}
    )
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text
    assert "公开名录" in page.text


def test_an_unknown_register_is_told(api):
    assert api.as_(None).get("/public/nonsense").status_code == 422


def test_industries_and_pollutants_are_told_in_words_on_the_page(api):
    publish(
        api,
        ["plot_code", "former_industries", "pollutants"],
        former_industries=["2017:2631:1993-2017"],
        pollutants=["六价铬"],
    )
    page = api.as_(None).get(
        "/public/risk-control-plots",
        headers={"Accept": "text/html", "Accept-Language": "en"},
    )
    assert "Code 2631 (GB/T 4754-2017, 1993 to 2017)" in page.text
    assert "chromium (VI)" in page.text
