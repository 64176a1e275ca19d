"""Which polluted farmland is in safe use, unit by unit? (core).

受污染耕地安全利用率, by two methods. ``census`` is that of the assessment of 2020
(《受污染耕地安全利用率核算方法（试行）》, verified in an excerpt): B slightly polluted
land with priority-protection measures, C lightly to moderately polluted land with
safe-use measures and produce that complies, D heavily polluted land with strict-control
measures, over all polluted land. ``category``: after the division into categories
(recalled, medium), safe-use land as C and strict-control land as D over both; B is
dropped. A = (B + C + D) / E is inferred from the definitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from parcels.texts import Text
from screening.indicators.rate import Row, RowState
from screening.indicators.settings import Settings
from screening.vocabulary import PRIORITY_PROTECTION, SAFE_USE, STRICT_CONTROL

Method = Literal["category", "census"]
PUBLISHED_M2: Final = 0.01
"""What areas are published to, and so compared to."""
Term = Literal["B", "C", "D"]
MEASURE_NAMES: Final[Mapping[str, Text]] = {
    "intensified_monitoring": Text("加密监测", "more monitoring"),
    "crop_livestock": Text("种养结合", "crops with livestock"),
    "straw_return": Text("秸秆还田", "straw return"),
    "organic_fertiliser": Text("增施有机肥", "organic fertiliser"),
    "reduced_tillage": Text("少耕免耕", "reduced tillage"),
    "agronomic_control": Text("农艺调控", "agronomic control"),
    "low_accumulation_variety": Text("低积累品种", "low-accumulation variety"),
    "water_control": Text("水分调控", "water control"),
    "conditioner": Text("土壤调理剂", "soil conditioner"),
    "lime": Text("石灰调节", "lime"),
    "substitute_crops": Text("替代种植", "substitute crops"),
    "bioremediation": Text("生物修复", "bioremediation"),
    "remediation": Text("治理修复", "remediation"),
    "restructuring": Text("种植结构调整", "crop restructuring"),
    "no_produce_zone": Text("划定禁止生产区", "zone without produce"),
    "return_to_forest_grass": Text("退耕还林还草", "return to forest or grass"),
    "fallow": Text("休耕", "fallow"),
}
TERM_OF_MEASURE: Final[Mapping[str, Term]] = {
    **dict.fromkeys(
        (
            "intensified_monitoring",
            "crop_livestock",
            "straw_return",
            "organic_fertiliser",
            "reduced_tillage",
        ),
        "B",
    ),
    **dict.fromkeys(
        (
            "agronomic_control",
            "low_accumulation_variety",
            "water_control",
            "conditioner",
            "lime",
            "substitute_crops",
            "bioremediation",
            "remediation",
        ),
        "C",
    ),
    **dict.fromkeys(
        ("restructuring", "no_produce_zone", "return_to_forest_grass", "fallow"), "D"
    ),
}
"""Measure → term of the formula: verified but for substitute crops (LS 9, ZZ 三(二)3)
and remediation (LS 32)."""
_TERMS: Final[Mapping[Term, Text]] = {
    "B": Text("优先保护措施", "priority-protection measures"),
    "C": Text("安全利用或修复措施", "safe-use or remediation measures"),
    "D": Text("严格管控措施", "strict-control measures"),
}
_BY_CATEGORY: Final[Mapping[str | None, Term | None]] = {
    PRIORITY_PROTECTION: None,
    SAFE_USE: "C",
    STRICT_CONTROL: "D",
}
_BY_LEVEL: Final[Mapping[str | None, Term | None]] = {
    "none": None,
    "slight": "B",
    "light_moderate": "C",
    "heavy": "D",
}
_NOT_GRADED: Final[Mapping[Method, Text]] = {
    "category": Text(
        "未划分类别，是否受污染不明", "no category: not known whether polluted"
    ),
    "census": Text(
        "无普查污染程度，是否受污染不明",
        "no level of the census: not known whether polluted",
    ),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of one year on one unit, as the register has it."""

    code: str
    measure: str
    area_m2: float
    documented: bool
    produce_samples: int | None = None
    produce_compliant: int | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A farmland unit with the measures of the year."""

    division_code: str
    township_code: str | None
    code: str
    area_m2: float
    category: str | None
    pollution_level: str | None
    measures: Sequence[Measure] = ()


def count_units(units: Iterable[Unit], method: Method, settings: Settings) -> list[Row]:
    """Return the row of every unit; those not polluted have nothing in either sum."""
    return [_count(unit, method, settings) for unit in units]


def implemented_m2(
    unit: Unit, measures: Iterable[Measure], settings: Settings
) -> float:
    """Return the area of a unit that some measures lie on, never more than the unit."""
    areas = [one.area_m2 for one in measures]
    if not areas:
        return 0.0
    done = max(areas) if settings.several_measures == "largest" else sum(areas)
    # Areas are stated to 0.01 m2: less than that is no difference.
    return unit.area_m2 if done > unit.area_m2 - PUBLISHED_M2 else done


def _count(unit: Unit, method: Method, settings: Settings) -> Row:
    known = unit.category if method == "category" else unit.pollution_level
    terms = _BY_CATEGORY if method == "category" else _BY_LEVEL
    if known not in terms:
        return _row(unit, "unknown", _NOT_GRADED[method], undetermined=unit.area_m2)
    term = terms[known]
    if term is None:
        clean = Text("不属受污染耕地", "not polluted farmland")
        return _row(unit, "outside", clean)
    return _judge(unit, term, settings)


def _judge(unit: Unit, term: Term, settings: Settings) -> Row:
    """Return the row of a polluted unit that needs measures of a term."""
    fitting = _fitting(unit, term, settings)
    name = _TERMS[term]
    if not fitting:
        return _row(unit, "not_counted", _nothing_fits(unit, name), total=unit.area_m2)
    proved = [one for one in fitting if one.documented]
    if settings.evidence_required and not proved:
        text = Text(f"{name.zh}无佐证资料", f"{name.en} without evidence")
        may = implemented_m2(unit, fitting, settings)
        return _row(unit, "unknown", text, total=unit.area_m2, open_m2=may)
    kept = proved if settings.evidence_required else fitting
    done = implemented_m2(unit, kept, settings)
    grown = any(TERM_OF_MEASURE[one.measure] == "C" for one in kept)
    if grown:
        return _by_produce(unit, kept, done, settings)
    return _done(unit, done, _covering(unit, done, name))


def _fitting(unit: Unit, term: Term, settings: Settings) -> list[Measure]:
    wanted = {term}
    if term == "C" and settings.strict_measures_on_safe_use:
        wanted.add("D")
    return [one for one in unit.measures if TERM_OF_MEASURE[one.measure] in wanted]


def _nothing_fits(unit: Unit, name: Text) -> Text:
    if not unit.measures:
        return Text("本年度无措施记录", "no measure on record this year")
    return Text(f"本年度的措施不属{name.zh}", f"its measures are no {name.en}")


def _covering(unit: Unit, done: float, why: Text) -> Text:
    """Say what share of a unit its measures cover where that is not all of it."""
    if done >= unit.area_m2:
        return why
    share = done / unit.area_m2
    return Text(
        f"{why.zh}；措施覆盖单元的 {share:.1%}",
        f"{why.en}; measures cover {share:.1%} of the unit",
    )


def _by_produce(
    unit: Unit, measures: Sequence[Measure], done: float, settings: Settings
) -> Row:
    """Weigh an area by the share of its produce that complies."""
    samples = sum(one.produce_samples or 0 for one in measures)
    if not samples:
        text = Text("无农产品检测结果", "no result of produce on record")
        return _row(unit, "unknown", text, total=unit.area_m2, open_m2=done)
    share = sum(one.produce_compliant or 0 for one in measures) / samples
    credit = 1.0 if share >= settings.full_credit_share else share
    shown = Text(f"农产品达标率 {share:.0%}", f"{share:.0%} of the produce complies")
    if credit <= 0:
        return _row(unit, "not_counted", shown, total=unit.area_m2)
    return _done(unit, done * credit, _covering(unit, done, shown))


def _done(unit: Unit, counted: float, why: Text) -> Row:
    state: RowState = "counted" if counted >= unit.area_m2 else "partly"
    return _row(unit, state, why, total=unit.area_m2, counted=counted)


def _row(
    unit: Unit,
    state: RowState,
    why: Text,
    *,
    total: float = 0.0,
    counted: float = 0.0,
    open_m2: float = 0.0,
    undetermined: float = 0.0,
) -> Row:
    facts = {
        "category": unit.category,
        "pollution_level": unit.pollution_level,
        "area_m2": unit.area_m2,
        "measures": [one.measure for one in unit.measures],
    }
    return Row(
        unit.division_code,
        unit.township_code,
        unit.code,
        total,
        counted,
        open_m2,
        undetermined,
        state,
        why,
        facts,
    )
