"""What a test sends to let events of a plot happen, as the office of a level."""

from dataclasses import asdict

from tests.plot_builders import DAY, make_details, make_documents


def plain(values):
    """What was given, as JSON takes it."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in values.items()
        if value is not None and value != ()
    }


def body_of(event, on=DAY, **more):
    """The body of an event with everything it needs."""
    documents = [
        plain({k: v for k, v in asdict(one).items() if k != "code"})
        for one in make_documents(event, on)
    ]
    return {
        "event": event,
        "on": on.isoformat(),
        "documents": documents,
        "details": plain(asdict(make_details(event, on))),
        **more,
    }


def record(api, plot, event, level="province", **more):
    """Report an event as the office of a level."""
    return api.as_(f"registrar-{level}").post(f"{plot}/events", body_of(event, **more))


def happen(api, plot, *events, **more):
    for event in events:
        answer = record(api, plot, event, **more)
        assert answer.status_code == 201, answer.text
    return answer.json()


TO_REGISTER = (
    "listed",
    "survey_notified",
    "survey_report_submitted",
    "review_found_exceedance",
    "detailed_survey_notified",
    "detailed_survey_report_submitted",
    "register_entry",
)
TO_REMOVAL = (
    *TO_REGISTER,
    "remediation_plan_filed",
    "soil_transported",
    "effect_evaluation_submitted",
    "removed_from_register",
    "aftercare_began",
)


def propose(api, plot, correction, level="county", on=None, **details):
    """Propose a correction; return the answer."""
    body = {
        "event": "correction_proposed",
        "on": on,
        "documents": [{"document_type": "other"}],
        "details": {"correction": correction, "reason": "登记有误", **details},
    }
    return api.as_(f"registrar-{level}").post(f"{plot}/events", body)


def decide(api, plot, event, proposal, level="province", **details):
    """Approve or refuse a correction; return the answer."""
    papers = [] if event == "correction_refused" else ["correction_approval"]
    body = {
        "event": event,
        "documents": [{"document_type": one} for one in papers],
        "details": {"proposal": proposal, **details},
    }
    return api.as_(f"registrar-{level}").post(f"{plot}/events", body)
