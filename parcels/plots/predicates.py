"""Does one condition of a step hold? Small questions about an occurrence (core).

Each reads the standing of the plot and the occurrence, nothing else; what is not given
never passes. `guards` says in words what each asks for, and on what ground.
"""

from __future__ import annotations

from typing import Final

from parcels.documents.firm_names import firm_key
from parcels.plots.occurrence import Occurrence, Standing

ALL_MEDIA: Final = frozenset({"soil", "surface_water", "groundwater", "air"})
PLAN_PARTS: Final = frozenset(
    {"area", "targets", "measures", "monitoring", "emergency_measures", "groundwater"}
)
TRANSPORT_FACTS: Final = frozenset(
    {"time", "way", "route", "quantity", "destination", "final_disposal"}
)


def ground_named(_: Standing, event: Occurrence) -> bool:
    """Whether the ground is named: former activity, hazardous waste or risk shown."""
    return event.details.listing_ground is not None


def notice_recorded(_: Standing, event: Occurrence) -> bool:
    """Whether number and day of service are given, the day not after the event's."""
    details = event.details
    served_on = details.served_on
    return (
        bool(details.notice_number)
        and served_on is not None
        and (served_on <= event.on)
    )


def key_unit_named(_: Standing, event: Occurrence) -> bool:
    """Whether the enterprise is on a list of key supervised units."""
    return bool(event.details.key_unit_code) and event.key_unit_listed


def key_unit_occasion_named(_: Standing, event: Occurrence) -> bool:
    """Whether use change, take-back, transfer or end of production is named."""
    return event.details.key_unit_occasion is not None


def report_states_conclusion(_: Standing, event: Occurrence) -> bool:
    """Whether the report says clearly whether the plot is contaminated."""
    return event.details.states_contaminated is not None


def tests_are_attached(_: Standing, event: Occurrence) -> bool:
    """Whether sampling and test reports are attached."""
    return event.details.test_reports_attached is True


def main_parts_published(_: Standing, event: Occurrence) -> bool:
    """Whether the main parts are published by the day of the event."""
    published_on = event.details.published_on
    return published_on is not None and published_on <= event.on


def opinion_given(_: Standing, event: Occurrence) -> bool:
    """Whether the reviewer's opinion is written down."""
    return bool(event.details.opinion)


def no_exceedance(_: Standing, event: Occurrence) -> bool:
    """Whether no value is too high and no paper cited says otherwise."""
    return event.details.finding in ("within_background", "within_screening") and all(
        document.soil_standard != "not_met" for document in event.documents
    )


def exceedance_found(_: Standing, event: Occurrence) -> bool:
    """Whether a value lies above the screening value; no paper cited says otherwise."""
    return event.details.finding in ("above_screening", "above_intervention") and all(
        document.soil_standard != "met" for document in event.documents
    )


def class_named(_: Standing, event: Occurrence) -> bool:
    """Whether the class of use is named, and no paper cited assessed another."""
    named = event.details.assessed_class
    return named is not None and all(
        document.assessed_class in (None, named) for document in event.documents
    )


def groundwater_stated(_: Standing, event: Occurrence) -> bool:
    """Whether groundwater is polluted is said."""
    return event.details.groundwater_polluted is not None


def risk_graded(_: Standing, event: Occurrence) -> bool:
    """Whether a risk grade is given."""
    return event.details.risk_grade is not None


def negative_list_given(_: Standing, event: Occurrence) -> bool:
    """Whether a negative list for development use is given."""
    return bool(event.details.negative_list)


def government_told(_: Standing, event: Occurrence) -> bool:
    """Whether the county government was told by the day of the event."""
    told_on = event.details.government_notified_on
    return told_on is not None and told_on <= event.on


def extent_described(_: Standing, event: Occurrence) -> bool:
    """Whether the report gives extent and depth of the pollution."""
    return event.details.extent_described is True


def effects_described(_: Standing, event: Occurrence) -> bool:
    """Whether the report describes the effect on soil, both waters and air."""
    return ALL_MEDIA <= set(event.details.effects_described)


def risk_acceptable(_: Standing, event: Occurrence) -> bool:
    """Whether the risk of the planned use is found acceptable."""
    return event.details.risk_acceptable is True


