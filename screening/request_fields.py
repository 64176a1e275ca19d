"""Which fields does a request carry, and for which transactions? (core, data).

Section 9 of the rule table as data: the form, the API document and the error texts read
it here. What a field that is not sent means stands with its fact
(`screening.facts.catalogue`). Project's own choice throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from parcels.texts import Text
from screening.vocabulary import ENTRY, Transaction

Kind = Literal[
    "boolean",
    "choice",
    "integer",
    "text",
    "texts",
    "land_use",
    "industry",
    "industries",
    "crop",
]
Need = Literal["required", "default", "optional", "when", "claim"]
"""Missing blocks; missing takes the current use; may be left out; needed only in the
case named; an exception that counts only when it is claimed."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a request (`planned_use`, `project.…`, `declared.…`).

    `allowed` lists the values of a choice; `lowest` and `highest` bound an integer,
    both inclusive.
    """

    path: str
    kind: Kind
    title: Text
    allowed: tuple[str, ...] = ()
    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True, slots=True)
class FieldUse:
    """How one transaction uses a field; `when` says in which case it is needed."""

    field: Field
    need: Need
    when: Text | None = None


def _yes_no(path: str, zh: str, en: str) -> Field:
    return Field(path, "boolean", Text(zh, en))


_ALL: Final = (
    Field("planned_use", "land_use", Text("规划用途", "planned use")),
    Field(
        "project.type",
        "choice",
        Text("项目类型", "kind of project"),
        ("remediation", "other"),
    ),
    Field("project.industry_code", "industry", Text("行业代码", "industry code")),
    Field(
        "project.industry_edition",
        "choice",
        Text("行业分类版本", "edition of the industry classification"),
        ("2002", "2011", "2017"),
    ),
    Field(
        "project.facility",
        "choice",
        Text("设施类别", "kind of facility"),
        (
            "none",
            "industrial_solid_waste",
            "hazardous_waste",
            "landfill",
            "tailings_pond",
            "chemical_park",
        ),
    ),
    Field(
        "project.build",
        "choice",
        Text("建设性质", "kind of building"),
        ("new", "extension", "rebuild"),
    ),
    _yes_no("project.may_pollute_soil", "可能污染土壤", "may pollute the soil"),
    _yes_no("project.emits_heavy_metals", "排放重金属", "emits heavy metals"),
    _yes_no("project.discharges_pollutants", "排放污染物", "discharges pollutants"),
    _yes_no("project.heavily_pollutes_water", "严重污染水体", "heavily pollutes water"),
    _yes_no("project.discharge_outlet", "设置排污口", "has a discharge outlet"),
    _yes_no("project.adds_discharge", "增加排污量", "adds discharge"),
    _yes_no("project.approved", "已经批准", "is approved"),
    _yes_no("project.national_key_project", "国家重点项目", "national key project"),
    Field(
        "project.redline_activity",
        "integer",
        Text("生态保护红线内有限人为活动", "limited activity within the redline"),
        lowest=1,
        highest=10,
    ),
    _yes_no("project.serves_water_supply", "供水设施项目", "serves water supply"),
    _yes_no("project.safety_rebuild", "提升安全的改建", "rebuilding for safety"),
    Field("declared.current_use", "land_use", Text("现状用途", "current use")),
    Field("declared.former_use", "industries", Text("原有行业", "former industries")),
    _yes_no("declared.new_supply", "新增供地", "new supply of land"),
    _yes_no("declared.existing_supplied_land", "已供存量用地", "land already supplied"),
    Field(
        "declared.pollutants_at_risk",
        "texts",
        Text("存在污染风险的污染物", "pollutants at risk"),
    ),
    _yes_no("declared.dismantling_event", "有拆除活动", "facilities dismantled"),
    _yes_no(
        "declared.dismantling_plan_filed",
        "拆除污染防治方案已备案",
        "dismantling plan filed",
    ),
    _yes_no(
        "declared.land_disturbed_since_survey",
        "调查后土地受扰动",
        "land disturbed since the survey",
    ),
    Field("declared.crop", "crop", Text("拟种作物", "crop to be grown")),
    Field(
        "declared.transferee",
        "choice",
        Text("受让方", "transferee"),
        ("household", "cooperative", "enterprise"),
    ),
    Field(
        "declared.state_council_approval",
        "text",
        Text("国务院批准文号", "number of the State Council approval"),
    ),
)
FIELDS: Final[Mapping[str, Field]] = MappingProxyType({f.path: f for f in _ALL})
"""Every field by its path."""

_CLAIMS: Final = (
    "project.type",
    "project.national_key_project",
    "project.redline_activity",
    "project.serves_water_supply",
    "project.safety_rebuild",
    "declared.state_council_approval",
)
_LEVEL_2: Final = Text("位于二级保护区", "inside a level-2 zone")
_QUASI: Final = Text("位于准保护区且为工业用途", "inside a quasi zone, industrial use")
_ZONES: Final = Text("位于水源保护区", "inside a water-source zone")
_PRIORITY: Final = Text(
    "占用优先保护类耕地（郑州）", "on priority-protection farmland in Zhengzhou"
)
_NO_RECORD: Final = Text("登记无现状用途", "the register has no current use")
_NO_FORMER: Final = Text(
    "敏感用途且原用途图层未覆盖", "sensitive use, former use not covered by data"
)
_UNCOVERED: Final = Text("原用途图层未覆盖", "former use not covered by data")
_NEW_INDUSTRY: Final = Text(
    "工业用地出让（凉山）", "grant of industrial land in Liangshan"
)
_INDUSTRY: Final = Text("工业、采矿、环卫用途", "industrial, mining or waste use")
_ON_PLOT: Final = Text("位于名录地块", "on a listed plot")
_BAN: Final = Text(
    "位于严格管控类耕地或禁种区", "on strict-control land or in a crop-ban area"
)
_BAN_OR_FAILING: Final = Text(
    "位于严格管控类耕地或禁种区，或土壤不符合标准（凉山）",
    "on strict-control land, in a crop-ban area, or on failing soil in Liangshan",
)
_REPLANNED: Final = Text(
    "给出规划用途且登记无现状用途", "planned use given and no record of the current one"
)
_DISMANTLED: Final = Text("有拆除活动", "facilities were dismantled")
_SURVEYED: Final = Text("已有调查报告", "a survey report is on file")
_EXISTING: Final = Text(
    "存量用地转为居住、学校、医院（凉山）",
    "supplied land becomes homes, school or hospital, in Liangshan",
)

_Rows = tuple[tuple[str, Text | None], ...]
_SUPPLY: Final[_Rows] = (
    ("project.discharges_pollutants", _LEVEL_2),
    ("project.approved", _PRIORITY),
    ("declared.current_use", _NO_RECORD),
    ("declared.former_use", _NO_FORMER),
)
_PROJECT: Final[_Rows] = (
    ("project.industry_code", _INDUSTRY),
    ("project.industry_edition", _INDUSTRY),
    ("project.facility", _INDUSTRY),
    ("project.build", _INDUSTRY),
    ("project.may_pollute_soil", _INDUSTRY),
    ("project.emits_heavy_metals", _INDUSTRY),
)
_SITING: Final[_Rows] = (
    *_PROJECT,
    ("project.discharges_pollutants", _ZONES),
    ("project.heavily_pollutes_water", _ZONES),
    ("project.adds_discharge", _ZONES),
    ("project.discharge_outlet", _ZONES),
)
_PERMIT: Final[_Rows] = (
    ("project.type", _ON_PLOT),
    ("project.discharges_pollutants", _LEVEL_2),
)
_SUPPLIED: Final[_Rows] = (
    ("declared.existing_supplied_land", _EXISTING),
    ("declared.pollutants_at_risk", _EXISTING),
)
_ENTRY_ROWS: Final[_Rows] = (("declared.former_use", _UNCOVERED),)
_ROWS: Final[Mapping[Transaction, _Rows]] = {
    Transaction.ACQUIRE: _ENTRY_ROWS,
    Transaction.TAKE_BACK: _ENTRY_ROWS,
    Transaction.PURCHASE: _ENTRY_ROWS,
    Transaction.RESERVE: _ENTRY_ROWS,
    Transaction.GRANT: (
        *_SUPPLY,
        ("project.heavily_pollutes_water", _QUASI),
        ("project.build", _QUASI),
        ("project.adds_discharge", _QUASI),
        ("declared.new_supply", _NEW_INDUSTRY),
    ),
    Transaction.ALLOCATE: _SUPPLY,
    Transaction.COLLECTIVE_MARKET: _SUPPLY,
    Transaction.TRANSFER: (("declared.current_use", _REPLANNED),),
    Transaction.USE_CHANGE: (
        ("project.discharges_pollutants", _LEVEL_2),
        ("declared.current_use", _NO_RECORD),
        ("declared.former_use", _NO_FORMER),
    ),
    Transaction.FARM_CONVERT: (
        ("project.approved", _PRIORITY),
        ("project.discharges_pollutants", _LEVEL_2),
    ),
    Transaction.FARM_CIRCULATE: (
        ("declared.crop", _BAN),
        ("declared.transferee", None),
    ),
    Transaction.RECLAIM_TO_ARABLE: (
        ("declared.crop", _BAN_OR_FAILING),
        ("declared.former_use", _UNCOVERED),
    ),
    Transaction.PROJECT_APPROVAL: (
        ("project.type", _ON_PLOT),
        *_PROJECT,
        ("project.discharges_pollutants", _LEVEL_2),
        ("project.heavily_pollutes_water", _QUASI),
        ("project.adds_discharge", _QUASI),
        ("project.approved", _PRIORITY),
        *_SUPPLIED,
    ),
    Transaction.LAND_PLAN_PERMIT: (
        *_PERMIT,
        ("project.approved", _PRIORITY),
        ("declared.current_use", _NO_RECORD),
        *_SUPPLIED,
    ),
    Transaction.WORKS_PLAN_PERMIT: (
        *_PERMIT,
        ("project.approved", _PRIORITY),
        *_SUPPLIED,
    ),
    Transaction.CONSTRUCTION_START: _PERMIT,
    Transaction.EIA: _SITING,
    Transaction.SITING: _SITING,
    Transaction.DETAILED_PLAN: (),
}
_DOUBTS: Final[_Rows] = (
    ("declared.dismantling_event", None),
    ("declared.dismantling_plan_filed", _DISMANTLED),
    ("declared.land_disturbed_since_survey", _SURVEYED),
)
_DOUBTED: Final = ENTRY | {
    Transaction.GRANT,
    Transaction.ALLOCATE,
    Transaction.COLLECTIVE_MARKET,
    Transaction.TRANSFER,
    Transaction.USE_CHANGE,
    Transaction.PROJECT_APPROVAL,
    Transaction.LAND_PLAN_PERMIT,
    Transaction.WORKS_PLAN_PERMIT,
    Transaction.CONSTRUCTION_START,
}
"""Transactions of rules C11 and C13, which read what the caller says of the land."""


def planned_use_need(transaction: Transaction) -> Need:
    """Return whether a planned use is required, defaulted or optional (section 9)."""
    if transaction in ENTRY:
        return "optional"
    return "default" if transaction is Transaction.TRANSFER else "required"


def _uses(transaction: Transaction) -> tuple[FieldUse, ...]:
    rows = _ROWS[transaction] + (_DOUBTS if transaction in _DOUBTED else ())
    needed = tuple(FieldUse(FIELDS[path], "when", when) for path, when in rows)
    named = {use.field.path for use in needed}
    claims = tuple(
        FieldUse(FIELDS[path], "claim") for path in _CLAIMS if path not in named
    )
    planned = FieldUse(FIELDS["planned_use"], planned_use_need(transaction))
    return (planned, *needed, *claims)


FIELDS_BY_TRANSACTION: Final[Mapping[Transaction, tuple[FieldUse, ...]]] = (
    MappingProxyType({transaction: _uses(transaction) for transaction in Transaction})
)
"""What a form for this transaction shows, in order."""
