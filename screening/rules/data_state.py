"""Can the answer be relied on as the data stand? Rules I01 to I03, I05, Z99 (core).

All project's own choice except I05. I01, I02, I03 and Z99 run after the other rules:
they judge what those rested on. I04 (a request that asks for no possible thing) is a
refusal and no rule here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from parcels.texts import Text
from screening.facts import Facts
from screening.parameters import Parameters
from screening.rules.instruments import design, liangshan, zhengzhou
from screening.rules.parties import EE, NR
from screening.rules.rule import Finding, closing_rule, rule
from screening.truth import NO, Evidence, Missing, Truth, truth
from screening.vocabulary import SEVERITY, Outcome, Status, Transaction

_CONSULT: Final = SEVERITY[Outcome.CONSULT]

ALWAYS_JUDGED: Final = frozenset({"plot"})
"""Themes whose slivers and points count for every transaction; of the others those
that a rule of the transaction reads."""


@closing_rule(
    "I01",
    title=Text("图层缺失或过期，征求意见", "A layer is missing or past its date"),
    outcome=Outcome.CONSULT,
    reason=Text(
        "所需图层在该地未覆盖或数据已过期，未命中不能作为依据。",
        "A layer that a rule needs does not cover the place or is past its date: no "
        "hit is no proof.",
    ),
    legal_basis=(design(),),
    required_documents=(Text("缺失图层清单", "list of missing layers"),),
    consult=(EE, NR),
    lifts_when=Text("图层补齐或更新", "the layer is loaded or brought up to date"),
)
def absence_is_not_proved(_: Facts, findings: Sequence[Finding]) -> Truth:
    """Tell whether a rule that would stop the transaction rests on a silent layer.

    A rule settled by other facts does not count, nor one that only adds conditions.
    """
    lacking = dict.fromkeys(
        Evidence(
            missing.theme or "",
            None,
            missing.cause,
            division_code=missing.division_code,
        )
        for missing in _silent_layers(findings)
    )
    return Truth(True, evidence=tuple(lacking)) if lacking else NO


def _silent_layers(findings: Sequence[Finding]) -> Iterator[Missing]:
    for finding in findings:
        if finding.rule.severity < _CONSULT or finding.status is Status.MATCHED:
            continue
        yield from (m for m in finding.missing if m.cause == "no_coverage")
        yield from finding.stale


@closing_rule(
    "I02",
    title=Text(
        "仅有点位的对象可能涉及本地块", "A thing known as a point may reach here"
    ),
    outcome=Outcome.CONSULT,
    reason=Text(
        "登记对象仅有中心点和面积（无边界），查询范围不含该点，但在其等效半径与定位误差之内。",
        "A register object is known only by a centre point; the subject does not hold "
        "the point but lies within its equivalent radius and accuracy.",
    ),
    legal_basis=(design(),),
    required_documents=(Text("边界确认", "confirmation of the boundary"),),
    consult=(EE,),
    lifts_when=Text("边界经确认不涉及", "the boundary is confirmed and lies elsewhere"),
    note=Text(
        "公布的名录常只给中心点和面积（格式已核对）；规则为产品设计。",
        "Published lists often give a centre and an area only (format verified); the "
        "rule is our choice.",
    ),
)
def point_may_reach_subject(facts: Facts, findings: Sequence[Finding]) -> Truth:
    """Tell whether a point-only thing may lie on the subject."""
    return _any_theme(facts.imprecise, findings)


@closing_rule(
    "I03",
    title=Text("边界细碎重叠", "Sliver along a boundary"),
    outcome=Outcome.ALLOW_WITH_CONDITIONS,
    reason=Text(
        "与该图层的重叠为细碎面，视为边界误差：按相邻显示并存档，不作为重叠。",
        "The overlap with a theme is a sliver, taken as a mismatch of boundaries: "
        "shown as adjacent, kept in the record, not judged as overlap.",
    ),
    legal_basis=(design(),),
    required_documents=(
        Text("有争议时核实边界", "check of the boundary if it is disputed"),
    ),
    parameters=("sliver_area_m2", "sliver_width_m"),
)
def overlap_is_a_sliver(facts: Facts, findings: Sequence[Finding]) -> Truth:
    """Tell whether the whole overlap with a theme is a sliver."""
    return _any_theme(facts.slivers, findings)


def _any_theme(found: Mapping[str, Truth], findings: Sequence[Finding]) -> Truth:
    if not found:
        return NO
    read = ALWAYS_JUDGED.union(
        *(
            finding.rule.themes
            for finding in findings
            if finding.status is not Status.NOT_APPLICABLE
        )
    )
    result = NO
    # By name: a record keeps no order of members, and a replay finds the same order.
    for theme in sorted(found):
        result = result | (found[theme] if theme in read else NO)
    return result


@rule(
    "I05",
    title=Text("所在县区环评限批", "The county's approvals are limited"),
    marks=frozenset({"liangshan", "zhengzhou"}),
    transactions=frozenset(
        {
            Transaction.GRANT,
            Transaction.ALLOCATE,
            Transaction.FARM_CONVERT,
            Transaction.PROJECT_APPROVAL,
            Transaction.EIA,
            Transaction.SITING,
        }
    ),
    outcome=Outcome.CONSULT,
    reason=Text(
        "所在县（市、区）被实施建设项目环评限批；仅限新建项目，收回、储备和转让不受影响。",
        "Approvals of new projects are limited in the county; take-back, reserve and "
        "resale are not touched.",
    ),
    legal_basis=(liangshan(8, 46), zhengzhou("三(二)2")),
    consult=(EE,),
    lifts_when=Text("限批解除", "the limit is lifted"),
)
def county_is_restricted(facts: Facts, _: Parameters) -> Truth:
    """LS 8, 46; ZZ 三(二)2."""
    return truth(facts.county_restricted)


@closing_rule(
    "Z99",
    title=Text("未命中任何规则", "No rule matched"),
    outcome=Outcome.ALLOW,
    reason=Text(
        "未命中任何规则，查询记录留存。",
        "No rule matched; the record of the query is kept.",
    ),
    legal_basis=(
        zhengzhou("三(三)2"),
        design(Text("全部查询留存属产品设计", "keeping every query is our choice")),
    ),
    required_documents=(Text("查询记录", "record of the query"),),
)
def nothing_found(_: Facts, findings: Sequence[Finding]) -> Truth:
    """Tell whether no rule matched and none is unknown."""
    settled = {Status.NOT_MATCHED, Status.NOT_APPLICABLE}
    return truth(all(finding.status in settled for finding in findings))
