"""Extracts over HTTP: theme by theme, in JSON and GeoJSON."""

import pytest

from screening.certificate.typesetting import Press
from tests.api.bodies import OURS, THEIRS, comb, entry, new_code, parcel_code, square
from tests.closing_words import check_closing

OUR_PARCEL = parcel_code(1)


@pytest.fixture(scope="module")
def half_covered(_register):
    """A redline over the east half of our third parcel."""
    code = new_code()
    _register.create(
        "/v1/restriction-areas",
        {
            "code": code,
            "division_code": OURS,
            "theme": "ecological_redline",
            "name": "红线",
            "valid_from": "2024-01-01",
            "geometry": square(114.0305, 34.6, 0.001),
        },
    )
    return code


def theme(extract, name):
    (found,) = [t for t in extract["themes"] if t["theme"] == name]
    return found


def test_a_parcel_half_in_a_theme_has_half_its_area_there(api, half_covered):
    answer = api.get(f"/v1/parcels/{parcel_code(3)}/extract")
    assert answer.status_code == 200
    redline = theme(answer.json(), "ecological_redline")
    assert redline["status"] == "concerned"
    assert redline["share"] == pytest.approx(0.5, abs=1e-6)
    (item,) = redline["items"]
    assert (item["code"], item["relation"]) == (half_covered, "on")
    whole = answer.json()["subject"]["mapped_area_m2"]
    assert item["area_m2"] == pytest.approx(whole / 2, abs=0.01)


def test_nothing_known_is_not_nothing_there(api):
    extract = api.get(f"/v1/parcels/{OUR_PARCEL}/extract").json()
    assert theme(extract, "plot")["status"] == "no_coverage"


def test_what_was_not_yet_known_is_not_told(api, half_covered):
    known = api.get(f"/v1/restriction-areas/{half_covered}").json()["change"]
    extract = api.get(
        f"/v1/parcels/{parcel_code(3)}/extract?known_at={known - 1}"
    ).json()
    assert extract["known_at"] == known - 1
    assert theme(extract, "ecological_redline")["items"] == []


def test_a_drawn_polygon_is_answered_alike(api, half_covered):
    body = {"geometry": square(114.03, 34.6)}
    answer = api.post("/v1/extracts", body)
    assert answer.status_code == 200
    share = theme(answer.json(), "ecological_redline")["share"]
    assert share == pytest.approx(0.5, abs=1e-6)
    assert answer.json()["subject"]["parcel_codes"] == []


def test_a_feature_across_the_border_is_told_without_its_code(api):
    code = new_code()
    api.create(
        "/v1/plots",
        {
            "plot_code": code,
            "division_code": THEIRS,
            "name": "邻县地块",
            "stage": "rcr_listed",
            **entry("rcr"),
            "valid_from": "2024-01-01",
            "geometry": square(114.1001, 34.607, 0.001),
        },
    )
    answer = api.post("/v1/extracts", {"geometry": square(114.0989, 34.607, 0.001)})
    plot = theme(answer.json(), "plot")
    assert plot["items"] == []
    (hit,) = plot["border"]
    assert hit["division_code"] == THEIRS
    assert code not in answer.text and "邻县地块" not in answer.text


