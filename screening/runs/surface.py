"""The kind `surface`: one item of soil interpolated between its points (shell)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from parcels.analytes import FARMLAND_ELEMENTS, PH
from parcels.texts import Text
from screening.categories.gather import gather_rounds
from screening.categories.loader import read_settings
from screening.categories.samples import measure_points
from screening.runs.columns import DIVISION_FIELD, analyte_choices
from screening.runs.kind import Kind, RunOrder
from screening.runs.row import Field
from screening.runs.surface_rows import (
    COLUMNS,
    SurfaceMaterial,
    SurfacePoint,
    make_surface,
    tally_surface,
)

ITEMS: Final = (*FARMLAND_ELEMENTS, "Cu", "Ni", "Zn", PH)


def _plan(connection: sa.Connection, order: RunOrder) -> Sequence[None]:
    return [None]


def _read(connection: sa.Connection, order: RunOrder, piece: None) -> SurfaceMaterial:
    given = order.parameters
    division = given.get("division", order.scope)
    _, results = gather_rounds(connection, order.moment, division)
    wanted = given.get("round")
    kept = [one for name, one in results if wanted in (None, name)]
    places = {one.point: (one.longitude, one.latitude) for one in kept}
    measured = measure_points(kept, given["item"], read_settings())
    points = [
        SurfacePoint(code, *places[code], one.value, one.non_detect)
        for code, one in sorted(measured.items())
    ]
    return SurfaceMaterial(points, given.get("cell_m"), given.get("above"))


def _themes(parameters: Mapping[str, Any]) -> Sequence[str]:
    return ()


SURFACE_KIND: Final = Kind(
    "surface",
    Text("土壤插值面", "Interpolated surface of soil"),
    Text(
        "由表层土壤点位插值，附变异函数、交叉验证和估计标准差，可下载 GeoTIFF。"
        "只用于制图和核查，不评定类别。",
        "Interpolates topsoil points, with variogram, cross-validation and standard"
        " deviation, also as GeoTIFF. For drawing and checking; it sets no category.",
    ),
    (
        Field(
            "item",
            Text("项目", "Item"),
            "choice",
            required=True,
            choices=analyte_choices(ITEMS),
        ),
        DIVISION_FIELD,
        Field(
            "round",
            Text("调查批次", "Survey round"),
            "text",
            hint=Text(
                "采样批次名称或采样年份；不填取各点位最近一次",
                "campaign or year of sampling; left out: the latest of each point",
            ),
        ),
        Field(
            "cell_m",
            Text("像元（米）", "Cell (m)"),
            "number",
            least=1.0,
            most=5000.0,
            hint=Text(
                "不填取点位间距中位数的四分之一（项目默认）",
                "left out: a quarter of the median gap of points (project default)",
            ),
        ),
        Field(
            "above",
            Text("超过概率的阈值", "Threshold of the probability"),
            "number",
            most=1_000_000.0,
            hint=Text(
                "填写后给出每个像元超过该值的概率（仅克里金）",
                "gives each cell its probability of being above it (kriging only)",
            ),
        ),
    ),
    COLUMNS,
    _plan,
    _read,
    make_surface,
    tally_surface,
    _themes,
)
