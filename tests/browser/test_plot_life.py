"""A plot from clue to after-care, through the pages; steps in ``plot_life.mjs``."""

import time
from datetime import timedelta

import httpx
import pytest

from parcels.plots.transitions import TRANSITION_OF
from tests.api.plot_lives import TO_REMOVAL, body_of
from tests.api.receivers import is_signed, receiver
from tests.browser.register import OURS, rectangle
from tests.plot_builders import DAY

pytestmark = pytest.mark.acceptance

PLOT, PARCEL = "4101821000090", f"{OURS}001001GB00090"
FORTNIGHT = timedelta(days=14)
STAGES = {
    "listed": "疑似污染地块",
    "survey_notified": "初步调查",
    "survey_report_submitted": "初步调查评审",
    "review_found_exceedance": "污染地块",
    "detailed_survey_notified": "详细调查",
    "detailed_survey_report_submitted": "风险评估",
    "register_entry": "列入管控和修复名录",
    "remediation_plan_filed": "修复",
    "soil_transported": "修复",
    "effect_evaluation_submitted": "效果评估",
    "removed_from_register": "移出名录",
    "aftercare_began": "After-care",
}
"""What the page says a plot is after each event."""
QUESTIONS = {
    "first": ("一生-线索", "consult"),
    "register_entry": ("一生-在册", "deny"),
    "removed_from_register": ("一生-移出", "allow_with_conditions"),
}
"""Reference and outcome of what the planner asks, by the event before."""
FILES = {
    "survey_report_submitted": "初步调查报告.pdf",
    "aftercare_began": "after-care plan.pdf",
}
"""File that comes with the first paper of an event."""


def make_steps():
    """Each step to after-care, a fortnight apart, with who records it."""
    for number, event in enumerate(TO_REMOVAL):
        county = TRANSITION_OF[event].level == "county"
        body = body_of(event, DAY + number * FORTNIGHT)
        if event in FILES:
            body["documents"][0]["file"] = FILES[event]
        yield {
            **body,
            "by": "registrar" if county else "province",
            "stage": STAGES[event],
        }


@pytest.fixture
def admin(site):
    """What the administrator sends; every answer must be a success."""
    headers = {"Authorization": f"Bearer {site.keys['admin']}"}
    with httpx.Client(base_url=f"{site.url}/v1", headers=headers) as client:

        def send(method, path, body=None):
            answer = client.request(method, path, json=body)
            assert answer.is_success, answer.text
            return answer.json() if answer.content else None

        yield send


@pytest.fixture
def land(admin):
    """A clue about a plot, a parcel inside it, and the redline known around them."""
    both = {"division_code": OURS, "valid_from": "2024-01-01"}
    plot = {"plot_code": PLOT, "name": "原印染厂地块", "stage": "candidate"}
    admin("POST", "/plots", {**both, **plot, "geometry": rectangle(3, 30, 1.2, 1.2)})
    parcel = {"parcel_code": PARCEL, "geometry": rectangle(3.1, 30.1, 1, 1)}
    use = {"land_use_scheme": "gbt21010_2017", "land_use_code": "0601"}
    admin("POST", "/parcels", {**both, **parcel, **use})
    redline = {
        "code": "ERL-90",
        "theme": "ecological_redline",
        "data_date": "2026-01-31",
    }
    around = {**both, "geometry": rectangle(2, 29, 3, 3)}
    admin("POST", "/theme-coverages", {**around, **redline})


def test_a_plot_lives_from_clue_to_aftercare(site, admin, land):
    *steps, last = make_steps()
    about = {
        "plot": PLOT,
        "parcel": PARCEL,
        "transaction": "grant",
        "planned_use": "1001",
    }
    with receiver(500) as told:
        events = ["decision.affected"]
        hook = admin("POST", "/webhooks", {"url": told.url, "events": events})
        site.look(
            "lives_from_clue_to_removal",
            **about,
            steps=steps,
            questions={
                after: {"reference": reference, "outcome": outcome}
                for after, (reference, outcome) in QUESTIONS.items()
            },
        )
        deadline = time.monotonic() + 30
        while len(told.ids) <= len(told.notices) and time.monotonic() < deadline:
            time.sleep(0.2)
        waiting = f"{hook['links']['deliveries'].removeprefix('/v1')}?state=waiting"
        while admin("GET", waiting)["items"] and time.monotonic() < deadline:
            time.sleep(0.2)
        admin("DELETE", hook["links"]["self"].removeprefix("/v1"))
    assert all(is_signed(hook["secret"], *one) for one in told.taken)
    # The receiver failed once: that notice came again, under its own id, and no other.
    assert told.ids.count(told.ids[0]) == 2
    assert len(told.ids) == len(told.notices) + 1
    affected = [one["data"] for one in told.notices.values()]
    references = {one["reference"] for one in affected}
    assert references >= {"一生-线索", "一生-在册"}
    assert "一生-移出" not in references
    site.look(
        "lives_on_in_aftercare",
        **about,
        language="en",
        width="390",
        known=len(steps),
        step=last,
        question={"reference": "life-aftercare", "outcome": "allow_with_conditions"},
    )