def test_the_shapes_come_as_geojson(api, half_covered):
    answer = api.get(f"/v1/parcels/{parcel_code(3)}/extract?format=geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    subject, *items = answer.json()["features"]
    assert subject["id"] == "subject"
    assert half_covered in {item["properties"]["code"] for item in items}


@pytest.mark.parametrize("form", ["xlsx", ""])
def test_a_form_that_does_not_exist_names_those_that_do(api, form):
    answer = api.get(f"/v1/parcels/{OUR_PARCEL}/extract?format={form}")
    assert answer.status_code == 406
    assert answer.json()["offered"] == ["json", "geojson", "pdf"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_extract_is_printed_as_pdf_a(api, half_covered, language):
    answer = api.get(
        f"/v1/parcels/{parcel_code(3)}/extract?format=pdf",
        headers={"Accept-Language": language},
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in answer.content
    assert answer.headers["ledger-entry"]


def test_a_drawn_polygon_is_printed_too(api):
    body = {"geometry": square(114.0305, 34.6, 0.0004)}
    answer = api.post("/v1/extracts?format=pdf", body)
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")


@pytest.fixture
def laid_out(api, half_covered, monkeypatch):
    """What is laid out of an extract in a language: its page and its drawing.

    Of a parcel, or of land that is drawn.
    """

    def lay_out(language, drawn=None):
        pages = []

        def typeset(self, page, drawing, template="certificate"):
            assert template == "extract"
            pages.append((page, drawing))
            return b"%PDF"

        monkeypatch.setattr(Press, "typeset", typeset)
        spoken = {"Accept-Language": language}
        if drawn is None:
            asked = f"/v1/parcels/{parcel_code(3)}/extract?format=pdf"
            api.get(asked, headers=spoken)
        else:
            api.post("/v1/extracts?format=pdf", {"geometry": drawn}, headers=spoken)
        (found,) = pages
        return found

    return lay_out


def test_the_printed_extract_numbers_what_lies_there(half_covered, laid_out):
    page, drawing = laid_out("en")
    assert drawing.startswith("<svg")
    (item,) = [one for one in page["items"] if one["code"] == half_covered]
    assert (
        item["theme"] == "Ecological redline"
        and "50\N{NO-BREAK SPACE}% of the land" in item["place"]
    )
    assert f">{item['number']}</text>" in drawing
    statuses = {one["theme"]: one["status"] for one in page["themes"]["lines"]}
    assert statuses["Ecological redline"] == "concerned"
    assert "no_coverage" in statuses.values()
    assert "competent authority" in page["disclaimer"]


def test_the_printed_extract_tells_where_drawn_land_lies(laid_out):
    page, _ = laid_out("en", square(114.0305, 34.6, 0.0004))
    facts = dict(page["facts"])
    assert "Parcel code" not in facts
    assert "centre 114.03070°E, 34.60020°N, 4 vertices" in facts["Land"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_sheet_of_an_extract_has_the_closing_words_alone(laid_out, language):
    page, _ = laid_out(language)
    (item, *_) = page["items"]
    check_closing("extract", page, "items", [n * [item] for n in range(90)])


BOW_TIE = [[114, 34.6], [114.001, 34.601], [114.001, 34.6], [114, 34.601], [114, 34.6]]


def test_a_bow_tie_is_refused_at_its_crossing(api):
    body = {"geometry": {"type": "Polygon", "coordinates": [BOW_TIE]}}
    answer = api.post("/v1/extracts", body)
    assert answer.status_code == 422
    assert "114.0005" in answer.json()["detail"]
    assert "34.6005" in answer.json()["detail"]


def test_a_polygon_outside_our_divisions_is_no_question_for_us(api):
    answer = api.post("/v1/extracts", {"geometry": square(114.15, 34.65)})
    assert answer.status_code == 422
    assert answer.json()["reason"] == "outside_jurisdiction"


def test_a_subject_that_crosses_what_lies_there_without_end_is_refused_at_once(api):
    place = (114.02, 34.63, 0.004)
    api.create(
        "/v1/restriction-areas",
        {
            "code": new_code(),
            "division_code": OURS,
            "theme": "ecological_redline",
            "name": "梳齿",
            "valid_from": "2024-01-01",
            "geometry": comb(*place, teeth=300, lying=True),
        },
    )
    crossing = {"geometry": comb(*place, teeth=300, lying=False)}
    answer = api.post("/v1/extracts", crossing)
    assert answer.status_code == 422
    assert answer.json()["reason"] == "too_intricate"
    question = {"transaction": "grant", "subject": crossing}
    asked = api.post("/v1/gate/decisions", question)
    assert asked.status_code == 422
    assert asked.json()["reason"] == "too_intricate"
    plain = api.post("/v1/extracts", {"geometry": square(*place)})
    (item,) = theme(plain.json(), "ecological_redline")["items"]
    assert item["share"] == pytest.approx(0.5, abs=0.001)
