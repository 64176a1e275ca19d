"""What is asked about, and what one reading of the register found around it.

Core: plain records, no I/O. `screening.gather` fills them, `screening.extract`
measures them. Every geometry is shapely, EPSG:4490, longitude before latitude,
2D; areas are ellipsoidal square metres (椭球面积); distances are metres.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

BorderRelation = Literal["on", "adjoining", "within"]
"""How a feature of another division lies to the subject; no more is told."""

ThemeKind = Literal["area", "proximity"]
"""Whether a theme is asked for overlap or for what lies within a distance."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One open version of one register object near the subject (要素).

    It lies in the caller's own scope; features of other divisions are `BorderHit`.

    Attributes
    ----------
    theme, layer
        Theme code ("plot", "water_zone", …) and the table it is read from.
    code, name, category
        Register code, name (None when not recorded) and the layer's own class: plot
        stage, farmland category, zone level, facility or receptor kind, enterprise
        status. None when the layer has no class.
    division_code
        Division that keeps it, without trailing zeros.
    geometry
        Point, MultiPolygon or (river) MultiLineString, EPSG:4490.
    attributes
        Further attributes of the layer, JSON-like.
    accuracy_m, stated_area_m2
        For points: position accuracy and the area a list states. None when not known.
    source, data_date, version_id
        Where it comes from, the date of the data, the version read.
    """

    theme: str
    layer: str
    code: str
    name: str | None
    category: str | None
    division_code: str
    geometry: BaseGeometry
    attributes: Mapping[str, Any]
    accuracy_m: float | None = None
    stated_area_m2: float | None = None
    source: str = ""
    data_date: date | None = None
    version_id: int = 0

    def is_same_version(self, other: Feature) -> bool:
        """Return whether both are one version, as where a layer meets itself."""
        return (self.layer, self.version_id) == (other.layer, other.version_id)


@dataclass(frozen=True, slots=True)
class BorderHit:
    """A feature of another division: theme, relation, whom to ask; no more (邻界命中).

    `within_m` is the ring it was found in (metres), None for "on" and "adjoining".
    """

    theme: str
    relation: BorderRelation
    within_m: float | None
    division_code: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a county says it knows of a theme (专题覆盖范围).

    `geometry` None means the whole county; `stale_on` is the first day on which the
    data count as stale, None means never.
    """

    theme: str
    division_code: str
    data_date: date
    stale_on: date | None
    geometry: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class County:
    """A county the search box touches, with its boundary in EPSG:4490 (县级行政区).

    `restricted`: approvals of new projects are limited there (环评限批), a setting of
    the county.
    """

    division_code: str
    name_zh: str
    name_en: str
    geometry: BaseGeometry
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Everything one gather reads, in one snapshot of the database.

    `as_of` is the day in law, `known_at` the number of the last change seen.
    """

    as_of: date
    known_at: int
    features: tuple[Feature, ...]
    border: tuple[BorderHit, ...]
    coverage: tuple[Coverage, ...]
    counties: tuple[County, ...]


@dataclass(frozen=True, slots=True)
class ParcelRecord:
    """A parcel by which a subject was named (宗地).

    `registered_area_m2` 登记面积 may be None; `mapped_area_m2` 图形面积 is ellipsoidal.
    `supplied` says whether the land has been supplied (已供应), None when not recorded.
    `documents` are the reports filed for the parcel itself, keys as in `plot_document`.
    """

    code: str
    division_code: str
    township_code: str | None
    land_use_scheme: str | None
    land_use_code: str | None
    registered_area_m2: float | None
    mapped_area_m2: float
    supplied: bool | None
    version_id: int
    documents: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about: parcels, or a polygon somebody drew (查询对象).

    Attributes
    ----------
    geometry
        Valid MultiPolygon, EPSG:4490 (see `screening.subject.check_subject`).
    mapped_area_m2
        Its ellipsoidal area by `parcels.area.measure_area`.
    division_codes
        Counties it lies in.
    parcels
        The parcels it was named by; () for a drawn polygon.
    """

    geometry: MultiPolygon
    mapped_area_m2: float
    division_codes: tuple[str, ...]
    parcels: tuple[ParcelRecord, ...] = ()


class ThemeSpec(NamedTuple):
    """One theme to answer: its table, its kind and how far to look (metres).

    Area themes take a small `search_m`, enough to see what adjoins; proximity themes
    the widest ring that any rule asks for.
    """

    theme: str
    layer: str
    kind: ThemeKind
    search_m: float
