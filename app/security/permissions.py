"""Who may do what: one table (权限表).

After R-G06 of the requirements: ecology-environment officers (registrar) lead the
registers of plots, enterprises and waters, and keep those of tailings ponds and waste,
whose bureaus have no role of their own; natural-resources officers (planner) lead
access to land and the protection of basic farmland; agriculture leads categories and
safe use. Surveyors act for no department and enter every layer for all of them. A
permit system asks the gate and reads what it needs for that; auditors read everything
and write nothing. Themes within a layer: `parcels.register.leads`.

`registry.role_right` holds the writing half of it in the database, which refuses what
is forgotten here; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.security.principals import ROLES, Role
from parcels.register.layers import LAYERS, RESTRICTED_LAYERS
from parcels.tasks.model import BUREAU_NAMES, Bureau
from screening.opinion import Department

EVERY_LAYER: Final = frozenset(layer.name for layer in LAYERS)

LAYERS_WRITTEN: Final[dict[Role, frozenset[str]]] = {
    "planner": frozenset(
        {"parcel", "parcel_lineage", "restriction_area", "theme_coverage"}
    ),
    "surveyor": EVERY_LAYER,
    "registrar": frozenset(
        {
            "plot",
            "plot_event",
            "plot_document",
            "plot_list_membership",
            "plot_pollutant",
            "enterprise",
            "key_unit_list",
            "water_source",
            "water_zone",
            "facility",
            "receptor",
            "former_use",
            "restriction_area",
            "monitoring_point",
            "sample_result",
            "attention_option",
            "attention_answer",
            "attention_correction",
            "theme_coverage",
        }
    ),
    "agriculture": frozenset(
        {
            "farmland_unit",
            "farmland_measure",
            "monitoring_point",
            "sample_result",
            "restriction_area",
            "theme_coverage",
        }
    ),
    "permit_system": frozenset(),
    "auditor": frozenset(),
    "admin": EVERY_LAYER,
}
"""Layers each role may add versions to; the same as `registry.role_right`."""

_WITHOUT_A_ROLE: Final[frozenset[Bureau]] = frozenset(BUREAU_NAMES) - {"EE", "NR", "AG"}

BUREAUS_CARRIED_ON: Final[dict[Role, frozenset[Bureau]]] = {
    "planner": frozenset({"NR"}),
    "agriculture": frozenset({"AG"}),
    "registrar": _WITHOUT_A_ROLE | {"EE"},
    "admin": frozenset(BUREAU_NAMES),
}
"""Bureaus whose tasks each role carries on; the same as `registry.bureau_right`.

The ecology-environment officer dispatches (R-E04, R-E05) and keeps the tasks of those
bureaus that have no role of their own.
"""


DEPARTMENT_OF_ROLE: Final[dict[Role, Department]] = {
    "registrar": "EE",
    "agriculture": "AG",
    "planner": "NR",
}
"""For which department each role answers consultations (征求意见)."""

PARTIES_READ_BY: Final[frozenset[Role]] = frozenset({"registrar", "auditor", "admin"})
"""Roles that read who uses a plot and who is liable (`registry.sees_parties`)."""
PARTIES_WRITTEN_BY: Final[frozenset[Role]] = frozenset({"registrar", "admin"})
LAYERS_READ_BY_PERMIT_SYSTEM: Final = frozenset({"division", "parcel"})


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that can be allowed.

    `public` needs no key; `roles` are those that may, when a key is needed.
    """

    name: str
    roles: frozenset[Role]
    public: bool = False


_ALL = frozenset(ROLES)
_OFFICES: frozenset[Role] = _ALL - {"permit_system"}


def _roles_that_write(layer: str) -> frozenset[Role]:
    return frozenset(role for role in ROLES if layer in LAYERS_WRITTEN[role])


def _roles_that_read(layer: str) -> frozenset[Role]:
    return _ALL if layer in LAYERS_READ_BY_PERMIT_SYSTEM else _OFFICES


def _rights() -> dict[str, Right]:
    rights = [
        Right("public", frozenset(), public=True),
        Right("own_session", _ALL),
        Right("read_catalogue", _ALL),
        Right("read_extract", _ALL),
        Right("read_tiles", _OFFICES),
        Right("read_decisions", _ALL),
        Right("read_ledger", _ALL),
        Right("read_query_log", frozenset({"auditor", "admin"})),
        Right("replay_decisions", _OFFICES),
        Right(
            "ask_gate",
            frozenset(
                {"planner", "registrar", "agriculture", "permit_system", "admin"}
            ),
        ),
    ]
    # Screening is the offices' own work on their part of the country; an auditor only
    # reads what came of it.
    screeners = _OFFICES - {"auditor"}
    rights += [
        Right("read_screening", _OFFICES),
        Right("run_screening", screeners),
    ]
    deciders: frozenset[Role] = frozenset({"planner", "registrar", "admin"})
    rights.append(Right("annul_decisions", deciders))
    departments: frozenset[Role] = deciders | {"agriculture"}
    rights.append(Right("give_opinions", departments))
    # Ecology-environment officers lead the life of a plot (R-G06); surveyors only load
    # files that others have made.
    rights.append(Right("record_plot_events", frozenset({"registrar", "admin"})))
    rights += [
        # Whoever may read decisions may be told of them.
        Right("use_webhooks", _ALL - {"auditor"}),
        Right("read_tasks", _OFFICES),
        Right("write_tasks", frozenset(BUREAUS_CARRIED_ON)),
        Right("read_documents", _OFFICES),
        Right("write_documents", _OFFICES - {"auditor"}),
        Right("write_calendars", frozenset({"admin"})),
        Right("manage_users", frozenset({"admin"})),
        Right("write_firm_listings", frozenset({"registrar", "admin"})),
    ]
    # The offices that dispatch and report (R-E04) keep what was reported.
    rights.append(Right("read_indicators", _OFFICES))
    keepers: frozenset[Role] = frozenset({"registrar", "agriculture", "admin"})
    rights.append(Right("keep_indicators", keepers))
    # Agriculture leads categories and proposes them with ecology-environment (R-B06);
    # who approves is not who carries it out.
    rights.append(Right("approve_categories", frozenset({"registrar", "admin"})))
    rights.append(Right("adopt_categories", frozenset({"agriculture", "admin"})))
    # 环评限批 is the ecology-environment bureau's (R-C19); of a county's row it may
    # change that mark alone (`open_restricted`).
    rights.append(Right("restrict_approvals", frozenset({"registrar", "admin"})))
    writers = frozenset(role for role in ROLES if LAYERS_WRITTEN[role])
    rights += [Right("read_uploads", _OFFICES), Right("write_uploads", writers)]
    rights += _layer_rights()
    return {right.name: right for right in rights}


def _layer_rights() -> list[Right]:
    rights = []
    for layer in sorted(EVERY_LAYER):
        rights.append(Right(f"read:{layer}", _roles_that_read(layer)))
        rights.append(Right(f"write:{layer}", _roles_that_write(layer)))
    for layer in sorted(one.name for one in RESTRICTED_LAYERS):
        rights.append(Right(f"read:{layer}", PARTIES_READ_BY))
        rights.append(Right(f"write:{layer}", PARTIES_WRITTEN_BY))
    return rights


RIGHTS: Final = _rights()
"""Every right by its name; a route names the one it needs."""
