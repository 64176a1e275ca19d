"""The report of a period: every figure with its target, its places and its rows (core).

月报、季报、年报 (R-E03, R-E04): made from the document of the indicators alone, so a
report of a snapshot says what the snapshot says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from parcels.codes import WHOLE_COUNTRY
from parcels.refusal import Language
from parcels.texts import Text
from screening.indicators.account import RATES, TITLES, Account
from screening.reports.document import Document, Form, Table, head
from screening.runs.row import Words

_KINDS: Final[Mapping[str, Text]] = {
    "month": Text("土壤环境指标月报", "Soil indicators, monthly"),
    "quarter": Text("土壤环境指标季报", "Soil indicators, quarterly"),
    "year": Text("土壤环境指标年报", "Soil indicators, yearly"),
}
_ABOUT: Final = Text(
    "按图斑、地块逐一核算；不明的不计入分子，并单独列出。",
    "Counted parcel by parcel; what is not known is not in the numerator and is told.",
)
_CLOSING: Final = Text(
    "标“凭记忆”“项目默认”的参数无官方文本可核对，使用前请主管部门确认。",
    "Parameters marked recalled or proposed were not checked against an official text;"
    " have the authority confirm them.",
)
_MARKS: Final[Mapping[str, Text]] = {
    "verified": Text("已核对", "verified"),
    "recalled": Text("凭记忆", "recalled"),
    "proposed": Text("项目默认", "proposed"),
}
_SHORT: Final[Mapping[str, Text]] = {
    "polluted_farmland_rate": Text("耕地明细（类别）", "Farmland (category)"),
    "polluted_farmland_rate_census": Text("耕地明细（普查）", "Farmland (census)"),
    "contaminated_plot_rate": Text("地块明细（面积）", "Plots (area)"),
    "contaminated_plot_rate_by_count": Text("地块明细（个数）", "Plots (number)"),
    "classification_coverage": Text("未划类别明细", "Without category"),
    "rectification_rate": Text("整治任务明细", "Rectification tasks"),
}


def write_indicator_report(
    made: Account,
    language: Language,
    words: Words,
    *,
    made_at: str,
    kept: str | None,
) -> Document:
    """Return the report of some figures.

    Parameters
    ----------
    words
        Puts a coded value of a group into words.
    made_at
        ISO 8601: when a snapshot was kept, else when it was counted.
    kept
        What names the snapshot; None for figures counted just now.
    """
    figures = made.figures
    place = _namer(figures, language)
    return Document(
        language,
        f"{_KINDS[figures['period_kind']].of(language)} {figures['period']}",
        _ABOUT.of(language),
        f"{figures['division_code']} {figures['period']} {kept or ''}".strip(),
        made_at,
        _facts(figures, language, place, made_at, kept),
        tuple(_tables(made, language, words, place)),
        _CLOSING.of(language),
    )


def _namer(figures: Mapping[str, Any], language: Language) -> Callable[[str], str]:
    def name(code: str | None) -> str:
        if code == WHOLE_COUNTRY:
            return Text("全国", "whole country").of(language)
        zh, en = figures["names"].get(code, (None, None))
        said = (en or zh) if language == "en" else zh
        return f"{said} {code}" if said else (code or "—")

    return name


def _facts(
    figures: Mapping[str, Any],
    language: Language,
    place: Callable[[str], str],
    made_at: str,
    kept: str | None,
) -> list[tuple[str, str]]:
    counted_now = Text("即时核算，未留存", "counted now, not kept")
    facts = [
        (Text("行政区", "Division"), place(figures["division_code"])),
        (Text("期间", "Period"), f"{figures['first_on']} – {figures['last_on']}"),
        (Text("数据截止", "As of"), figures["as_of"]),
        (Text("数据变更号", "Change of the register"), str(figures["change"])),
        (Text("快照", "Snapshot"), kept or counted_now.of(language)),
        (Text("时间", "At"), made_at[:19].replace("T", " ")),
    ]
    return [(name.of(language), value) for name, value in facts]


def _tables(
    made: Account, language: Language, words: Words, place: Callable[[str], str]
) -> Iterator[Table]:
    figures = made.figures
    yield _rates(figures, language)
    yield _targets(figures, language)
    yield _amounts(figures, language)
    yield _places(figures, language, place)
    yield _categories(figures, language, words, place)
    if figures["warnings"]:
        yield _warnings(figures, language, place)
    for name in RATES:
        if made.rows[name] and name != "contaminated_plot_rate_by_count":
            yield _rows(name, made.rows[name], language, place)
    yield _settings(figures, language)


def _rates(figures: Mapping[str, Any], language: Language) -> Table:
    unit = {"m2": Text("平方米", "m²"), "count": Text("个", "number")}
    rows = [
        [
            one["title"][language],
            one["rate"],
            one["numerator"],
            one["denominator"],
            one["open"] + one["undetermined"],
            unit[one["unit"]].of(language),
            one["at_least"],
            one["at_most"],
        ]
        for one in figures["rates"]
    ]
    headings = head(
        language,
        ("指标", "Indicator", "", 2.4),
        ("比率", "Rate", "share", 0.8),
        ("分子", "Numerator", "m2", 1.2),
        ("分母", "Denominator", "m2", 1.2),
        ("不明", "Not known", "m2", 1.1),
        ("单位", "Unit", "", 0.7),
        ("至少", "At least", "share", 0.8),
        ("至多", "At most", "share", 0.8),
    )
    return Table(Text("指标", "Indicators").of(language), "", headings, rows)


def _targets(figures: Mapping[str, Any], language: Language) -> Table:
    rows = [
        [
            one["title"][language],
            _source(target, language),
            _wanted(target, language),
            target["due_on"] or target["due_text"],
            target["verdict_text"][language],
            _MARKS[target["confidence"]].of(language),
        ]
        for one in (*figures["rates"], *figures["amounts"])
        for target in one["targets"]
    ]
    headings = head(
        language,
        ("指标", "Indicator", "", 1.8),
        ("文件", "Document", "", 2.0),
        ("目标", "Target", "", 1.0),
        ("期限", "By", "", 0.9),
        ("判断", "Verdict", "", 1.0),
        ("核对", "Source", "", 0.7),
    )
    return Table(Text("目标对照", "Targets").of(language), "", headings, rows)


def _source(target: Mapping[str, Any], language: Language) -> str:
    """Return document and clause; figures kept earlier name them in Chinese alone."""
    if "source_text" in target:
        return str(target["source_text"][language])
    return f"{target['document']} {target['clause']}"


def _wanted(target: Mapping[str, Any], language: Language) -> str:
    units = {"10^4 mu": Text("万亩", "×10⁴ mu"), "%": Text("%", "%")}
    unit = units.get(target["unit"], Text("", "")).of(language)
    if target["value"] is None:
        note = target["note"]
        said = note if isinstance(note, str) else note[language]
        return str(said or target["comparison_text"][language])
    value = f"{target['value']:g}{unit}"
    if target["comparison"] == "approx" and language == "zh":
        return f"{value}左右"
    return f"{target['comparison_text'][language]} {value}"


def _amounts(figures: Mapping[str, Any], language: Language) -> Table:
    rows = [
        [
            one["title"][language],
            one["area_m2"],
            one["area_mu"],
            one["area_wan_mu"],
            one["area_ha"],
        ]
        for one in figures["amounts"]
    ]
    headings = head(
        language,
        ("面积指标", "Area", "", 2.4),
        ("平方米", "m²", "m2", 1.2),
        ("亩", "mu", "m2", 1.0),
        ("万亩", "×10⁴ mu", "number", 1.0),
        ("公顷", "ha", "number", 1.0),
    )
    return Table(Text("面积", "Areas").of(language), "", headings, rows)


def _places(
    figures: Mapping[str, Any], language: Language, place: Callable[[str], str]
) -> Table:
    rows = [
        [
            one["title"][language],
            place(part["township_code"] or part["division_code"]),
            part["rate"],
            part["numerator"],
            part["denominator"],
            part["open"] + part["undetermined"],
        ]
        for one in figures["rates"]
        for part in (one["townships"] or one["counties"])
    ]
    headings = head(
        language,
        ("指标", "Indicator", "", 2.0),
        ("县、乡镇", "County, township", "", 1.6),
        ("比率", "Rate", "share", 0.8),
        ("分子", "Numerator", "m2", 1.2),
        ("分母", "Denominator", "m2", 1.2),
        ("不明", "Not known", "m2", 1.1),
    )
    return Table(Text("分县乡", "By place").of(language), "", headings, rows)


def _categories(
    figures: Mapping[str, Any],
    language: Language,
    words: Words,
    place: Callable[[str], str],
) -> Table:
    rows = [
        [
            place(one["township_code"] or one["division_code"]),
            words("category", one["category"]),
            one["units"],
            one["area_m2"],
        ]
        for one in figures["categories"]
    ]
    headings = head(
        language,
        ("县、乡镇", "County, township", "", 1.6),
        ("类别", "Category", "", 1.2),
        ("单元数", "Units", "count", 0.8),
        ("面积（平方米）", "Area (m²)", "m2", 1.2),
    )
    return Table(Text("类别面积", "Categories").of(language), "", headings, rows)


def _warnings(
    figures: Mapping[str, Any], language: Language, place: Callable[[str], str]
) -> Table:
    note = Text(
        "优先保护类耕地面积减少的县（市、区）应预警提醒，并依法采取环评限批等措施。",
        "Counties whose priority protection shrank are to be warned; limits on EIA"
        " approvals follow in law.",
    )
    rows = [
        [
            place(one["division_code"]),
            one["effective_on"],
            one["before_m2"],
            one["after_m2"],
            one["restricted"],
        ]
        for one in figures["warnings"]
    ]
    headings = head(
        language,
        ("县", "County", "", 1.6),
        ("生效日", "From", "", 1.0),
        ("此前（平方米）", "Before (m²)", "m2", 1.2),
        ("此后（平方米）", "After (m²)", "m2", 1.2),
        ("环评限批", "EIA limited", "", 0.8),
    )
    name = Text("优先保护预警", "Warnings").of(language)
    return Table(name, note.of(language), headings, rows)


def _named(row: Mapping[str, Any], language: Language) -> str:
    """Return what a row is of; older snapshots hold one text for both languages."""
    problem = row.get("problem") or row["code"]
    return problem[language] if isinstance(problem, dict) else str(problem)


def _rows(
    name: str,
    rows: Sequence[Mapping[str, Any]],
    language: Language,
    place: Callable[[str], str],
) -> Table:
    form: Form = "count" if name == "rectification_rate" else "m2"
    told = [
        [
            _named(row, language),
            place(row["township_code"] or row["division_code"]),
            row["total"] or row["undetermined"],
            row["counted"],
            row["state_text"][language],
            row["why"][language],
            _done(row, language),
        ]
        for row in rows
    ]
    headings = head(
        language,
        ("对象", "Of", "", 1.6),
        ("所在", "Where", "", 1.2),
        ("面积或个数", "Size", form, 1.0),
        ("计入", "Counted", form, 1.0),
        ("结果", "Result", "", 0.8),
        ("理由", "Why", "", 1.8),
        ("措施、责任人、佐证", "Measures, person, evidence", "", 1.8),
    )
    return Table(_SHORT[name].of(language), TITLES[name].of(language), headings, told)


def _done(row: Mapping[str, Any], language: Language) -> str:
    said = [
        " ".join(
            str(part)
            for part in (
                one["measure_text"][language],
                one["responsible_person"],
                one["evidence"],
            )
            if part
        )
        for one in row.get("measures") or ()
    ]
    return "；".join(said) if language == "zh" else "; ".join(said)


def _settings(figures: Mapping[str, Any], language: Language) -> Table:
    rows = [
        [
            one["source"][language],
            str(one["value"]),
            _MARKS[one["confidence"]].of(language),
        ]
        for one in figures["settings"]
    ]
    headings = head(
        language,
        ("参数", "Parameter", "", 3.0),
        ("取值", "Value", "", 0.8),
        ("核对", "Source", "", 0.7),
    )
    return Table(Text("核算参数", "Method").of(language), "", headings, rows)
