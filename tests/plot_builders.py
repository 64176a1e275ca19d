"""Events of plots that may happen: complete by default, one thing taken away."""

from dataclasses import replace
from datetime import date

from parcels.plots.correction import Proposal, WrongEvent, WrongPaper
from parcels.plots.lifecycle import Refused, judge_event
from parcels.plots.occurrence import (
    Details,
    Document,
    Occurrence,
    Standing,
)
from parcels.plots.transitions import TRANSITION_OF

DAY = date(2026, 3, 2)
"""Day of an event where a test does not say another."""
TODAY = date(2026, 11, 22)

ALL_MEDIA = ("soil", "surface_water", "groundwater", "air")
ALL_PARTS = (
    *("area", "targets", "measures", "monitoring", "emergency_measures"),
    "groundwater",
)
DETAILS: dict[str, dict] = {
    "listed": {"listing_ground": "former_listed_industry"},
    "key_unit_survey_began": {
        "key_unit_code": "E-1",
        "key_unit_occasion": "take_back",
    },
    "survey_notified": {"notice_number": "净环函〔2026〕1号", "served_on": DAY},
    "survey_report_submitted": {
        "states_contaminated": True,
        "test_reports_attached": True,
        "published_on": DAY,
    },
    "survey_report_returned": {"opinion": "点位不足"},
    "review_found_no_exceedance": {
        "finding": "within_screening",
        "assessed_class": "class_2",
    },
    "review_found_exceedance": {
        "finding": "above_screening",
        "assessed_class": "class_2",
        "groundwater_polluted": False,
        "risk_grade": "high",
        "negative_list": ("ydyh_2023:0701",),
        "government_notified_on": DAY,
        "published_on": DAY,
    },
    "detailed_survey_notified": {},
    "detailed_survey_report_submitted": {
        "extent_described": True,
        "effects_described": ALL_MEDIA,
    },
    "risk_found_acceptable": {"risk_acceptable": True, "assessed_class": "class_2"},
    "register_entry": {"risk_acceptable": False, "batch": "2026年第1批"},
    "risk_control_plan_filed": {
        "plan_parts": ALL_PARTS,
        "government_notified_on": DAY,
    },
    "remediation_plan_filed": {"fits_plans": True, "plan_parts": ("groundwater",)},
    "soil_transported": {
        "transport": (
            *("time", "way", "route", "quantity", "destination"),
            "final_disposal",
        ),
        "reported_on": date(2026, 2, 20),
        "reported_to": ("origin", "destination"),
    },
    "effect_evaluation_submitted": {"evaluator": "甲公司", "works_firm": "乙公司"},
    "target_missed": {"target_met": False},
    "removed_from_register": {
        "target_met": True,
        "safe_for_use": True,
        "assessed_class": "class_2",
        "aftercare_required": True,
    },
    "aftercare_began": {"aftercare_required": True},
    "held_back": {
        "approval_number": "净政函〔2026〕2号",
        "control_area_code": "CA-1",
        "sign_set_on": DAY,
        "monitored_media": ALL_MEDIA,
    },
    "hold_released": {"approval_number": "净政函〔2026〕3号", "reason": "污染已治理"},
    "pollution_spread": {"exceedance_outside": True},
    "reopened": {"reopen_ground": "new_evidence", "reason": "群众举报"},
    "correction_proposed": {"reason": "坐标有误", "correction": "entry"},
    "entry_withdrawn": {"proposal": "P-1-E01"},
    "event_withdrawn": {"proposal": "P-1-E01"},
    "field_corrected": {"proposal": "P-1-E01"},
    "document_corrected": {"proposal": "P-1-E01"},
    "correction_refused": {"proposal": "P-1-E01", "reason": "坐标无误"},
    "priority_supervision_began": {},
    "priority_supervision_ended": {"reason": "恢复生产"},
}
DAYS = {
    "served_on",
    "published_on",
    "government_notified_on",
    "sign_set_on",
    "reported_on",
}


def make_documents(event: str, on: date = DAY) -> tuple[Document, ...]:
    """The papers an event needs, reviewed on its day."""
    return tuple(
        Document(
            f"D-{number}",
            need.kinds[0],
            dated_on=on,
            reviewed_on=on if need.outcome else None,
            review_outcome=need.outcome,
        )
        for number, need in enumerate(TRANSITION_OF[event].documents)
    )


def make_details(event: str, on: date = DAY, **more: object) -> Details:
    """The details an event needs, on its day."""
    given = {
        name: on if name in DAYS and name != "reported_on" else value
        for name, value in DETAILS[event].items()
    }
    if event == "soil_transported":
        given["reported_on"] = date.fromordinal(on.toordinal() - 7)
    return Details(**{**given, **more})


def make_occurrence(event: str, on: date = DAY, **more: object) -> Occurrence:
    """An event with everything its transition asks for, reported by a province."""
    made = Occurrence(
        event,
        on,
        TODAY,
        "province",
        make_documents(event, on),
        make_details(event, on),
        key_unit_listed=True,
        control_area_known=True,
        **make_concern(event, on),
    )
    return replace(made, **more)


def make_concern(event: str, on: date = DAY) -> dict[str, object]:
    """What another person proposed, where an event decides on it."""
    wrong = {
        "entry_withdrawn": "entry",
        "event_withdrawn": "event",
        "field_corrected": "field",
        "document_corrected": "document",
        "correction_refused": "entry",
    }
    if event not in wrong:
        return {}
    concern: dict[str, object] = {
        "proposal": Proposal("P-1-E01", wrong[event], "two", on)
    }
    if event == "event_withdrawn":
        concern["wrong_event"] = WrongEvent("P-1-E00", on, "candidate", held=False)
    if event == "field_corrected":
        concern["restated"] = {"address": "净土路1号"}
    if event == "document_corrected":
        concern["wrong_paper"] = WrongPaper("P-1-D01", {"firm": "净土勘察院"})
    return concern


def make_standing(event: str, **more: object) -> Standing:
    """A plot to which that event may happen."""
    transition = TRANSITION_OF[event]
    lists = {"priority_supervised"} if event == "priority_supervision_ended" else set()
    made = Standing(
        min(transition.from_stages),
        held=bool(transition.needs_held),
        lists=frozenset(lists),
    )
    return replace(made, **more)


def missing(standing, occurrence):
    """Names of what stands in the way; empty when the event is accepted."""
    judged = judge_event(standing, occurrence)
    return (
        {one.guard for one in judged.missing} if isinstance(judged, Refused) else set()
    )
