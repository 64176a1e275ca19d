"""五清: what is clear of a plot, and what is told as missing."""

import itertools

from tests.api.bodies import OURS, entry, square

POINT = {"type": "Point", "coordinates": [114.052, 34.652]}
_numbers = itertools.count(1)


def enter(api, **more):
    """Enter a plot; return its code."""
    body = {
        "plot_code": f"P-CLEAR-{next(_numbers)}",
        "division_code": OURS,
        "stage": "candidate",
        "valid_from": "2024-03-01",
        "geometry": POINT,
        **more,
    }
    return api.create("/v1/plots", body)["plot_code"]


def read(api, code, role="registrar", language="en"):
    """The facts of each inventory by name, and the inventories."""
    answer = api.as_(role).get(
        f"/v1/plots/{code}/inventories", headers={"Accept-Language": language}
    )
    assert answer.status_code == 200, answer.text
    inventories = answer.json()["inventories"]
    facts = {fact["name"]: fact for one in inventories for fact in one["facts"]}
    return facts, inventories


def test_the_five_are_told_in_their_order_and_in_both_languages(api):
    code = enter(api)
    _, english = read(api, code)
    _, chinese = read(api, code, language="zh")
    assert [one["name"] for one in english] == [
        "base",
        "situation",
        "problem",
        "responsibility",
        "measures",
    ]
    titles = [one["title"] for one in chinese]
    assert titles == ["底数", "情况", "问题", "责任", "措施"]


def test_what_is_not_on_record_is_missing_and_nothing_is_made_up(api):
    facts, inventories = read(api, enter(api))
    on_record = {name for name, one in facts.items() if one["state"] == "on_record"}
    assert on_record == {"stage"}
    for one in inventories:
        states = [fact["state"] for fact in one["facts"]]
        assert one["on_record"] == states.count("on_record")
        assert one["asked"] == len(states)
    assert all(not one["texts"] for one in facts.values() if one["name"] != "stage")


def test_what_is_on_record_is_told_in_words(api):
    code = enter(
        api,
        stage="remediation",
        **entry("rcr"),
        address="净土路1号",
        geometry=square(114.052, 34.652),
        planned_use_scheme="gbt21010_2017",
        planned_use_code="0701",
        pollutants=["cd"],
        groundwater_polluted=False,
    )
    facts, _ = read(api, code)
    assert facts["address"]["texts"] == ["净土路1号"]
    assert facts["area"]["texts"][0].endswith(" m²")
    assert facts["outline"]["state"] == "on_record"
    assert facts["groundwater_polluted"]["texts"] == ["no"]
    assert facts["pollutants"]["texts"] == ["cadmium"]
    assert "0701" in facts["planned_use"]["texts"][0]
    assert "净环函〔2024〕8号" in facts["lists"]["texts"][0]
    assert facts["last_event"]["state"] == "on_record"


def test_papers_firms_and_maxima_are_told_where_they_belong(api):
    code = enter(api)
    common = {"plot_code": code, "division_code": OURS, "valid_from": "2024-03-02"}
    papers = (("initial_survey", "甲公司"), ("remediation_plan", "乙公司"))
    for kind, firm in papers:
        api.create(
            "/v1/plot-documents",
            {
                **common,
                "code": f"{code}-{kind}",
                "document_type": kind,
                "firm": firm,
                "dated_on": "2024-02-01",
            },
        )
    pollutant = {"analyte": "cd", "medium": "soil", "maximum": 87.5, "unit": "mg/kg"}
    api.create("/v1/plot-pollutants", {**common, "code": f"{code}-cd", **pollutant})
    facts, _ = read(api, code)
    (survey,) = facts["surveys"]["texts"]
    (plan,) = facts["papers"]["texts"]
    assert survey == f"initial survey · {code}-initial_survey · 2024-02-01"
    assert plan.startswith("remediation plan")
    assert sorted(facts["firms"]["texts"]) == ["乙公司", "甲公司"]
    assert facts["maxima"]["texts"] == ["cadmium · soil · 87.5 mg/kg"]


def test_tasks_under_way_say_who_has_to_act_and_by_when(api):
    code = enter(api)
    task = {
        "kind": "rectification",
        "division": OURS,
        "bureau": "EE",
        "person": "张三",
        "subject": {"theme": "plot", "code": code},
        "facts": {"problem": "渗漏"},
        "due_on": "2024-05-01",
    }
    made = api.as_("registrar").post("/v1/tasks", task)
    assert made.status_code == 201, made.text
    facts, _ = read(api, code)
    assert facts["bureaus"]["texts"] == ["ecology and environment · 张三"]
    assert facts["tasks"]["texts"] == ["Rectify: 渗漏 · 2024-05-01 · Late"]


def test_who_is_liable_is_withheld_from_roles_without_the_right(api):
    code = enter(api)
    party = {"plot_code": code, "division_code": OURS, "liable_party": "某化工厂"}
    api.create("/v1/plot-parties", {**party, "valid_from": "2024-03-01"})
    told, _ = read(api, code)
    hidden, inventories = read(api, code, role="planner")
    assert told["liable_party"]["texts"] == ["某化工厂"]
    assert told["land_user"]["state"] == "missing"
    for name in ("liable_party", "land_user"):
        assert (hidden[name]["state"], hidden[name]["texts"]) == ("withheld", [])
    (who,) = (one for one in inventories if one["name"] == "responsibility")
    assert who["asked"] == len(who["facts"]) - 2


def test_another_countys_plot_is_not_there(api):
    code = enter(api)
    other = api.as_("planner_other_county")
    assert other.get(f"/v1/plots/{code}/inventories").status_code == 404


def count(api, role="registrar", division=OURS):
    """Plots of a division, and of how many of them each fact is on record."""
    answer = api.as_(role).get("/v1/plots/inventories", params={"division": division})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    facts = [fact for one in told["inventories"] for fact in one["facts"]]
    return told["plots"], {fact["name"]: fact["on_record"] for fact in facts}


def test_a_division_counts_what_its_plots_tell_one_by_one(api):
    """Whatever plots there are, the sums are those of the single answers."""
    rich = enter(api, stage="remediation", **entry("rcr"), address="净土路1号")
    paper = {"plot_code": rich, "division_code": OURS, "valid_from": "2024-03-02"}
    report = {"document_type": "initial_survey", "firm": "甲公司"}
    api.create("/v1/plot-documents", {**paper, **report, "code": f"{rich}-D"})
    party = {"plot_code": rich, "division_code": OURS, "liable_party": "某化工厂"}
    api.create("/v1/plot-parties", {**party, "valid_from": "2024-03-01"})
    enter(api, pollutants=["cd"], geometry=square(114.052, 34.652))
    plots, counted = count(api)
    page = api.as_("registrar").get("/v1/plots", params={"limit": 1000}).json()
    codes = [
        item["plot_code"] for item in page["items"] if item["stage"] != "closed_error"
    ]
    assert page["next"] is None and plots == len(codes)
    known = [read(api, code)[0] for code in codes]
    for name, number in counted.items():
        states = [facts[name]["state"] for facts in known]
        assert number == states.count("on_record"), name
    assert counted["liable_party"] >= 1 and counted["firms"] >= 1


def test_counts_are_of_the_callers_own_division(api):
    enter(api)
    ours, _ = count(api)
    theirs, _ = count(api, role="planner_other_county", division=OURS)
    assert ours > 0 and theirs == 0


def test_how_many_name_who_is_liable_is_withheld_as_well(api):
    _, counted = count(api, role="planner")
    assert counted["liable_party"] is None and counted["land_user"] is None
    assert counted["stage"] is not None
