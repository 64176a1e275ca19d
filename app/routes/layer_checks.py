"""What is held against one object that is written by hand, beyond its form (shell).

By the checks of survey files, but less is refused (`parcels.surveys.single_place`);
told with its place in the body.
"""

from __future__ import annotations

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from app.problems import Fault
from app.request_errors import InvalidRequest
from app.validation import show
from parcels.plots.guarded import is_same_place
from parcels.refusal import Refusal, attempt
from parcels.register.edit import Edit
from parcels.register.layers import RESTRICTION_AREA, Layer
from parcels.register.leads import refuse_others
from parcels.register.repository import Version
from parcels.register.themes import check_theme
from parcels.surveys.single_place import find_misplaced
from parcels.texts import Text


def check_object(
    connection: sa.Connection,
    layer: Layer,
    division_code: str,
    edit: Edit,
    before: Version | None = None,
) -> None:
    """Refuse a place far outside the object's county and a theme that is none.

    So is a theme that another department leads, before and after.

    Parameters
    ----------
    before
        The version that is revised: what it says already is not held against the edit.

    Raises
    ------
    InvalidRequest, ThemeOfOthers
    """
    themes = [edit.values.get("theme")]
    if before is not None:
        themes.append(before.values.get("theme"))
    refuse_others(connection, layer, themes)
    faults = _theme_faults(layer, edit, before)
    if edit.geometry is not None and not (
        before and is_same_place(before.geometry, edit.geometry)
    ):
        faults += find_place_faults(connection, layer, division_code, edit.geometry)
    if faults:
        raise InvalidRequest(faults)


def find_place_faults(
    connection: sa.Connection,
    layer: Layer,
    division_code: str,
    geometry: BaseGeometry,
    pointer: str = "/geometry",
) -> list[Fault]:
    """Return what is wrong with where an object lies; `pointer` is its place in a body.

    Longitude and latitude of a point beyond the county are told as what was found.
    """
    return [
        Fault(
            "body",
            pointer,
            issue.kind,
            Text(
                issue.message("zh") + issue.advice("zh"),
                f"{issue.message('en')} {issue.advice('en')}",
            ),
            show(issue.lonlat),
        )
        for issue in find_misplaced(connection, layer, division_code, geometry)
    ]


def _theme_faults(layer: Layer, edit: Edit, before: Version | None) -> list[Fault]:
    theme = edit.values.get("theme")
    if layer is not RESTRICTION_AREA or (before and before.values["theme"] == theme):
        return []
    refusal = attempt(check_theme, str(theme))
    if not isinstance(refusal, Refusal):
        return []
    text = Text(refusal.zh, refusal.en)
    return [Fault("body", "/theme", refusal.reason, text, show(theme))]
