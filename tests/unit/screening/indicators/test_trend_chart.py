"""The chart of kept periods: well formed, in words too, with gaps where nothing is."""

from xml.etree import ElementTree

from screening.indicators.trend_chart import LINES, MOST_PERIODS, draw_trend

SVG = "{http://www.w3.org/2000/svg}"


def headline(**rates):
    return {"rates": {name: {"rate": rate} for name, rate in rates.items()}}


def drawn(*periods, language="en", shape="wide"):
    return ElementTree.fromstring(draw_trend(list(periods), language, shape))


def test_a_higher_rate_stands_higher_and_later_periods_to_the_right():
    first, last = (
        headline(polluted_farmland_rate=0.5),
        headline(polluted_farmland_rate=1.0),
    )
    (line,) = drawn(("2024", first), ("2025", last)).findall(f"{SVG}polyline")
    (x1, y1), (x2, y2) = (
        tuple(map(float, one.split(","))) for one in line.get("points").split()
    )
    assert x1 < x2 and y1 > y2 == 16.0


def test_a_period_without_a_rate_is_a_gap_and_is_told():
    rates = (0.5, 0.6, None, 0.7, 0.8)
    said = [
        (str(2020 + n), headline(polluted_farmland_rate=rate))
        for n, rate in enumerate(rates)
    ]
    found = drawn(*said)
    assert len(found.findall(f"{SVG}polyline")) == 2
    described = found.find(f"{SVG}desc").text
    assert "2022 none" in described and "2023 70.0%" in described


def test_it_has_a_title_and_every_line_a_mark_of_its_own():
    found = drawn(("2025", {}), language="zh")
    assert found.get("role") == "img"
    assert found.find(f"{SVG}title").text == "已存档各期的比率"
    assert len({one.mark for one in LINES}) == len({one.dash for one in LINES}) == 3


def test_nothing_kept_is_said_and_only_the_last_periods_are_drawn():
    assert drawn().find(f"{SVG}desc").text == "nothing kept yet"
    many = [(f"P{n}", headline(rectification_rate=0.5)) for n in range(40)]
    text = draw_trend(many, "en")
    assert f"P{40 - MOST_PERIODS} " in text and f"P{39 - MOST_PERIODS} " not in text


def test_names_are_text_and_never_markup():
    assert "<b>" not in draw_trend([("<b>", headline(rectification_rate=1.0))], "en")


def test_a_narrow_drawing_has_the_same_lettering_on_less_room():
    said = [(f"2024-{n:02}", headline(rectification_rate=0.5)) for n in range(1, 13)]
    for language in ("zh", "en"):
        found = drawn(*said, language=language, shape="narrow")
        width, height = map(int, found.get("viewBox").split()[2:])
        assert width <= 360 and found.get("font-size") == "12"
        named = [one for one in found.findall(f"{SVG}text") if one.get("font-size")]
        heights = [float(one.get("y")) for one in named]
        assert heights == sorted(set(heights)) and heights[-1] < height
        names = [t for t in found.findall(f"{SVG}text") if t.text.startswith("2024")]
        assert len(names) <= 4
