"""Screening runs over HTTP: ordered, carried out under rights, kept, repeated."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import geopandas
import openpyxl
import psycopg
import pytest
import shapely
import sqlalchemy as sa

from app.database import Database
from app.jobs import RUNS
from app.migration import sqlalchemy_url
from app.run_jobs import CARRY_OUT_RUN, run_jobs
from app.security.keys import create_client
from screening.rule_sets import read_rule_sets
from screening.runs import carry_out
from tests.api.bodies import NO_SUCH_ID, OURS, THEIRS, entry, square

RECEPTORS = {"kind": "receptors", "parameters": {"radius_m": 500}}
FAR = (114.03, 34.68)
"""A corner of our county that no other test uses."""


@pytest.fixture(scope="module")
def database(api_urls):
    database = Database(api_urls.service, pool_size=4, statement_timeout_s=0)
    yield database
    database.close()


@pytest.fixture(scope="module")
def job():
    with ThreadPoolExecutor(2) as executor:
        (job,) = run_jobs(read_rule_sets(), executor)
        yield job


@pytest.fixture(scope="module", autouse=True)
def land(_register):
    """A plot of a hundred metres, a school 111 m north of it, another 1.1 km north."""
    west, south = FAR
    common = {"division_code": OURS, "valid_from": "2024-01-01"}
    _register.create(
        "/v1/plots",
        {
            "plot_code": "RUN-PLOT",
            "stage": "contaminated",
            **entry("contaminated"),
            "geometry": square(west, south),
            **common,
        },
    )
    for number, north in enumerate((0.002, 0.011)):
        body = {
            "code": f"RUN-SCHOOL-{number}",
            "kind": "school",
            "name": f"学校{number}",
            "population": 300,
            "geometry": square(west, south + north),
            **common,
        }
        _register.create("/v1/receptors", body)


def order(api, body=RECEPTORS, **more):
    return api.post("/v1/screening/runs", {**body, **more})


def done(api, database, job, body=RECEPTORS, **more):
    """Order a run and carry it out."""
    answer = order(api, body, **more)
    assert answer.status_code == 202, answer.text
    run = answer.json()
    job.run(database, run["id"])
    return api.get(run["links"]["self"]).json()


def rows(api, run, **query):
    answer = api.get(run["links"]["results"], params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def every_row(api, run):
    """All rows of a run: other tests of the register may add more than a page."""
    found, after = [], 0
    while after is not None:
        page = rows(api, run, after=after)
        found += page["items"]
        after = page["next"]
    return found


def ours(api, run):
    """Rows of plot and receptors of this file; others may put theirs near."""
    return [
        row
        for row in every_row(api, run)
        if row["values"]["plot_code"] == "RUN-PLOT"
        and row["values"]["code"].startswith("RUN-")
    ]


def test_a_run_is_queued_and_says_where_to_look(api, api_urls):
    answer = order(api)
    assert answer.status_code == 202, answer.text
    run = answer.json()
    assert answer.headers["location"] == run["links"]["self"]
    assert (run["state"], run["kind"], run["progress"]) == (
        "waiting",
        "receptors",
        None,
    )
    assert run["parameters"] == {"radius_m": 500.0, "population_m": 500.0}
    with psycopg.connect(api_urls.superuser) as connection:
        row = connection.execute(
            "select task_name, queue_name from queue.procrastinate_jobs"
            " where args->>'work_id' = %s",
            (run["id"],),
        ).fetchone()
    assert row == (CARRY_OUT_RUN, RUNS)


def test_a_run_finds_what_lies_within_its_distance_and_says_why(api, database, job):
    run = done(api, database, job)
    assert run["state"] == "done", run
    (row,) = ours(api, run)
    assert row["values"]["code"] == "RUN-SCHOOL-0"
    assert row["values"]["distance_m"] == pytest.approx(110.93, abs=0.1)
    assert row["values"]["ring"] == "within"
    assert "110.9" in row["why"]
    assert row["geometry"]["type"] == "MultiPolygon"


def test_a_distance_that_is_equal_counts_as_inside(api, database, job):
    (row,) = ours(api, done(api, database, job))
    exactly = row["values"]["distance_m"]
    for radius_m, found in ((exactly, 1), (exactly - 0.01, 0)):
        body = {"kind": "receptors", "parameters": {"radius_m": radius_m}}
        assert len(ours(api, done(api, database, job, body))) == found


def test_a_done_run_says_what_it_rests_on(api, database, job):
    run = done(api, database, job)
    versions = run["data_versions"]
    assert versions["change"] > 0 and versions["as_of"] == run["as_of"]
    assert versions["rule_set"]["id"] == "national"
    assert len(versions["engine"]["sources_sha256"]) == 64
    progress, summary = run["progress"], run["summary"]
    assert progress["done"] == progress["of"] > 0
    assert progress["rows"] == summary["rows"]
    states = {
        one["theme"]: one["state"]
        for one in summary["coverage"]
        if one["division_code"] == OURS
    }
    assert states["receptor"] == states["scenic_area"] == "no_coverage"


def test_a_run_repeated_on_the_same_data_gives_the_same(api, database, job):
    first = done(api, database, job)
    name = f"RUN-LATER-{uuid4().hex[:6]}"
    west, south = FAR
    body = {
        "code": name,
        "division_code": OURS,
        "kind": "hospital",
        "valid_from": "2024-01-01",
        "geometry": square(west, south - 0.002),
    }
    api.create("/v1/receptors", body)
    answer = api.post(f"{first['links']['self']}/rerun", {})
    assert answer.status_code == 202, answer.text
    job.run(database, answer.json()["id"])
    again = api.get(answer.json()["links"]["self"]).json()
    assert again["repeats"] == first["id"]
    assert again["result_sha256"] == first["result_sha256"]
    assert rows(api, again) == rows(api, first)
    now = api.post(f"{first['links']['self']}/rerun", {"known": "now"}).json()
    job.run(database, now["id"])
    later = api.get(now["links"]["self"]).json()
    assert later["result_sha256"] != first["result_sha256"]
    assert name in {row["values"]["code"] for row in ours(api, later)}


def test_results_come_page_by_page(api, database, job):
    body = {
        "kind": "receptors",
        "parameters": {"radius_m": 2000, "plots": ["RUN-PLOT"]},
    }
    run = done(api, database, job, body)
    every = rows(api, run)["items"]
    assert len(every) >= 2
    page = rows(api, run, limit=1)
    rest = rows(api, run, after=page["next"])
    assert page["items"] + rest["items"] == every
    assert [row["number"] for row in every] == list(range(1, len(every) + 1))


def test_a_run_without_a_result_says_so(api):
    run = order(api).json()
    answer = api.get(run["links"]["results"])
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("run-not-done")


def test_a_cancelled_run_is_not_carried_out(api, database, job):
    run = order(api).json()
    assert api.send("DELETE", run["links"]["self"]).json()["state"] == "cancelled"
    job.run(database, run["id"])
    assert api.get(run["links"]["self"]).json()["state"] == "cancelled"
    assert api.send("DELETE", run["links"]["self"]).status_code == 409


def test_a_run_cancelled_under_way_stops(api, database, job, monkeypatch):
    run = order(api).json()
    real = carry_out.Carrier.carry_out

    def cancelled_after_the_first(self, *given):
        for number, written in enumerate(real(self, *given)):
            yield written
            if number == 0:
                api.send("DELETE", run["links"]["self"])

    monkeypatch.setattr(carry_out.Carrier, "carry_out", cancelled_after_the_first)
    job.run(database, run["id"])
    assert api.get(run["links"]["self"]).json()["state"] == "cancelled"


def test_a_run_whose_worker_was_killed_begins_anew(api, database, job, monkeypatch):
    run = order(api).json()
    real = carry_out.Outcome.summary

    def killed(self):
        raise RuntimeError("killed")

    monkeypatch.setattr(carry_out.Outcome, "summary", killed)
    with pytest.raises(RuntimeError):
        job.run(database, run["id"])
    assert api.get(run["links"]["self"]).json()["state"] == "running"
    monkeypatch.setattr(carry_out.Outcome, "summary", real)
    job.run(database, run["id"])
    ended = api.get(run["links"]["self"]).json()
    assert ended["state"] == "done"
    assert len(every_row(api, ended)) == ended["summary"]["rows"]


def test_a_run_that_failed_for_good_says_so(api, database, job):
    run = order(api).json()
    job.give_up(database, run["id"])
    failed = api.get(run["links"]["self"]).json()
    assert failed["state"] == "failed" and failed["failure"]


def test_too_many_rows_fail_the_run_with_what_to_do(api, database, job, monkeypatch):
    monkeypatch.setattr(carry_out, "MOST_ROWS", 0)
    run = done(api.as_("planner", **{"Accept-Language": "en"}), database, job)
    assert run["state"] == "failed"
    assert "narrow the run" in run["failure"]


def test_a_key_disabled_since_ends_the_run(api, api_urls, database, job):
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner))
    with engine.begin() as connection:
        number, key = create_client(
            connection, name="leaving", role="planner", scope=OURS
        )
    header = {"Authorization": f"Bearer {key}"}
    answer = api.as_(None).post("/v1/screening/runs", RECEPTORS, headers=header)
    with engine.begin() as connection:
        connection.execute(
            sa.text("update registry.api_client set disabled_at = now() where id = :n"),
            {"n": number},
        )
    job.run(database, answer.json()["id"])
    run = api.get(answer.json()["links"]["self"]).json()
    assert run["state"] == "failed"


def test_another_county_sees_nothing_of_a_run(api, database, job):
    run = done(api, database, job)
    other = api.as_("planner_other_county")
    for path in run["links"].values():
        assert other.get(path).status_code == 404
    assert other.send("DELETE", run["links"]["self"]).status_code == 404
    assert other.post(f"{run['links']['self']}/rerun", {}).status_code == 404
    listed = other.get("/v1/screening/runs").json()["items"]
    assert run["id"] not in {one["id"] for one in listed}


def test_runs_are_listed_the_latest_first_page_by_page(api):
    ids = [order(api).json()["id"] for _ in range(3)]
    page = api.get("/v1/screening/runs", params={"limit": 2}).json()
    assert [one["id"] for one in page["items"]] == ids[:0:-1]
    rest = api.get("/v1/screening/runs", params={"after": page["next"]}).json()
    assert rest["items"][0]["id"] == ids[0]
    others = api.get("/v1/screening/runs", params={"kind": "overlay"}).json()
    assert not {one["id"] for one in others["items"]} & set(ids)


def test_a_request_repeated_under_its_key_is_one_run(api):
    headers = {"Idempotency-Key": str(uuid4())}
    first, second = (
        api.post("/v1/screening/runs", RECEPTORS, headers=headers) for _ in range(2)
    )
    assert first.json()["id"] == second.json()["id"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"kind": "nothing"}, "/kind"),
        ({"kind": "receptors", "parameters": {"colour": 1}}, "/parameters/colour"),
        (
            {"kind": "receptors", "parameters": {"radius_m": "x"}},
            "/parameters/radius_m",
        ),
        ({"kind": "receptors", "parameters": {"radius_m": -1}}, "/parameters/radius_m"),
        (
            {"kind": "receptors", "parameters": {"radius_m": 1e9}},
            "/parameters/radius_m",
        ),
        ({"kind": "receptors", "parameters": {"plots": "P"}}, "/parameters/plots"),
        ({"kind": "receptors", "parameters": {"plots": []}}, "/parameters/plots"),
        ({"kind": "receptors", "parameters": {"stages": ["x"]}}, "/parameters/stages"),
        (
            {"kind": "receptors", "parameters": {"division": "abc"}},
            "/parameters/division",
        ),
        (
            {"kind": "attention", "parameters": {"high_from": 30, "medium_from": 31}},
            "/parameters/medium_from",
        ),
    ],
)
def test_parameters_that_do_not_fit_are_refused_with_their_place(api, body, where):
    answer = order(api, body)
    assert answer.status_code == 422, answer.text
    assert where in [fault["pointer"] for fault in answer.json()["errors"]]


def test_another_division_cannot_be_screened(api):
    body = {"kind": "receptors", "parameters": {"division": THEIRS}}
    assert order(api, body).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"parameters": {"division": "999977"}},
        {"parameters": {"division": OURS}, "as_of": "1949-10-01"},
    ],
)
def test_a_division_that_is_not_on_record_is_not_screened(api, body):
    """An empty result would say that nothing is there."""
    answer = order(api.as_("admin"), {"kind": "receptors", **body})
    assert answer.status_code == 422, answer.text
    assert answer.json()["type"].endswith(":unknown-division")
    assert body["parameters"]["division"] in answer.json()["detail"]


def test_every_kind_says_its_fields_and_columns_in_the_callers_language(api):
    zh = api.get("/v1/screening/kinds").json()["items"]
    en = api.as_("planner", **{"Accept-Language": "en"}).get("/v1/screening/kinds")
    for one, other in zip(zh, en.json()["items"], strict=True):
        assert one["fields"] and one["columns"]
        assert one["title"] != other["title"]
        for field, en_field in zip(one["fields"], other["fields"], strict=True):
            titles = [field["title"], *(x["title"] for x in field["choices"])]
            assert all(re.search("[一-鿿]", title) for title in titles), titles
            named = [en_field["title"], *(x["title"] for x in en_field["choices"])]
            assert not re.search("[一-鿿]|[a-z]_[a-z]", " ".join(named)), named


def test_who_may_not_screen_may_not_order_but_offices_read(api):
    assert order(api.as_("auditor")).status_code == 403
    assert order(api.as_("permit_system")).status_code == 403
    assert order(api.as_(None)).status_code == 401
    assert api.as_("auditor").get("/v1/screening/runs").status_code == 200


@pytest.mark.parametrize("name", [NO_SUCH_ID, "x"])
def test_a_run_that_does_not_exist_is_not_found(api, name):
    assert api.get(f"/v1/screening/runs/{name}").status_code == 404
    assert api.get(f"/v1/screening/runs/{name}/results").status_code == 404


FORMS = ["geojson", "gpkg", "parquet", "xlsx"]


@pytest.fixture
def files(api, database, job, tmp_path):
    """Order a run, and fetch its rows as a file."""
    run = done(api, database, job, {"kind": "receptors", "parameters": {}})

    def fetch(form):
        answer = api.get(run["links"]["results"], params={"format": form})
        assert answer.status_code == 200, answer.text
        assert (
            f"jingtu-receptors-{run['id']}.{form}"
            in (answer.headers["content-disposition"])
        )
        path = tmp_path / f"rows.{form}"
        path.write_bytes(answer.content)
        return path, every_row(api, run)

    return fetch


@pytest.mark.parametrize("form", ["geojson", "gpkg", "parquet"])
def test_files_for_desktop_gis_hold_every_row_with_its_place(files, form):
    path, expected = files(form)
    read = geopandas.read_parquet if form == "parquet" else geopandas.read_file
    frame = read(path)
    assert frame["code"].tolist() == [row["values"]["code"] for row in expected]
    assert frame["why"].tolist() == [row["why"] for row in expected]
    # GeoJSON names no system: it is longitude and latitude by its own rules.
    assert frame.crs.to_epsg() == (4326 if form == "geojson" else 4490)
    drawn = [shapely.from_geojson(json.dumps(row["geometry"])) for row in expected]
    assert shapely.equals_exact(frame.geometry.values, drawn, tolerance=1e-9).all()


def test_a_workbook_has_titles_units_words_and_what_the_run_rests_on(files):
    path, expected = files("xlsx")
    book = openpyxl.load_workbook(path)
    sheet, about = book["结果"], book["说明"]
    titles = [cell.value for cell in sheet[1]]
    assert titles[0] == "序号" and "距离（米）" in titles and titles[-1] == "说明"
    assert sheet.max_row == len(expected) + 1
    assert sheet.freeze_panes == "B2" and sheet["A1"].font.bold
    row = dict(zip(titles, [cell.value for cell in sheet[2]], strict=True))
    assert row["位置关系"] in ("周边", "相邻", "重叠")
    facts = {line[0].value: line[1].value for line in about}
    assert facts["筛查类型"] == "地块周边敏感受体"
    assert len(facts["结果摘要"].replace(" ", "")) == 64
    assert "无数据" in facts["数据覆盖"]
    assert facts["行政区"] == row["行政区"] == f"县{OURS} {OURS}"


def test_a_workbook_in_english_is_in_english(api, database, job, tmp_path):
    run = done(api, database, job)
    english = api.as_("planner", **{"Accept-Language": "en"})
    answer = english.get(run["links"]["results"], params={"format": "xlsx"})
    (tmp_path / "rows.xlsx").write_bytes(answer.content)
    book = openpyxl.load_workbook(tmp_path / "rows.xlsx")
    assert book["Results"]["A1"].value == "No."


def test_a_name_that_looks_like_a_formula_is_only_text(api, database, job, tmp_path):
    west, south = FAR
    body = {
        "code": "RUN-FORMULA",
        "division_code": OURS,
        "kind": "school",
        "name": "=1+1",
        "valid_from": "2024-01-01",
        "geometry": square(west + 0.002, south),
    }
    api.create("/v1/receptors", body)
    run = done(api, database, job)
    answer = api.get(run["links"]["results"], params={"format": "xlsx"})
    (tmp_path / "rows.xlsx").write_bytes(answer.content)
    sheet = openpyxl.load_workbook(tmp_path / "rows.xlsx")["结果"]
    cells = [cell for line in sheet for cell in line if "1+1" in str(cell.value)]
    assert cells and {cell.value for cell in cells} == {"'=1+1"}


@pytest.mark.parametrize("form", FORMS)
def test_a_run_without_rows_gives_files_all_the_same(
    api, database, job, tmp_path, form
):
    body = {"kind": "receptors", "parameters": {"plots": ["NO-SUCH-PLOT"]}}
    run = done(api, database, job, body)
    assert run["summary"]["rows"] == 0
    answer = api.get(run["links"]["results"], params={"format": form})
    assert answer.status_code == 200, answer.text
    assert len(answer.content) > 40


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("enterprise_surroundings", {}),
        ("enterprise_surroundings", {"rings_m": [100, 500], "overdue_for": "all"}),
        ("water_source_risk", {}),
        ("overlay", {"left": "parcel", "right": "plot"}),
        ("overlay", {"left": "plot", "right": "receptor", "within_m": 500}),
        ("overlay", {"left": "river", "right": "restriction_area", "within_m": 10}),
    ],
)
def test_every_kind_is_carried_out_now_and_then(api, database, job, kind, parameters):
    first = done(api, database, job, {"kind": kind, "parameters": parameters})
    assert first["state"] == "done", first
    name = f"T{uuid4().hex[:8]}"
    west, south = FAR
    later = {
        "code": name,
        "division_code": OURS,
        "kind": "well",
        "valid_from": "2024-01-01",
        "geometry": square(west, south - 0.003),
    }
    api.create("/v1/receptors", later)
    again = api.post(f"{first['links']['self']}/rerun", {}).json()
    job.run(database, again["id"])
    second = api.get(again["links"]["self"]).json()
    assert second["result_sha256"] == first["result_sha256"]


def test_a_neighbours_feature_is_told_by_theme_relation_and_division(
    api, database, job
):
    # Our county ends at 114.1°E; their school lies 90 m beyond.
    common = {"valid_from": "2024-01-01"}
    api.create(
        "/v1/plots",
        {
            "plot_code": "RUN-EDGE",
            "stage": "contaminated",
            **entry("contaminated"),
            "division_code": OURS,
            "geometry": square(114.0989, 34.65),
            **common,
        },
    )
    api.create(
        "/v1/receptors",
        {
            "code": "THEIR-SCHOOL",
            "name": "邻县小学",
            "kind": "school",
            "division_code": THEIRS,
            "geometry": square(114.101, 34.65),
            **common,
        },
    )
    body = {"kind": "receptors", "parameters": {"plots": ["RUN-EDGE"]}}
    run = done(api, database, job, body)
    answer = api.get(run["links"]["results"])
    assert "THEIR-SCHOOL" not in answer.text and "邻县小学" not in answer.text
    told = [
        (row["values"]["theme"], row["values"]["ring"], row["geometry"])
        for row in answer.json()["items"]
        if row["values"].get("ask_division") == THEIRS
    ]
    assert told == [("receptor", "within", None)]
    assert "200" in next(
        row["why"]
        for row in answer.json()["items"]
        if row["values"].get("ask_division") == THEIRS
    )


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_report_to_be_filed_says_what_was_asked_and_found(
    api, database, job, language
):
    run = done(api, database, job)
    reader = api.as_("planner", **{"Accept-Language": language})
    answer = reader.get(run["links"]["results"], params={"format": "pdf"})
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-type"] == "application/pdf"
    again = reader.get(run["links"]["results"], params={"format": "pdf"})
    assert again.content == answer.content
