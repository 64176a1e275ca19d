"""Where is the place that a text gives in degrees, minutes and seconds? (core).

Published lists write centre points as ``34°45′47.62″ N, 114°18′36.56″ E`` (verified:
register of Kaifeng, 2019) and in many typographic variants: full-width digits, straight
or doubled quotes, 度分秒, the letter before or after, minutes or seconds left out,
longitude first. Within China the letters are not needed: no longitude is a latitude.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from parcels.crs import CHINA_BOUNDS

Axis = Literal["longitude", "latitude"]

_DEGREE: Final = r"[°度º˚]"
_MINUTE: Final = r"['′’‘`´ʹ＇分]"
_SECOND: Final = r"(?:[\"″”“〃ʺ＂秒]|''|′′|’’|‘‘|´´)"
_SIDE: Final = "[NESW北东南西]"
_TEXT: Final = re.compile(
    rf"(?P<before>{_SIDE})?(?:纬|经)?[:：]?"
    rf"(?P<degrees>\d{{1,3}}(?:\.\d+)?){_DEGREE}"
    rf"(?:(?P<minutes>\d{{1,2}}(?:\.\d+)?){_MINUTE}"
    rf"(?:(?P<seconds>\d{{1,2}}(?:\.\d+)?){_SECOND}?)?)?"
    rf"(?P<after>{_SIDE})?(?:纬|经)?",
    re.IGNORECASE,
)
_AXES: Final[dict[str, Axis]] = {
    **dict.fromkeys("NS北南", "latitude"),
    **dict.fromkeys("EW东西", "longitude"),
}
_BETWEEN: Final = re.compile(r"\s*[,;、/|]\s*|\s+")
_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width forms to plain ones; compatibility forms would turn º into a letter."""


class Angle(NamedTuple):
    """Degrees as a number; `axis` None where no letter says which."""

    degrees: float
    axis: Axis | None


def parse_angle(text: str) -> Angle | None:
    """Return one coordinate in degrees; None for any text that is none.

    South and west, minutes and seconds of 60 or more, and a fraction before a smaller
    unit are none.

    Examples
    --------
    >>> parse_angle("113°30′36″"), parse_angle("东经113度15分")
    (Angle(degrees=113.51, axis=None), Angle(degrees=113.25, axis='longitude'))
    >>> parse_angle("34°61′") is None
    True
    """
    match = _TEXT.fullmatch("".join(text.translate(_WIDE).split()))
    if match is None:
        return None
    sides = {side.upper() for side in match.group("before", "after") if side}
    if len(sides) > 1 or sides & set("SW南西"):
        return None
    parts = [part for part in match.group("degrees", "minutes", "seconds") if part]
    if any("." in part for part in parts[:-1]):
        return None
    degrees, minutes, seconds = (*map(float, parts), 0.0, 0.0)[:3]
    if minutes >= 60 or seconds >= 60:
        return None
    axis = _AXES[sides.pop()] if sides else None
    return Angle(degrees + minutes / 60 + seconds / 3600, axis)


def parse_position(text: str) -> tuple[float, float] | None:
    """Return longitude and latitude of a text that gives both; None for any other.

    Letters say which is which; without them the values do. Two that contradict each
    other, a place outside China, and a text that can be cut in two ways are none.

    Examples
    --------
    >>> parse_position("34°30′N, 114°15′E"), parse_position("114°15′ 34°30′")
    ((114.25, 34.5), (114.25, 34.5))
    >>> parse_position("34°30′N, 35°N") is None
    True
    """
    plain = text.translate(_WIDE).strip()
    for cuts in (_at_marks(plain), _anywhere("".join(plain.split()))):
        found = {place for cut in cuts if (place := _read(*cut)) is not None}
        if len(found) == 1:
            return found.pop()
    return None


def _read(first: str, second: str) -> tuple[float, float] | None:
    one, other = parse_angle(first), parse_angle(second)
    return None if one is None or other is None else _in_order(one, other)


def _at_marks(text: str) -> list[tuple[str, str]]:
    """Return the ways to cut a text at a mark or blank between its parts."""
    return [
        (text[: match.start()], text[match.end() :])
        for match in _BETWEEN.finditer(text)
    ]


def _anywhere(text: str) -> list[tuple[str, str]]:
    return [(text[:place], text[place:]) for place in range(1, len(text))]


def _in_order(one: Angle, other: Angle) -> tuple[float, float] | None:
    axes = {one.axis, other.axis} - {None}
    if one.axis is not None and one.axis == other.axis:
        return None
    west, south, east, north = CHINA_BOUNDS
    turned = [(one.degrees, other.degrees), (other.degrees, one.degrees)]
    if axes:
        first_is_longitude = one.axis == "longitude" or other.axis == "latitude"
        turned = [turned[0] if first_is_longitude else turned[1]]
    for longitude, latitude in turned:
        if west <= longitude <= east and south <= latitude <= north:
            return longitude, latitude
    return None
