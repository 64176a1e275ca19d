"""The drawing on a certificate: to scale, north up, the same bytes every time."""

import re

import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely.affinity import translate

from screening.certificate.drawing import (
    HEIGHT_MM,
    WIDTH_MM,
    Drawn,
    draw,
    find_frame,
)

LONGITUDE, LATITUDE = 114.0, 34.6
SIDE_DEG = 0.001
SUBJECT = shapely.box(LONGITUDE, LATITUDE, LONGITUDE + SIDE_DEG, LATITUDE + SIDE_DEG)
NORTH_EAST = translate(SUBJECT, SIDE_DEG, SIDE_DEG)
GEOD = Geod(ellps="GRS80")


def paths(svg, stroke):
    """Return the coordinates (mm, y down) of every outline of a colour."""
    found = re.findall(rf'<path d="([^"]+)"[^>]*stroke="{stroke}"', svg)
    return [
        np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", path), dtype=float)
        for path in found
    ]


def subject_path(svg):
    (line,) = paths(svg, "#101418")[:1]
    return line


def test_the_subject_is_drawn_inside_the_frame():
    line = subject_path(draw(SUBJECT, [], []))
    assert line.min() > 0
    assert line[:, 0].max() < WIDTH_MM and line[:, 1].max() < HEIGHT_MM


def test_the_scale_bar_measures_true_metres():
    svg = draw(SUBJECT, [], [])
    bar = re.search(r"M3 [\d.]+V[\d.]+H([\d.]+)V", svg)
    metres = int(re.search(r">(\d+) m<", svg).group(1))
    mm_per_m = (float(bar.group(1)) - 3) / metres
    line = subject_path(svg)
    width_mm = line[:, 0].max() - line[:, 0].min()
    *_, width_m = GEOD.inv(LONGITUDE, LATITUDE, LONGITUDE + SIDE_DEG, LATITUDE)
    assert width_mm / mm_per_m == pytest.approx(width_m, rel=1e-3)


def test_north_is_up_and_east_is_right():
    svg = draw(SUBJECT, [Drawn(1, "plot", NORTH_EAST)], [])
    subject, plot = subject_path(svg), paths(svg, "#b3261e")[0]
    assert plot[:, 0].mean() > subject[:, 0].mean()
    assert plot[:, 1].mean() < subject[:, 1].mean()


def test_a_feature_bears_its_number():
    svg = draw(SUBJECT, [Drawn(7, "plot", NORTH_EAST)], [])
    assert ">7</text>" in svg


def test_a_point_is_drawn_as_a_dot():
    svg = draw(SUBJECT, [Drawn(1, "receptor", shapely.Point(114.0005, 34.6005))], [])
    assert '<circle cx="44.00" cy="42.00" r="1.1"' in svg


def test_what_lies_beyond_a_kilometre_is_not_drawn():
    far = translate(SUBJECT, 0.02, 0)
    assert draw(SUBJECT, [Drawn(1, "plot", far)], []) == draw(SUBJECT, [], [])


def test_a_vast_zone_does_not_make_the_subject_a_dot():
    zone = shapely.box(113.0, 34.0, 115.0, 35.0)
    assert find_frame(SUBJECT, [zone]) == find_frame(SUBJECT, [])
    assert paths(draw(SUBJECT, [Drawn(1, "water_zone", zone)], []), "#1f6fb2")


def test_only_the_ground_asked_for_is_drawn_when_one_is_given():
    """A county of 20 km, and a site whose neighbourhood alone is shown."""
    county = shapely.box(113.9, 34.5, 114.1, 34.7)
    site = Drawn(1, "plot", SUBJECT)
    whole = paths(draw(county, [site], []), "#b3261e")
    near = paths(draw(county, [site], [], shown=SUBJECT), "#b3261e")

    def width(drawn):
        return np.ptp(drawn[0][:, 0])

    assert width(near) > 20 * width(whole)


def test_surroundings_outside_the_frame_leave_no_trace():
    assert draw(SUBJECT, [], [translate(SUBJECT, 0.1, 0)]) == draw(SUBJECT, [], [])


def test_holes_and_parts_are_drawn():
    ring = shapely.Polygon(
        SUBJECT.exterior.coords,
        [SUBJECT.buffer(-0.0003).exterior.coords],
    )
    two = shapely.MultiPolygon([ring, translate(SUBJECT, 0.0015, 0)])
    svg = draw(two, [], [])
    assert (
        re.search(r'<path d="([^"]+)"[^>]*stroke="#101418"', svg).group(1).count("M")
        == 3
    )


def test_a_broken_feature_is_drawn_all_the_same():
    bow_tie = shapely.Polygon(
        [(114.0, 34.6), (114.001, 34.601), (114.001, 34.6), (114.0, 34.601)]
    )
    assert paths(draw(SUBJECT, [Drawn(1, "plot", bow_tie)], []), "#b3261e")


def test_the_same_land_gives_the_same_bytes():
    features = [Drawn(1, "plot", NORTH_EAST)]
    assert draw(SUBJECT, features, [SUBJECT]) == draw(SUBJECT, features, [SUBJECT])
