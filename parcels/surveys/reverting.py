"""How is a committed upload taken back? (service).

By a further change: the versions it opened are closed, those it closed are written
again. The valid-time state is then what it was before; what was known in between stays
known for ever. Refused where anything later stands on it: a version it opened that was
replaced or ended since, a time it freed that is taken, a new object that later rows
refer to.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from parcels.plots.correction_guards import PROPOSED
from parcels.register import tables
from parcels.register.county_ground import check_counties
from parcels.register.history import Change, number_change, open_change
from parcels.register.layers import DIVISION, PLOT_DOCUMENT, Layer
from parcels.register.leads import refuse_others
from parcels.surveys import repository
from parcels.surveys.errors import RevertRefused, UploadInOtherState
from parcels.surveys.paper_history import refuse_if_relied_on
from parcels.surveys.repository import NO_ORDER, Upload

REFERENCES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "parcel": (
        ("parcel_lineage", "predecessor_code"),
        ("parcel_lineage", "successor_code"),
        ("plot_document", "parcel_code"),
    ),
    "plot": (
        ("plot_event", "plot_code"),
        ("plot_document", "plot_code"),
        ("plot_list_membership", "plot_code"),
        ("plot_pollutant", "plot_code"),
    ),
    "farmland_unit": (("farmland_measure", "unit_code"),),
    "enterprise": (
        ("key_unit_list", "enterprise_code"),
        ("attention_answer", "enterprise_code"),
        ("attention_correction", "enterprise_code"),
    ),
    "water_source": (("water_zone", "source_code"),),
    "monitoring_point": (("sample_result", "point_code"),),
    "river": (("river", "downstream_code"),),
}
"""Layer → layers and attributes that refer to its objects by code."""

CODES_NAMED: Final = 1000
"""Codes a refusal names at most; it always says how many there are."""

_WRITTEN_WITH: Final = {
    "parcel": ("parcel_lineage",),
    "plot": ("plot_event", "plot_list_membership", "plot_document"),
}
_OWN: Final = ("version_id", "opened_by", "closed_by", "reach")


def revert_upload(
    connection: sa.Connection, upload_id: UUID, *, actor: str, reason: str
) -> Upload:
    """Make the valid-time state what it was before an upload was committed.

    One change, numbered by this function's last statement: the caller commits and
    does nothing else before.

    Raises
    ------
    UploadInOtherState
        If it is not committed.
    RevertRefused
        If later versions stand on it; it names their codes.
    RevertByAnother
        If it brought reviewed reports and the same person would take them back.
    CountyInUse
        If objects of a county would be left without its ground.
    ThemeOfOthers
        If it brought a theme that the caller's role may not write.
    """
    upload = repository.get_upload(connection, upload_id, lock=True)
    if upload.state != "committed":
        raise UploadInOtherState(upload.id, upload.state, ("committed",))
    if upload.change_id is None:
        return _reverted(connection, upload, None, actor, reason)
    layers = (upload.request.layer, *_WRITTEN_WITH.get(upload.request.layer, ()))
    for layer in layers:
        _lock_counties(connection, tables.TABLES[layer], upload.change_id)
    _refuse_others(connection, upload.request.register_layer, upload.change_id)
    _refuse_if_stood_on(connection, upload, layers)
    if upload.request.register_layer is PLOT_DOCUMENT:
        refuse_if_relied_on(connection, upload.id, upload.change_id)
    change = open_change(
        connection,
        actor=actor,
        division_code=upload.division_code,
        reason=f"revert {upload.id}: {reason}",
    )
    for layer in layers:
        _take_back(connection, tables.TABLES[layer], upload.change_id, change)
    if upload.request.register_layer is DIVISION:
        check_counties(connection, change)
    reverted = _reverted(connection, upload, change.id, actor, reason)
    number_change(connection, change)
    return reverted


def _refuse_others(connection: sa.Connection, layer: Layer, change_id: int) -> None:
    table = tables.TABLES[layer.name]
    if "theme" in table.c:
        touched = sa.or_(table.c.opened_by == change_id, table.c.closed_by == change_id)
        themes = sa.select(table.c.theme).where(touched).distinct()
        refuse_others(connection, layer, connection.scalars(themes))


def _lock_counties(connection: sa.Connection, layer: sa.Table, change_id: int) -> None:
    """Wait for other writers of these counties; later statements see what they did."""
    county = sa.cast(sa.func.left(layer.c.division_code, 6), sa.Integer)
    touched = sa.or_(layer.c.opened_by == change_id, layer.c.closed_by == change_id)
    counties = sa.select(county).where(touched).distinct().order_by(county)
    for one in connection.scalars(counties).all():
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(726001, one)))


def _refuse_if_stood_on(
    connection: sa.Connection, upload: Upload, layers: tuple[str, ...]
) -> None:
    assert upload.change_id is not None
    found: list[sa.Select[Any]] = []
    for name in layers:
        layer = tables.TABLES[name]
        found += [_replaced(layer, upload.change_id), *_taken(layer, upload.change_id)]
    if upload.request.layer == "plot":
        found.append(_decided(upload.change_id))
    for name, attribute in REFERENCES.get(upload.request.layer, ()):
        found.append(
            _referred_to(
                tables.TABLES[upload.request.layer],
                tables.TABLES[name],
                attribute,
                upload.change_id,
            )
        )
    every = sa.union(*found).subquery("stood_on")
    total = connection.scalar(sa.select(sa.func.count()).select_from(every))
    if total:
        named = sa.select(every.c.code).order_by(every.c.code).limit(CODES_NAMED)
        raise RevertRefused(upload.id, connection.scalars(named).all(), int(total))


def _replaced(layer: sa.Table, change_id: int) -> sa.Select[Any]:
    """Select codes whose new version was replaced or ended since."""
    return sa.select(layer.c.code).where(
        layer.c.opened_by == change_id, layer.c.closed_by.is_not(None)
    )


def _taken(layer: sa.Table, change_id: int) -> list[sa.Select[Any]]:
    """Select codes whose earlier time another version has taken since.

    By object and by code each by itself: a join on either is compared pair by pair.
    """
    old, other = layer.alias("old"), layer.alias("other")
    same_object = other.c.object_id == old.c.object_id
    same_code = sa.and_(
        other.c.code == old.c.code, other.c.division_code == old.c.division_code
    )
    overlap = sa.func.daterange(old.c.valid_from, old.c.valid_to).op("&&")(
        sa.func.daterange(other.c.valid_from, other.c.valid_to)
    )
    return [
        sa.select(other.c.code)
        .join_from(old, other, same)
        .where(
            old.c.closed_by == change_id,
            other.c.closed_by.is_(None),
            other.c.opened_by != change_id,
            overlap,
        )
        for same in (same_object, same_code)
    ]


def _decided(change_id: int) -> sa.Select[Any]:
    """Select plots of which somebody has decided on a correction it proposed."""
    proposal = tables.TABLES["plot_event"].alias("proposal")
    decision = tables.TABLES["plot_event"].alias("decision")
    named = sa.and_(
        decision.c.plot_code == proposal.c.plot_code,
        decision.c.division_code == proposal.c.division_code,
        decision.c.details["proposal"].as_string() == proposal.c.code,
        decision.c.closed_by.is_(None),
    )
    return (
        sa.select(proposal.c.plot_code)
        .join_from(proposal, decision, named)
        .where(proposal.c.opened_by == change_id, proposal.c.event == PROPOSED)
    )


def _referred_to(
    layer: sa.Table, referring: sa.Table, attribute: str, change_id: int
) -> sa.Select[Any]:
    """Select codes of new objects that rows entered later refer to."""
    new, old = layer.alias("new"), layer.alias("known_before")
    later, ours = tables.change.alias("later"), tables.change.alias("ours")
    row = referring.alias("referring")
    known_before = (
        sa.select(old.c.version_id)
        .where(
            old.c.closed_by == change_id,
            old.c.code == new.c.code,
            old.c.object_id == new.c.object_id,
        )
        .exists()
    )
    return (
        sa.select(new.c.code)
        .join_from(new, ours, ours.c.id == new.c.opened_by)
        .join(
            row,
            sa.and_(
                row.c[attribute] == new.c.code,
                sa.func.left(row.c.division_code, 6)
                == sa.func.left(new.c.division_code, 6),
            ),
        )
        .join(later, later.c.id == row.c.opened_by)
        .where(
            new.c.opened_by == change_id,
            row.c.closed_by.is_(None),
            later.c.number > ours.c.number,
            ~known_before,
        )
    )


def _take_back(
    connection: sa.Connection, layer: sa.Table, change_id: int, change: Change
) -> None:
    connection.execute(
        sa.update(layer)
        .where(layer.c.opened_by == change_id, layer.c.closed_by.is_(None))
        .values(closed_by=change.id)
    )
    names = [column.name for column in layer.columns if column.name not in _OWN]
    again = sa.select(
        *(layer.c[name] for name in names), sa.literal(change.id).label("opened_by")
    ).where(layer.c.closed_by == change_id)
    connection.execute(sa.insert(layer).from_select([*names, "opened_by"], again))


def _reverted(
    connection: sa.Connection,
    upload: Upload,
    change_id: int | None,
    actor: str,
    reason: str,
) -> Upload:
    revert = {"actor": actor, "reason": reason}
    return repository.move_upload(
        connection,
        upload.id,
        "reverted",
        revert_change_id=change_id,
        acceptance={**(upload.acceptance or {}), "revert": revert},
        **NO_ORDER,
    )