def treatment_needed(_: Standing, event: Occurrence) -> bool:
    """Whether control or remediation is found necessary."""
    return event.details.risk_acceptable is False


def batch_recorded(_: Standing, event: Occurrence) -> bool:
    """Whether the batch of the list is given; its date is the day of the event."""
    return bool(event.details.batch)


def control_plan_complete(_: Standing, event: Occurrence) -> bool:
    """Whether the control plan has every part the law asks for."""
    return PLAN_PARTS <= set(event.details.plan_parts)


def fits_plans(_: Standing, event: Occurrence) -> bool:
    """Whether the remediation plan fits the land and the urban plan."""
    return event.details.fits_plans is True


def groundwater_part(_: Standing, event: Occurrence) -> bool:
    """Whether the plan has a part on groundwater."""
    return "groundwater" in event.details.plan_parts


def transport_described(_: Standing, event: Occurrence) -> bool:
    """Whether time, way, route, quantity, destination and final disposal are stated."""
    return TRANSPORT_FACTS <= set(event.details.transport)


def transport_reported_before(_: Standing, event: Occurrence) -> bool:
    """Whether both bureaus were told on a day before the transport."""
    details = event.details
    both = {"origin", "destination"} <= set(details.reported_to)
    return both and details.reported_on is not None and details.reported_on < event.on


def evaluator_is_another_firm(_: Standing, event: Occurrence) -> bool:
    """Whether evaluator, and the report's firm, differ from the contractor."""
    details = event.details
    if not (details.evaluator and details.works_firm):
        return False
    works = firm_key(details.works_firm)
    evaluators = {firm_key(details.evaluator)} | {
        firm_key(document.firm)
        for document in event.documents
        if document.document_type == "effect_evaluation" and document.firm
    }
    return works not in evaluators


def target_missed(_: Standing, event: Occurrence) -> bool:
    """Whether the review finds the target missed."""
    return event.details.target_met is False


def target_reached(_: Standing, event: Occurrence) -> bool:
    """Whether the review finds the target reached; no paper cited says otherwise."""
    return event.details.target_met is True and all(
        document.soil_standard != "not_met" for document in event.documents
    )


def safe_for_use(_: Standing, event: Occurrence) -> bool:
    """Whether the review finds the plot safe for use."""
    return event.details.safe_for_use is True


def aftercare_question_answered(_: Standing, event: Occurrence) -> bool:
    """Whether the evaluation asks for after-care is said."""
    return event.details.aftercare_required is not None


def aftercare_stated(standing: Standing, event: Occurrence) -> bool:
    """Whether the evaluation asked for after-care: on record, or said now."""
    said = event.details.aftercare_required
    return bool(standing.aftercare_required) if said is None else said


def government_approved(_: Standing, event: Occurrence) -> bool:
    """Whether the government's approval has a number."""
    return bool(event.details.approval_number)


def control_area_recorded(_: Standing, event: Occurrence) -> bool:
    """Whether the control area is an area of the register."""
    return bool(event.details.control_area_code) and event.control_area_known


def sign_set(_: Standing, event: Occurrence) -> bool:
    """Whether sign and notice stand by the day of the event."""
    set_on = event.details.sign_set_on
    return set_on is not None and set_on <= event.on


def media_monitored(_: Standing, event: Occurrence) -> bool:
    """Whether soil, surface water, groundwater and air are monitored."""
    return ALL_MEDIA <= set(event.details.monitored_media)


def pollution_spreads(_: Standing, event: Occurrence) -> bool:
    """Whether monitoring shows values above the limits outside the boundary."""
    return event.details.exceedance_outside is True


def reopening_ground_named(_: Standing, event: Occurrence) -> bool:
    """Whether more sensitive use, new pollution or new evidence is named."""
    return event.details.reopen_ground is not None


def reason_given(_: Standing, event: Occurrence) -> bool:
    """Whether a reason is written down."""
    return bool(event.details.reason)


def not_yet_supervised(standing: Standing, _: Occurrence) -> bool:
    """Whether the plot is not on the list of priority supervised plots."""
    return "priority_supervised" not in standing.lists


def supervised(standing: Standing, _: Occurrence) -> bool:
    """Whether the plot is on the list of priority supervised plots."""
    return "priority_supervised" in standing.lists
