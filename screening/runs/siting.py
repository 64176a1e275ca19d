"""The kind `siting`: may a plant stand here? (shell).

The question is put to the gate (`Gate.work_out`) for the step `siting`: one truth for
this run and for a decision. Nothing is recorded as a decision.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from parcels.register.layers import RESTRICTION_THEMES
from parcels.texts import Text
from screening.distance import buffer_for_display
from screening.distance_rules import DistanceRule, describe_ring, rules_with
from screening.gate import Gate, Judged, Question
from screening.neighbourhood import Feature
from screening.request import GateRequest, InvalidGateRequest, parse_gate_request
from screening.rules.projects import may_pollute_soil
from screening.runs.asked import ParameterFault
from screening.runs.border import read_border
from screening.runs.kind import Kind, RunOrder
from screening.runs.place import (
    LATITUDE_FIELD,
    LONGITUDE_FIELD,
    check_place,
    read_place,
)
from screening.runs.row import Choice, Field
from screening.runs.siting_rows import (
    COLUMNS,
    RingHit,
    SitingMaterial,
    list_siting,
    tally_siting,
    tell_findings,
    told_truth,
)
from screening.runs.tiles import LayerRead, read_around
from screening.runs.upstream import PEOPLE, read_limits, read_ways
from screening.runs.upstream_rows import PondMaterial
from screening.surroundings import Surroundings

_PROJECT: Final = (
    "industry_code",
    "industry_edition",
    "facility",
    "build",
    "may_pollute_soil",
    "emits_heavy_metals",
    "discharges_pollutants",
    "heavily_pollutes_water",
    "discharge_outlet",
    "safety_rebuild",
)
_YES_OR_NO: Final = frozenset(_PROJECT[4:])


@dataclass(frozen=True, slots=True)
class _Site:
    """A piece: a parcel by its code, or ground that was drawn."""

    code: str
    parcel: bool
    geometry: BaseGeometry | None = None


def _request(parameters: Mapping[str, Any], as_of: date) -> GateRequest:
    """Return the question to the gate; raises `InvalidGateRequest`."""
    project: dict[str, Any] = {
        name: parameters[name] == "yes" if name in _YES_OR_NO else parameters[name]
        for name in _PROJECT
        if name in parameters
    }
    use = {"scheme": "gbt21010_2017", "code": parameters["land_use"]}
    body = {"transaction": "siting", "planned_use": use, "project": project}
    return parse_gate_request(body, as_of)


def _check(parameters: Mapping[str, Any]) -> list[ParameterFault]:
    """Return what is wrong with the parameters together."""
    faults = check_place(parameters)
    at_point = "longitude" in parameters
    if at_point and "radius_m" not in parameters:
        text = Text("给出坐标点时必须给出半径。", "must be given with a point.")
        faults.append(ParameterFault("/parameters/radius_m", "missing", text))
    if not (at_point or "parcels" in parameters or "area" in parameters):
        text = Text(
            "须给出拟建地：宗地、范围或坐标点。",
            "give the site: parcels, an area or a point.",
        )
        faults.append(ParameterFault("/parameters/area", "missing", text))
    try:
        _request(parameters, date.min)
    except InvalidGateRequest as invalid:
        faults += [
            ParameterFault(
                f"/parameters/{fault.field.rpartition('.')[2]}",
                "value",
                fault.text,
                fault.value,
            )
            for fault in invalid.faults
        ]
    return faults


def _plan(connection: sa.Connection, order: RunOrder) -> Sequence[_Site]:
    parameters = order.parameters
    sites = [_Site(code, parcel=True) for code in parameters.get("parcels", ())]
    if "area" in parameters:
        drawn = shapely.from_geojson(json.dumps(parameters["area"]))
        sites.append(_Site("area", parcel=False, geometry=drawn))
    place = read_place(order)
    if place is not None:
        round_it = buffer_for_display(place.geometry, parameters["radius_m"])
        sites.append(_Site(place.code, parcel=False, geometry=round_it))
    return sites


def _read(connection: sa.Connection, order: RunOrder, site: _Site) -> SitingMaterial:
    request = _request(order.parameters, order.moment.as_of)
    codes = (site.code,) if site.parcel else ()
    question = Question(request, codes, site.geometry)
    judged = Gate(order.rule_sets).work_out(
        connection, order.scope, question, order.moment
    )
    place = _place(site, judged)
    pond = request.project.facility == "tailings_pond"
    new = request.project.build in (None, "new")
    return SitingMaterial(
        place,
        judged.decision.outcome.value,
        tell_findings(judged.decision.findings),
        _rings(connection, order, judged, place),
        told_truth(may_pollute_soil(judged.facts, judged.rules.parameters)),
        _below(connection, order, place) if pond and new else None,
    )


def _place(site: _Site, judged: Judged) -> Feature:
    subject = judged.extract.subject
    return Feature(
        theme="place",
        layer="place",
        code=site.code,
        name=None,
        category=None,
        division_code=", ".join(subject.division_codes),
        geometry=subject.geometry,
        attributes={},
    )


def _rings(
    connection: sa.Connection, order: RunOrder, judged: Judged, place: Feature
) -> list[RingHit]:
    """Return what lies in the rings of proposed plants, each in its narrowest one."""
    numbers = judged.rules.parameters
    rules = [rule for rule in rules_with(numbers) if rule.target == "proposed_plant"]
    hits: dict[tuple[str, int], RingHit] = {}
    for rule in sorted(rules, key=lambda rule: -rule.ring_m):
        layer = _layer(rule)
        things = read_around(connection, order, [place], rule.ring_m, [layer])
        source = describe_ring(rule, numbers)
        for near in Surroundings(things).around(place, rule.ring_m):
            kinds = rule.source.categories
            if kinds and near.feature.category not in kinds:
                continue
            hit = RingHit(rule.key, near, rule.ring_m, rule.action, source)
            hits[near.feature.layer, near.feature.version_id] = hit
    return sorted(
        hits.values(), key=lambda hit: (hit.near.distance_m, hit.near.feature.code)
    )


def _layer(rule: DistanceRule) -> LayerRead:
    if rule.source.theme == "receptor":
        return LayerRead("receptor")
    return LayerRead("restriction_area", (rule.source.theme,))


def _below(connection: sa.Connection, order: RunOrder, place: Feature) -> PondMaterial:
    limits = read_limits(order)
    reach_m = limits.downstream.metres + limits.corridor.metres
    rivers, terrain = read_ways(connection, order, [place], reach_m)
    across = read_border(
        connection, order, [place], reach_m, ("receptor", "enterprise")
    )
    return PondMaterial(
        ponds=[place],
        water=[],
        people=read_around(connection, order, [place], reach_m, PEOPLE),
        farmland=[],
        rivers=rivers,
        terrain=terrain,
        across=[(one.feature, one.hit) for one in across],
        limits=limits,
    )


def _themes(parameters: Mapping[str, Any]) -> Sequence[str]:
    return (
        *sorted(RESTRICTION_THEMES),
        "farmland_unit",
        "plot",
        "receptor",
        "water_source",
        "water_zone",
    )


def _yes_no(name: str, zh: str, en: str) -> Field:
    choices = (Choice("yes", Text("是", "yes")), Choice("no", Text("否", "no")))
    hint = Text("不填为不明", "not known when left out")
    return Field(name, Text(zh, en), "choice", choices=choices, hint=hint)


def _choice(name: str, title: Text, default: str | None, *pairs: Any) -> Field:
    choices = tuple(Choice(value, Text(zh, en)) for value, zh, en in pairs)
    return Field(name, title, "choice", default=default, choices=choices)


SITING: Final = Kind(
    "siting",
    Text("选址筛查", "Siting"),
    Text(
        "按选址环节的全部规则核查拟建企业：敏感受体、优先保护类耕地集中区域、永久基本农田、"
        "生态保护红线、饮用水水源保护区、长江黄河岸线；图层未覆盖的写明不明。",
        "Checks a proposed plant against every rule for siting: receptors, concentrated"
        " farmland, basic farmland, redline, drinking-water zones, shorelines. A layer"
        " that does not cover the place leaves its rule unknown.",
    ),
    (
        Field("area", Text("拟建范围", "Area of the site"), "polygon"),
        Field("parcels", Text("宗地代码", "Parcel codes"), "codes"),
        LONGITUDE_FIELD,
        LATITUDE_FIELD,
        Field(
            "radius_m",
            Text("半径（米）", "Radius (m)"),
            "number",
            least=1.0,
            most=5000.0,
            hint=Text("给出坐标点时必填", "needed with a point"),
        ),
        Field(
            "industry_code",
            Text("行业代码（GB/T 4754）", "Industry code (GB/T 4754)"),
            "text",
            required=True,
        ),
        _choice(
            "industry_edition",
            Text("行业代码版本", "Edition"),
            "2017",
            ("2017", "2017年版", "2017"),
            ("2011", "2011年版", "2011"),
            ("2002", "2002年版", "2002"),
        ),
        _choice(
            "land_use",
            Text("规划用途（GB/T 21010-2017）", "Planned use (GB/T 21010-2017)"),
            "0601",
            ("0601", "工业用地", "industrial land"),
            ("0602", "采矿用地", "mining land"),
            ("0604", "仓储用地", "storage land"),
            ("0809", "公用设施用地", "land for public utilities"),
        ),
        _choice(
            "facility",
            Text("设施类型", "Facility"),
            "none",
            ("none", "无", "none"),
            ("industrial_solid_waste", "工业固体废物设施", "industrial solid waste"),
            ("hazardous_waste", "危险废物设施", "hazardous waste"),
            ("landfill", "填埋场", "landfill"),
            ("tailings_pond", "尾矿库", "tailings pond"),
            ("chemical_park", "化工园区", "chemical park"),
        ),
        _choice(
            "build",
            Text("建设性质", "Build"),
            "new",
            ("new", "新建", "new"),
            ("extension", "扩建", "extension"),
            ("rebuild", "改建", "rebuilding"),
        ),
        _yes_no("may_pollute_soil", "可能污染土壤", "May pollute soil"),
        _yes_no("emits_heavy_metals", "排放重金属", "Emits heavy metals"),
        _yes_no("discharges_pollutants", "排放污染物", "Discharges pollutants"),
        _yes_no("heavily_pollutes_water", "严重污染水体", "Heavily pollutes water"),
        _yes_no("discharge_outlet", "设置排污口", "Has a discharge outlet"),
        _yes_no("safety_rebuild", "提升安全的改建", "Rebuilding for safety"),
    ),
    COLUMNS,
    _plan,
    _read,
    list_siting,
    tally_siting,
    _themes,
    uses_elevation=True,
    check=_check,
)
