"""A register small enough to know by heart: what lies where, and what follows."""

from typing import Any

import httpx
import shapely

OURS, THEIRS = "999901", "999902"
WEST, SOUTH = 114.0, 34.6
STEP = 0.001
"""Side of every parcel in degrees, about 90 m."""

LISTED = "999901001001GB00001"
"""Parcel wholly on a plot of the risk-control register: homes are denied."""
PLAIN = "999901001001GB00002"
"""Parcel on which nothing lies."""
FARMED = "999901001001GB00003"
"""Parcel on safe-use farmland and basic farmland."""
ASKED = "999901001001GB00004"
"""Parcel on a suspected plot: its transfer is a matter of consultation (B07)."""

AREA_THEMES = (
    "plot farmland_unit control_area permanent_basic_farmland crop_ban_area"
    " concentrated_priority_farmland pbf_concentrated_area ecological_sensitive_area"
    " dense_population_area yangtze_main_shoreline yangtze_tributary_shoreline"
    " yellow_river_shoreline_control scenic_area nature_reserve recharge_area"
    " water_zone former_use key_unit enterprise facility receptor water_source river"
).split()
"""Themes with data; the ecological redline has none."""


def rectangle(column: float, row: float, wide: float, high: float) -> dict[str, Any]:
    """A GeoJSON rectangle in steps from the south-west corner of the county."""
    box = shapely.box(
        WEST + column * STEP,
        SOUTH + row * STEP,
        WEST + (column + wide) * STEP,
        SOUTH + (row + high) * STEP,
    )
    return {"type": "Polygon", "coordinates": [[list(p) for p in box.exterior.coords]]}


def fill_register(client: httpx.Client, key: str) -> None:
    """Write the register through the service's own interface."""

    def create(path: str, **body: Any) -> None:
        answer = client.post(
            f"/v1/{path}",
            json={"valid_from": "2024-01-01", "division_code": OURS, **body},
            headers={"Authorization": f"Bearer {key}"},
        )
        assert answer.status_code == 201, answer.text

    _add_counties(create)
    _add_parcels(create)
    _add_restrictions(create)
    _add_soil(create)
    for theme in AREA_THEMES:
        create("theme-coverages", code=theme, theme=theme, data_date="2026-01-31")


def _add_counties(create: Any) -> None:
    for code, column, name in ((OURS, 0, "净土示范县"), (THEIRS, 40, "邻界示范县")):
        create(
            "divisions",
            code=code,
            division_code=code,
            name_zh=name,
            name_en=f"Model county {code}",
            invented=True,
            geometry=rectangle(column, 0, 40, 40),
        )


def _add_parcels(create: Any) -> None:
    for code, column in ((LISTED, 10), (PLAIN, 11), (FARMED, 12), (ASKED, 15)):
        create(
            "parcels",
            parcel_code=code,
            land_use_scheme="gbt21010_2017",
            land_use_code="0601",
            geometry=rectangle(column, 10, 1, 1),
        )


def _add_restrictions(create: Any) -> None:
    create(
        "plots",
        plot_code="4101821000001",
        name="原电镀厂地块",
        stage="rcr_listed",
        entry_list="rcr",
        entry_batch="2023年第1批",
        entry_source="净环函〔2023〕9号",
        entry_published_on="2023-12-20",
        geometry=rectangle(9.9, 9.9, 1.1, 1.2),
    )
    create(
        "plots",
        plot_code="4101821000002",
        name="原农药厂地块",
        stage="suspected",
        entry_list="suspected",
        entry_batch="2023年第2批",
        entry_source="净环函〔2023〕12号",
        entry_published_on="2023-12-20",
        geometry=rectangle(15, 10, 0.5, 0.5),
    )
    create(
        "farmland-units",
        code="F1",
        category="safe_use",
        geometry=rectangle(12, 9, 2, 3),
    )
    create(
        "restriction-areas",
        code="B1",
        theme="permanent_basic_farmland",
        name="永久基本农田一",
        geometry=rectangle(12.5, 9, 2, 3),
    )
    create(
        "receptors",
        code="S1",
        name="示范小学",
        kind="school",
        geometry={
            "type": "Point",
            "coordinates": [WEST + 11.5 * STEP, SOUTH + 14 * STEP],
        },
    )


def _add_soil(create: Any) -> None:
    """A waste yard, and a field point 90 m off with 0.9 mg/kg of cadmium at pH 6."""
    create(
        "facilities",
        code="YARD",
        kind="waste_yard",
        name="示范废渣堆场",
        geometry=rectangle(30, 30, 1, 1),
    )
    create(
        "monitoring-points",
        code="FIELD",
        name="大田点位",
        medium="soil",
        land_type="dry_land",
        geometry={
            "type": "Point",
            "coordinates": [WEST + 32 * STEP, SOUTH + 30.5 * STEP],
        },
    )
    for analyte, value, unit in (("Cd", 0.9, "mg/kg"), ("pH", 6.0, "1")):
        create(
            "samples",
            code=f"FIELD-{analyte}",
            point_code="FIELD",
            sample_code="S1",
            analyte=analyte,
            value=value,
            unit=unit,
            medium="soil",
            sampled_on="2024-03-01",
        )
