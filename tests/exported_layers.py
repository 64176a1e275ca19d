"""Any layer of the register, valid in every respect, for round trips through files."""

from datetime import UTC, date, datetime

import numpy as np
import shapely
from hypothesis import strategies as st

from parcels.area import measure_area
from parcels.register.layers import DIVISION, Kind, Shape
from parcels.register.repository import Version
from parcels.register.values import PUBLISHABLE
from tests.survey_files import parcel_code

SIDE = 0.001

# What an attribute may hold: no control characters, no blanks around it, not empty.
text = (
    st.text(
        st.characters(min_codepoint=0x20, exclude_categories=("Cc", "Cs", "Cn", "Co")),
        min_size=1,
        max_size=40,
    )
    .map(str.strip)
    .filter(bool)
)
early = st.dates(date(1990, 1, 1), date(2009, 12, 31))
late = st.dates(date(2010, 1, 1), date(2019, 12, 31))


def cell(place, dent_x=0.5, dent_y=0.5):
    """Return the n-th cell of a row of cells, with a dent in its upper edge."""
    west, south = 114.0 + place * SIDE, 34.75
    top = south + SIDE
    dent = (west + dent_x * SIDE, top - dent_y * SIDE / 2)
    corners = [(west, south), (west + SIDE, south), (west + SIDE, top), dent]
    return shapely.multipolygons([shapely.Polygon([*corners, (west, top)])])


def line(place, dent_x, dent_y):
    """Return the n-th line, in two parts."""
    west = 114.0 + place * SIDE
    first = [(west, 34.75), (west + dent_x * SIDE, 34.75 + dent_y * SIDE)]
    return shapely.multilinestrings([first, [(west, 34.7), (west, 34.74)]])


@st.composite
def layers_of(draw, layer, texts=text, numbers=None):
    """Draw up to five objects of a layer, each with its own ground."""
    if numbers is None:
        numbers = st.floats(0.5, 1e6, allow_subnormal=False)
    count = draw(st.integers(1, 5))
    return [_version(draw, layer, place, texts, numbers) for place in range(count)]


def _version(draw, layer, place, texts, numbers):
    code, ground = _code(layer, place), _ground(draw, layer, place)
    values = {
        one.name: _value(draw, layer, one, place, texts, numbers)
        for one in layer.attributes
    }
    if ground is not None and ground.geom_type == "MultiPolygon":
        area = measure_area(np.array([ground], dtype=object)).tolist()[0]
        for name in {"registered_area_m2", "stated_area_m2"} & set(values):
            values[name] = draw(st.sampled_from([area, None]))
        values["mapped_area_m2"] = area
    return Version(
        layer=layer,
        version_id=place,
        object_id=place,
        code=code,
        division_code=code if layer is DIVISION else "999901",
        valid_from=date(2020, 1, 1),
        valid_to=draw(st.none() | st.dates(date(2021, 1, 1), date(2199, 12, 31))),
        values=values,
        geometry=ground,
        change_number=7,
        recorded_at=datetime(2024, 5, 1, 1, 2, 3, 456789, tzinfo=UTC),
        source="actor:测绘院",
    )


def example_of(layer, code="1", geometry=None, **values):
    """Return one object of a layer that says nothing but what is given."""
    return Version(
        layer=layer,
        version_id=1,
        object_id=1,
        code=code,
        division_code="999901",
        valid_from=date(2020, 1, 1),
        valid_to=None,
        values={one.name: values.get(one.name) for one in layer.attributes},
        geometry=geometry,
        change_number=1,
        recorded_at=datetime(2024, 5, 1, tzinfo=UTC),
        source="actor:测绘院",
    )


def _code(layer, place):
    if layer.name == "parcel":
        return parcel_code(place + 1)
    if layer.name == "division":
        return f"99990100{place + 1}"
    return f"{layer.name}-{place + 1:03d}"


