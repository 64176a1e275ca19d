"""Which data does the service share, with whom, and how? (shell).

资源共享目录、共享权限和方式 (LS 3, R-G01; rights after R-G06). Made of the table of
rights and the list of layers, so it cannot say other than what the service does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from app.pages.i18n import translate
from app.security.permissions import DEPARTMENT_OF_ROLE, RIGHTS
from app.security.principals import Role
from parcels.register.layers import (
    LAYER_BY_NAME,
    LAYERS,
    RESTRICTED_LAYERS,
    RESTRICTION_AREA,
    Layer,
    Shape,
)
from parcels.register.leads import LED_BY
from parcels.register.tiles import TILE_LAYERS
from parcels.tasks.model import Bureau
from parcels.texts import Text

Way = Literal[
    "interface", "changes", "survey_file", "download", "ogc", "tiles", "public"
]
WAY_NAMES: Final[dict[Way, Text]] = {
    "interface": Text("接口", "interface"),
    "changes": Text("变更流", "feed of changes"),
    "survey_file": Text("成果文件导入", "survey files"),
    "download": Text("文件导出", "files"),
    "ogc": Text("OGC 服务", "OGC services"),
    "tiles": Text("矢量瓦片", "vector tiles"),
    "public": Text("向社会公开", "published"),
}


@dataclass(frozen=True, slots=True)
class DataSet:
    """One entry of the catalogue (共享资源).

    Attributes
    ----------
    kept_by
        Bureaus that lead it.
    read, summary, write, approve
        Roles that read it whole; that are told of it in extracts alone (whether land
        is concerned, with areas and distances); that enter it; that decide on it.
    address
        Where the interface answers; None where it is read with what it belongs to.
    """

    name: str
    title: Text
    kept_by: tuple[Bureau, ...]
    read: frozenset[Role]
    summary: frozenset[Role]
    write: frozenset[Role]
    approve: frozenset[Role]
    ways: tuple[Way, ...]
    address: str | None

    def left_out_of(self, way: Way) -> frozenset[Role]:
        """Return roles that read it, but not in this way: tiles are the offices'."""
        return self.read - RIGHTS["read_tiles"].roles if way == "tiles" else _NOBODY


_NOBODY: Final[frozenset[Role]] = frozenset()
_KEPT_BY: Final[dict[str, tuple[Bureau, ...]]] = {
    "division": ("NR",),
    "parcel": ("NR",),
    "parcel_lineage": ("NR",),
    "farmland_unit": ("AG", "EE"),
    "farmland_measure": ("AG",),
    "facility": ("EM", "UM", "EE"),
    "restriction_area": ("NR", "EE", "AG"),
    "river": ("WR",),
    "theme_coverage": ("NR", "EE", "AG"),
}
"""Layers whose lead is not ecology and environment alone (R-G06)."""
_TOLD_IN_EXTRACTS: Final = frozenset(
    {
        *("plot", "farmland_unit", "restriction_area", "water_zone", "water_source"),
        *("former_use", "key_unit_list", "enterprise", "facility", "receptor", "river"),
    }
)
_APPROVED_BY: Final[dict[str, str]] = {
    "plot_event": "record_plot_events",
    "farmland_unit": "approve_categories",
}
_PUBLISHED: Final = frozenset({"plot", "plot_list_membership"})


def list_data_sets() -> list[DataSet]:
    """Return the catalogue: the layers of the register, then what is made of them."""
    return [*_layers(), *_others()]


def _layers() -> Iterator[DataSet]:
    for layer in (*LAYERS, *RESTRICTED_LAYERS):
        read = RIGHTS[f"read:{layer.name}"].roles
        told = layer.name in _TOLD_IN_EXTRACTS
        decides = _APPROVED_BY.get(layer.name)
        whole = DataSet(
            layer.name,
            Text(layer.title_zh, layer.title_en),
            _KEPT_BY.get(layer.name, ("EE",)),
            read,
            RIGHTS["read_extract"].roles - read if told else _NOBODY,
            RIGHTS[f"write:{layer.name}"].roles,
            RIGHTS[decides].roles if decides else _NOBODY,
            tuple(_ways(layer)),
            f"/v1/{layer.path}" if layer.path else None,
        )
        yield whole
        if layer is RESTRICTION_AREA:
            yield from _led_themes(whole)


def _led_themes(whole: DataSet) -> Iterator[DataSet]:
    """Yield the themes of restriction areas that departments lead (R-G06)."""
    for theme, bureaus in LED_BY.items():
        if theme in LAYER_BY_NAME or theme == "key_unit":
            continue
        others = {
            role for role, bureau in DEPARTMENT_OF_ROLE.items() if bureau not in bureaus
        }
        yield replace(
            whole,
            name=f"{whole.name}:{theme}",
            title=Text(
                translate("zh", f"theme.{theme}"), translate("en", f"theme.{theme}")
            ),
            kept_by=bureaus,
            write=whole.write - others,
            address=f"{whole.address}?theme={theme}",
        )


def _ways(layer: Layer) -> Iterator[Way]:
    open_layer = layer not in RESTRICTED_LAYERS
    if layer.path:
        yield "interface"
        yield "changes"
    if open_layer:
        yield "survey_file"
        yield "download"
    if open_layer and layer.shape is not Shape.NONE:
        yield "ogc"
    if layer.name in TILE_LAYERS:
        yield "tiles"
    if layer.name in _PUBLISHED:
        yield "public"


def _others() -> Iterator[DataSet]:
    """Return what is made of the layers; reading, entering and deciding by right."""
    yield _made(
        *("decision", "准入核查意见书", "Gate decisions", ("NR", "EE", "AG")),
        *("/v1/gate/decisions", "read_decisions", "ask_gate", "give_opinions"),
    )
    yield _made(
        *("screening_run", "风险筛查结果", "Screening runs", ("EE", "NR", "AG")),
        *("/v1/screening/runs", "read_screening", "run_screening"),
    )
    yield _made(
        *("indicator", "指标和快照", "Indicators and snapshots", ("EE", "AG")),
        *("/v1/indicators", "read_indicators", "keep_indicators"),
    )
    yield _made(
        *("task", "任务和期限", "Tasks and deadlines", ("EE", "NR", "AG")),
        *("/v1/tasks", "read_tasks", "write_tasks"),
    )
    yield _made(
        *("document", "报告等文件", "Reports as files", ("EE",)),
        *(None, "read_documents", "write_documents"),
    )
    yield _made(
        *("firm_listing", "从业单位负面清单", "Firms on negative lists", ("EE",)),
        *("/v1/firm-listings", "read_documents", "write_firm_listings"),
    )
    yield _made(
        *("ledger", "存证账本", "Ledger", ("EE",)),
        *("/v1/ledger/head", "read_ledger"),
    )
    yield _made(
        *("query_log", "查询日志", "Log of queries", ("EE",)),
        *("/v1/ledger/entries", "read_query_log"),
    )


def _made(
    name: str,
    zh: str,
    en: str,
    kept_by: tuple[Bureau, ...],
    address: str | None,
    read: str,
    write: str | None = None,
    approve: str | None = None,
) -> DataSet:
    return DataSet(
        name,
        Text(zh, en),
        kept_by,
        RIGHTS[read].roles,
        _NOBODY,
        RIGHTS[write].roles if write else _NOBODY,
        RIGHTS[approve].roles if approve else _NOBODY,
        ("interface",),
        address,
    )
