"""Valid things to test with: small, at Chinese coordinates, one property overridden.

Squares are drawn in metres around a place and stored in degrees (EPSG:4490), so that
the expected answers can be done in the head.
"""

from datetime import date

import numpy as np
import shapely

from parcels.area import measure_area
from parcels.local_plane import LocalPlane
from screening.extract import Land, measure_extracts
from screening.neighbourhood import (
    BorderHit,
    County,
    Coverage,
    Feature,
    Neighbourhood,
    Subject,
)

PLACE = (114.0, 34.75)
"""Where the invented county lies."""

COUNTY = "999901"
NEIGHBOUR = "999902"
TODAY = date(2026, 6, 1)


def rectangle(west_m, south_m, east_m, north_m, at=PLACE):
    """Return a rectangle given in metres east and north of a place, in EPSG:4490."""
    return LocalPlane(*at).to_lonlat(shapely.box(west_m, south_m, east_m, north_m))


def square(side_m, at=PLACE, east_m=0.0, north_m=0.0):
    """Return a square centred so many metres east and north of a place."""
    half = side_m / 2
    return rectangle(east_m - half, north_m - half, east_m + half, north_m + half, at)


def multi(*polygons):
    """Return the polygons as one MultiPolygon, as the register stores them."""
    return shapely.MultiPolygon(list(polygons))


def point(east_m, north_m=0.0, at=PLACE):
    """Return a point so many metres east and north of a place, in EPSG:4490."""
    return LocalPlane(*at).to_lonlat(shapely.Point(east_m, north_m))


def random_polygon(rng, place, radius_m, vertices):
    """Return a random star-shaped polygon around a place, in EPSG:4490."""
    # No gap reaches half a turn, so the ring never crosses itself.
    turns = np.arange(vertices) + rng.uniform(0.05, 0.45, vertices)
    angles = turns * 2 * np.pi / vertices + rng.uniform(0, 2 * np.pi)
    radii = radius_m * rng.uniform(0.3, 1.0, vertices)
    xy = np.column_stack((radii * np.cos(angles), radii * np.sin(angles)))
    return shapely.Polygon(LocalPlane(*place).coordinates_to_lonlat(xy))


def make_subject(geometry=None, division_codes=(COUNTY,), parcels=()):
    """Return a subject; without a geometry a square of 100 m at the usual place."""
    shape = geometry if geometry is not None else square(100)
    if shape.geom_type == "Polygon":
        shape = multi(shape)
    return Subject(shape, measure_area(shape), tuple(division_codes), tuple(parcels))


def make_feature(geometry=None, **changes):
    """Return a contaminated plot; without a geometry a square of 10 m in the middle."""
    shape = geometry if geometry is not None else square(10)
    if shape.geom_type == "Polygon":
        shape = multi(shape)
    values = {
        "theme": "plot",
        "layer": "plot",
        "code": "9999012260001",
        "name": None,
        "category": "contaminated",
        "division_code": COUNTY,
        "geometry": shape,
        "attributes": {},
        "data_date": date(2026, 1, 1),
        "version_id": 7,
    }
    return Feature(**(values | changes))


def make_coverage(theme="plot", division_code=COUNTY, **changes):
    """Return a county's word that it has a theme whole and not stale."""
    values = {"data_date": date(2026, 1, 1), "stale_on": None, "geometry": None}
    return Coverage(theme, division_code, **(values | changes))


def make_county(division_code=COUNTY, geometry=None):
    """Return a county; without a geometry 20 km square around the usual place."""
    shape = geometry if geometry is not None else square(20_000)
    return County(division_code, "净土示范县", "Jingtu Sample County", shape)


def make_neighbourhood(
    features=(), border=(), coverage=None, counties=None, as_of=TODAY
):
    """Return what one gather reads; by default every theme met is covered."""
    found = tuple(features)
    hits = tuple(BorderHit(**hit) if isinstance(hit, dict) else hit for hit in border)
    if coverage is None:
        themes = {f.theme for f in found} | {h.theme for h in hits} | {"plot"}
        coverage = tuple(make_coverage(theme) for theme in sorted(themes))
    return Neighbourhood(
        as_of=as_of,
        known_at=1,
        features=found,
        border=hits,
        coverage=tuple(coverage),
        counties=(make_county(),) if counties is None else tuple(counties),
    )


def measure_extract(subject, neighbourhood, settings, themes):
    """Return the extract of one land."""
    (extract,) = measure_extracts([Land(subject, neighbourhood, settings, themes)])
    return extract
