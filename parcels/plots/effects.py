"""What does an event write beside the stage? Columns of the plot (core).

The gate reads these columns: what an earlier treatment or report showed must not speak
for a plot that was listed again, so reopening and listing set them back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parcels.plots.occurrence import Occurrence

Values = Mapping[str, Any]


def survey_required(event: Occurrence) -> Values:
    """Return that the initial survey is required from service of the notice."""
    return _required("initial_survey", event)


def key_unit_survey_begun(event: Occurrence) -> Values:
    """Return the survey the law itself requires: no notice, no term of ours."""
    return {
        "required_activity": "key_unit_survey",
        "required_activity_served_on": None,
        "required_activity_due_on": event.details.due_on,
        "required_activity_done_on": None,
    }


def correction_required(event: Occurrence) -> Values:
    """Return what a returned report leaves: due when the reviewer says, no old term."""
    details = event.details
    return {
        "required_activity": "survey_correction",
        "required_activity_served_on": details.served_on or event.on,
        "required_activity_due_on": details.due_on,
        "required_activity_done_on": None,
    }


def detailed_survey_required(event: Occurrence) -> Values:
    """Return that the detailed survey is required; it is due when the notice says."""
    return _required("detailed_survey", event)


def activity_done(event: Occurrence) -> Values:
    """Return that what was required was done on the event's day."""
    return {"required_activity_done_on": event.on}


def found_clean(event: Occurrence) -> Values:
    """Return that the soil meets the standard of the class assessed."""
    return {"soil_standard": "met", "evaluated_class": event.details.assessed_class}


def found_polluted(event: Occurrence) -> Values:
    """Return that the soil fails the standard of the class assessed."""
    details = event.details
    values: dict[str, Any] = {
        "soil_standard": "not_met",
        "evaluated_class": details.assessed_class,
        "risk_grade": details.risk_grade,
        "negative_list": list(details.negative_list),
        "groundwater_polluted": details.groundwater_polluted,
    }
    if details.pollutants:
        values["pollutants"] = list(details.pollutants)
    return values


def found_acceptable(event: Occurrence) -> Values:
    """Return that the risk is acceptable for the class assessed."""
    return {"evaluated_class": event.details.assessed_class}


def treatment_required(_: Occurrence) -> Values:
    """Return that nothing shows the target met, whatever older reports say."""
    return {"target_met": False}


def target_met(event: Occurrence) -> Values:
    """Return that the target is met for the class evaluated."""
    return {
        "target_met": True,
        "soil_standard": "met",
        "evaluated_class": event.details.assessed_class,
        "aftercare_required": event.details.aftercare_required,
    }


def aftercare_begun(_: Occurrence) -> Values:
    """Return that after-care runs from now; on its first day it is not breached."""
    return {"aftercare_required": True, "aftercare_breach": False}


def reopened(_: Occurrence) -> Values:
    """Return that what earlier surveys and treatment showed no longer counts."""
    return {
        "target_met": False,
        "soil_standard": None,
        "aftercare_required": None,
        "aftercare_breach": None,
        "required_activity": None,
        "required_activity_served_on": None,
        "required_activity_due_on": None,
        "required_activity_done_on": None,
    }


def _required(activity: str, event: Occurrence) -> Values:
    return {
        "required_activity": activity,
        "required_activity_served_on": event.details.served_on,
        "required_activity_due_on": event.details.due_on,
        "required_activity_done_on": None,
    }