def _ground(draw, layer, place):
    if layer.shape is Shape.NONE:
        return None
    dents = draw(st.floats(0.3, 0.7)), draw(st.floats(0.3, 0.7))
    if layer.shape is Shape.LINE:
        return line(place, *dents)
    point = shapely.Point(114.0 + (place + dents[0]) * SIDE, 34.75 + dents[1] * SIDE)
    if layer.shape is Shape.POINT:
        return point
    if layer.shape is Shape.PLACE and draw(st.booleans()):
        return point
    if layer.shape is Shape.AREA_OR_NONE and draw(st.booleans()):
        return None
    return cell(place, *dents)


def _value(draw, layer, attribute, place, texts, numbers):
    known = _KNOWN.get(attribute.name)
    if known is not None:
        said = known.filter(lambda value: value is not None)
        return draw(said if attribute.required else known)
    if attribute.reference:
        parcels = attribute.name in (
            "predecessor_code",
            "successor_code",
            "parcel_code",
        )
        step = 50 if attribute.name == "successor_code" else 1
        return parcel_code(place + step) if parcels else f"K-{place + 1:03d}"
    if attribute.values:
        drawn = st.sampled_from(attribute.values)
    else:
        drawn = {
            Kind.TEXT: texts,
            Kind.NUMBER: numbers,
            Kind.INTEGER: st.integers(0, 10_000),
            Kind.BOOLEAN: st.booleans(),
            Kind.DATE: early,
            Kind.TEXT_LIST: st.lists(_entries(texts), min_size=1, max_size=3),
            Kind.JSON: st.fixed_dictionaries({"说明": texts}),
        }[attribute.kind]
    return draw(drawn if attribute.required else st.none() | drawn)


def _entries(texts):
    """Entries of a list: what surveys part them with is none of them."""
    return texts.filter(lambda one: ";" not in one and "；" not in one)


_use_scheme = st.just("gbt21010_2017")
_use = st.none() | st.sampled_from(["0601", "0701"])
_KNOWN = {
    # A file brings a plot as a candidate; other stages name a published register.
    "stage": st.just("candidate"),
    "held": st.none(),
    "entry_list": st.none(),
    "entry_batch": st.none(),
    "entry_source": st.none(),
    "entry_published_on": st.none(),
    "current_use_scheme": _use_scheme,
    "current_use_code": _use,
    "planned_use_scheme": _use_scheme,
    "planned_use_code": _use,
    "negative_list": st.none() | st.just(["gbt21010_2017:0701", "ydyh_2023:07"]),
    "published_fields": st.none() | st.just(list(PUBLISHABLE[:2])),
    # A paper is filed, a result checked and an audit due after the day it follows.
    "filed_ee_on": st.none() | late,
    "filed_nr_on": st.none() | late,
    "filed_hc_on": st.none() | late,
    "qc_checked_on": st.none() | late,
    "clean_production_due_on": st.none() | late,
    "produce_samples": st.none() | st.integers(20, 40),
    "produce_compliant": st.none() | st.integers(0, 20),
    "township_code": st.sampled_from(["999901001", None]),
    "land_use_scheme": st.just("gbt21010_2017"),
    "land_use_code": st.sampled_from(["0601", "0701", None]),
    "industry_edition": st.just("2017"),
    "industry_code": st.sampled_from(["2614", None]),
    "theme": st.sampled_from(["ecological_redline", "permanent_basic_farmland"]),
    "year": st.integers(2000, 2019),
    "from_year": st.integers(1950, 1980),
    "to_year": st.integers(1981, 2019),
    "coord_source": st.sampled_from(["survey", "gnss", "geocoded", None]),
    "required_activity_due_on": st.none() | late,
    "required_activity_done_on": st.none() | late,
    "reviewed_on": st.none() | late,
    "published_to": st.none() | late,
    "stale_on": st.none() | late,
    "medium": st.just("soil"),
    "at_least": st.none() | st.sampled_from([0.5, 12.25]),
    "below": st.none() | st.sampled_from([100.0, 2500.5]),
    "depth_from_m": st.just(0.0),
    "depth_to_m": st.just(0.2),
    "analyte": st.just("Cd"),
    "unit": st.just("mg/kg"),
    "value": st.just(0.5),
    "detection_limit": st.just(0.001),
    "non_detect": st.just(False),
    "raw_value": st.just("0.5"),
}
"""Attributes whose values are checked against more than their kind."""
