"""Real parcels, sites and zones load through a surveyor's import and answer over HTTP.

The data lie beside the project, not in it: county outlines of Zhengzhou and Liangshan
as they are, and the parcels of Paris 18e, the contaminated sites of Swiss airfields and
the wellhead zones and parcels of Amherst. What is foreign is moved: each real shape
goes, unchanged to the nanometre, from its metric plane (EPSG:2154, 2056, 26986) into
the local 3-degree zone, inside a real county outline, and is written as the survey
file a county sends. Parcel and plot codes are made up; `legacy_code` and `name` keep
the original numbers. Known answers are those that come with the data.
"""

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import geopandas
import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from pyproj import Proj
from starlette.testclient import TestClient

from app.database import Database
from app.main import create_app
from app.migration import sqlalchemy_url
from app.security.keys import create_client
from app.security.principals import Principal
from app.settings import Settings
from app.uploads import find_archive
from parcels.crs import DatumNotConvertible, UnknownCrs
from parcels.surveys.confinement import close_readers
from parcels.surveys.imports import import_file
from parcels.surveys.repository import list_issues
from parcels.surveys.request import UploadRequest
from tests.survey_files import members, zipped

DATA = Path(__file__).resolve().parents[3] / "shared" / "realdata"
ODD = DATA / "odd_shapefiles"
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real data are not here"),
]

LOCAL_SRID, PREFIXED_SRID, PREFIX_M = 4547, 4526, 38_000_000.0
XINZHENG, ZHONGMU = "410184", "410122"
PARIS_MIDDLE, AMHERST_MIDDLE = (477_757, 3_811_375), (499_960, 3_839_480)
"""Where they are moved to: deep inside Xinzheng and Zhongmu, EPSG:4547."""
SAMPLED = 40
OUTCOMES = {
    "deny",
    "require_investigation",
    "insufficient_data",
    "consult",
    "allow_with_conditions",
    "allow",
}
STAGES = {
    "StatusAltlV1": "cleared",
    "StatusAltlV2": "suspected",
    "StatusAltlV3": "risk_acceptable",
    "StatusAltlV6": "candidate",
}
"""Swiss status → stage, as near as the law allows: no harmful effects expected; needs
investigation; polluted but neither to be monitored nor remediated; not yet decided."""
ZONES = {
    "Zone II (approved)": ("level_2", "approved"),
    "IWPA (interim)": ("quasi", "unknown"),
}
"""Amherst zone → level and basis: an interim radius around a well is no approval."""
COUNTIES = "cn_counties/counties_410100_513400.geojson"
SITE_LAYERS = ("polygons", "points")
KINDS = ("crs_contradicts_file", "geometry_outside_crs", "value_not_allowed")
COVERED = ("plot", "water_zone", "water_source")
LAND_USE = ("gbt21010_2017", "0701")
COUNTY_FILE = UploadRequest(
    "division",
    "*",
    date(2024, 1, 1),
    crs=4490,
    mapping={"code": "adcode", "name_zh": "name"},
)


@dataclass(frozen=True)
class Registry:
    """A register that holds real data only: files go in, questions are answered."""

    database: Database
    owner: sa.Engine
    settings: Settings
    client: TestClient
    keys: dict[str, str]

    def load(self, data, name, request, role="surveyor"):
        """Import a file as its bureau does; return the upload and its issues."""
        sender = Principal(UUID(int=0), "测绘院", role, request.division_code)
        archive = find_archive(self.settings)
        with self.database.transaction(sender) as connection:
            upload = import_file(
                connection, archive, io.BytesIO(data), name, request, actor="测绘院"
            )
            return upload, list_issues(connection, upload.id, limit=50_000)

    def take(self, *arguments, **more):
        """Import a file that must be taken whole; return its issues."""
        upload, issues = self.load(*arguments, **more)
        errors = [one.message("en") for one in issues if one.severity == "error"]
        assert upload.state == "committed", (upload.failure, errors[:5])
        return issues

    def rows(self, statement, **values):
        """Read the register past the service, as its owner."""
        with self.owner.connect() as connection:
            return connection.execute(sa.text(statement), values).all()

    def ask(self, method, path, county=XINZHENG, **options):
        """Send a request as the planner of a county."""
        headers = {
            "Authorization": f"Bearer {self.keys[county]}",
            "Accept-Language": "en",
        }
        self.client.cookies.clear()
        return self.client.request(method, path, headers=headers, **options)

    def extract(self, code, county=XINZHENG):
        """Return the themes of a parcel by name."""
        answer = self.ask("GET", f"/v1/parcels/{code}/extract", county)
        assert answer.status_code == 200, answer.text
        assert answer.json()["subject"]["division_codes"] == [county]
        return {theme["theme"]: theme for theme in answer.json()["themes"]}


def declare(layer, division, crs=LOCAL_SRID, **more):
    return UploadRequest(layer, division, date(2024, 1, 1), crs, **more)


def sheet(*lines):
    return "\r\n".join(",".join(map(str, line)) for line in lines).encode("gbk")


def move(geometries, east, north):
    """Move shapes by whole metres in their plane."""
    offset = np.round((east, north))
    return shapely.transform(np.asarray(geometries), lambda xy: xy + offset)


def move_middle(frame, middle, origin=None):
    """Move a layer so that the middle of the box of `origin` comes to `middle`."""
    west, south, east, north = (frame if origin is None else origin).total_bounds
    offset = middle[0] - (west + east) / 2, middle[1] - (south + north) / 2
    moved = frame.set_geometry(move(frame.geometry, *offset))
    return moved.set_crs(LOCAL_SRID, allow_override=True)


def as_stored(frame):
    """Return the plane shapes of what is stored: edges are straight in degrees.

    Sites have edges of a kilometre; straight in degrees they pass centimetres beside
    the straight line of the plane.
    """
    degrees = frame.to_crs(4490)
    return degrees.set_geometry(degrees.segmentize(1e-4)).to_crs(LOCAL_SRID)


def areal_scale(frame):
    """Return how much larger areas are in the zone's plane than on the ellipsoid."""
    points = frame.geometry.representative_point().to_crs(4490)
    return Proj(LOCAL_SRID).get_factors(points.x, points.y).areal_scale


@pytest.fixture(scope="module")
def outlines():
    """Real county outlines in the local plane, by code."""
    frame = geopandas.read_file(DATA / COUNTIES)
    return frame.to_crs(LOCAL_SRID).set_index("adcode").geometry


@pytest.fixture(scope="module")
def registry(copy_database, tmp_path_factory):
    """A register with the county file loaded as it is, and coverage declared."""
    urls = copy_database()
    settings = Settings(data_dir=tmp_path_factory.mktemp("real"))
    owner = sa.create_engine(sqlalchemy_url(urls.owner), poolclass=sa.NullPool)
    with owner.begin() as connection:
        keys = {
            county: create_client(
                connection, name=county, role="planner", scope=county
            )[1]
            for county in (XINZHENG, ZHONGMU)
        }
    database = Database(urls.service, pool_size=1, statement_timeout_s=0)
    with TestClient(create_app(settings, urls.service)) as client:
        made = Registry(database, owner, settings, client, keys)
        made.take((DATA / COUNTIES).read_bytes(), "县界.geojson", COUNTY_FILE)
        for county in keys:
            lines = [
                (f"{county}-{theme}", theme, "20250101", "汇交") for theme in COVERED
            ]
            made.take(
                sheet(("FGDM", "ZT", "SJRQ", "SJLY"), *lines),
                "专题覆盖.csv",
                declare("theme_coverage", county, None, encoding="gbk"),
                "registrar",
            )
        yield made
    close_readers()
    database.close()
    owner.dispose()


# Counties


def test_county_outlines_load_as_they_are(registry):
    found = registry.rows(
        "select left(code, 4), count(*), sum(mapped_area_m2)"
        " from registry.division group by 1 order by 1"
    )
    assert [(code, count) for code, count, _ in found] == [("4101", 12), ("5134", 17)]
    assert found[0][2] / 1e6 == pytest.approx(7568, abs=5)


def test_county_file_sent_by_one_prefecture_names_every_foreign_row(registry):
    request = declare("division", "4101", 4490, mapping=COUNTY_FILE.mapping)
    data = (DATA / COUNTIES).read_bytes()
    upload, issues = registry.load(data, "县界.geojson", request)
    assert upload.state == "checked"
    assert {(one.kind, one.value[:4]) for one in issues} == {
        ("division_outside", "5134")
    }
    assert sorted(one.row for one in issues) == list(range(13, 30))


# Parcels of Paris


@pytest.fixture(scope="module")
def paris():
    """The parcels in Xinzheng: plane geometry, made-up code, id and registered area."""
    path = DATA / "parcels_paris18" / "cadastre-75118-parcelles.json"
    frame = geopandas.read_file(path, columns=["id", "section", "contenance"])
    frame = move_middle(frame.to_crs(2154), PARIS_MIDDLE)
    sections = {name: n for n, name in enumerate(sorted(set(frame["section"])), 1)}
    serial = frame.groupby("section").cumcount() + 1
    frame["code"] = [
        f"{XINZHENG}001{sections[section]:03d}GB{number:05d}"
        for section, number in zip(frame["section"], serial, strict=True)
    ]
    return frame


def write_paris(frame, areas):
    """Return a zipped shapefile as Chinese Windows writes it: all text GBK, no .cpg."""
    fields = (
        ("ZDDM", "C", 19, 0),
        ("YZDH", "C", 14, 0),
        ("ZL", "C", 40, 0),
        ("DLBZ", "C", 14, 0),
        ("DLBM", "C", 4, 0),
        ("ZDMJ", "N", 15, 2),
    )
    rows = [
        (code, original, f"巴黎第十八区{section}段", *LAND_USE, area)
        for code, original, section, area in zip(
            frame["code"], frame["id"], frame["section"], areas, strict=True
        )
    ]
    return zipped(members(list(frame.geometry), fields, rows), names="gbk")


def find_overlaps(frame):
    """Return codes (first row first), area and mean width of each shared piece."""
    shapes, codes = frame.geometry.values, frame["code"].values
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    shared = shapely.intersection(shapes[first], shapes[second])
    area, length = shapely.area(shared), shapely.length(shared)
    return {
        (codes[i], codes[j]): (a, 2 * a / p)
        for i, j, a, p in zip(first, second, area, length, strict=True)
        if a > 0
    }


def cut_overlaps(frame, issues):
    """Return the parcels as a surveyor corrects them: cut from the later row."""
    frame = frame.copy()
    for one in issues:
        if one.kind == "overlap":
            mine, other = one.row - 1, one.details["other_row"] - 1
            cut = shapely.difference(frame.geometry[mine], frame.geometry[other])
            frame.loc[mine, "geometry"] = cut
    return frame


@pytest.fixture(scope="module")
def paris_report(registry, paris):
    """What the import says of the file with the areas of the French register."""
    data = write_paris(paris, paris["contenance"])
    return registry.load(data, "宗地.zip", declare("parcel", XINZHENG, encoding="gbk"))


@pytest.fixture(scope="module")
def parcels(registry, paris, paris_report):
    """The parcels in the register, after the surveyor corrected what was reported.

    Each overlap that is an error is cut from the later row; an area that cannot be
    right, or no longer is, is left out: it is not known.
    """
    _, issues = paris_report
    wrong = {one.row for one in issues if one.severity == "error"}
    areas = [
        None if row in wrong else area
        for row, area in enumerate(paris["contenance"], 1)
    ]
    frame = cut_overlaps(paris, issues)
    data = write_paris(frame, areas)
    request = declare("parcel", XINZHENG, encoding="gbk")
    registry.take(data, "宗地_改正.zip", request)
    return frame


def test_every_sliver_overlap_is_reported_unless_thinner_than_a_millimetre(
    paris, paris_report, outlines
):
    assert outlines[XINZHENG].contains(shapely.box(*paris.total_bounds))
    _, issues = paris_report
    drawn = find_overlaps(paris)
    assert len(drawn) == 28
    told = {
        (one.details["other_code"], paris["code"][one.row - 1]): one
        for one in issues
        if one.kind.startswith("overlap")
    }
    assert set(told) == {pair for pair, (_, width) in drawn.items() if width > 0.001}
    for pair, one in told.items():
        area = drawn[pair][0]
        assert one.kind == ("overlap" if area > 1 else "overlap_slight")
        assert one.details["area_m2"] == pytest.approx(area, abs=0.006)
        assert one.lonlat is not None
    lost = [area for pair, (area, _) in drawn.items() if pair not in told]
    assert len(lost) == 4 and sum(lost) < 0.12


def test_registered_areas_that_do_not_fit_are_reported_one_by_one(paris, paris_report):
    upload, issues = paris_report
    assert upload.state == "checked"
    mapped = paris.area / areal_scale(paris)
    difference = (paris["contenance"] - mapped).abs()
    beyond = difference > np.maximum(1.0, 0.001 * mapped)
    large = beyond & (difference > 0.01 * mapped)
    rows = {
        severity: {
            one.row
            for one in issues
            if one.kind[:5] == "area_" == one.kind[:5] and one.severity == severity
        }
        for severity in ("error", "warning")
    }
    assert rows["error"] == set(np.flatnonzero(large) + 1)
    assert rows["warning"] == set(np.flatnonzero(beyond & ~large) + 1)


def test_all_parcels_are_in_the_register_with_their_area(registry, parcels, paris):
    found = registry.rows(
        "select legacy_code, mapped_area_m2, registered_area_m2, location, survey_srid"
        " from registry.parcel where division_code = :county",
        county=XINZHENG,
    )
    mapped = {one.legacy_code: one.mapped_area_m2 for one in found}
    assert len(mapped) == 6821 and set(mapped) == set(paris["id"])
    assert all("巴黎第十八区" in one.location for one in found)
    assert {one.survey_srid for one in found} == {LOCAL_SRID}
    expected = (parcels.area / areal_scale(parcels)).set_axis(parcels["id"])
    differences = [abs(area / expected[key] - 1) for key, area in mapped.items()]
    assert max(differences) < 1e-5
    assert parcels.area.sum() == pytest.approx(4_477_447 - 3.34, abs=1)
    assert sum(mapped.values()) == pytest.approx(expected.sum(), rel=1e-6)
    ratios = [
        mapped[key] / area
        for key, area in zip(paris["id"], paris["contenance"], strict=True)
    ]
    assert np.quantile(ratios, [0.01, 0.5, 0.99]).round(3).tolist() == [
        0.951,
        1.0,
        1.062,
    ]


def test_parcel_answers_by_code_with_its_original_number(registry, parcels):
    one = parcels.iloc[1234]
    answer = registry.ask("GET", f"/v1/parcels/{one['code']}")
    assert answer.status_code == 200
    assert answer.json()["legacy_code"] == one["id"]
    assert registry.ask("GET", f"/v1/parcels/{one['code']}", ZHONGMU).status_code == 404


# Contaminated sites of Swiss airfields, airfield by airfield on Paris parcels


@pytest.fixture(scope="module")
def sites(parcels):
    """Polygons and points with stage and plot code, moved onto the parcels."""
    path = DATA / "contaminated_ch_airfields" / "sites.gpkg"
    layers = [geopandas.read_file(path, layer=f"site_{one}") for one in SITE_LAYERS]
    frame = geopandas.pd.concat(layers, ignore_index=True)
    airfields = shapely.union_all(frame.buffer(1500)).geoms
    frame["airfield"] = shapely.STRtree(airfields).query(
        frame.geometry.representative_point(), predicate="within"
    )[1]
    moved = frame.geometry.copy()
    for number, (_, group) in enumerate(frame.groupby("airfield")):
        target = parcels.geometry.iloc[number * 280 + 100].representative_point()
        origin = group.geometry.iloc[0].representative_point()
        offset = target.x - origin.x, target.y - origin.y
        moved.loc[group.index] = move(group.geometry, *offset)
    frame = frame.set_geometry(moved).set_crs(LOCAL_SRID, allow_override=True)
    frame["stage"] = frame["status_code"].map(STAGES)
    frame["code"] = [f"{XINZHENG}156{n:04d}" for n in range(1, len(frame) + 1)]
    frame["name"] = "Standort " + frame["restriction_id"].astype(str)
    return frame


@pytest.fixture(scope="module")
def plots(registry, sites, tmp_path_factory):
    """The sites in the register: polygons by GeoPackage, points by a CSV sheet."""
    usual = {"code": "DKBM", "name": "DKMC", "stage": "JD"}
    is_point = sites.geom_type == "Point"
    path = tmp_path_factory.mktemp("sites") / "sites.gpkg"
    columns = [*usual, "geometry"]
    sites.loc[~is_point, columns].rename(columns=usual).to_file(path, layer="地块")
    request = declare("plot", XINZHENG)
    registry.take(path.read_bytes(), "污染地块.gpkg", request, "registrar")
    lines = [
        (
            one.code,
            one.name_,
            one.stage,
            f"{one.geometry.x:.3f}",
            f"{one.geometry.y:.3f}",
        )
        for one in sites[is_point].rename(columns={"name": "name_"}).itertuples()
    ]
    data = sheet(("DKBM", "DKMC", "JD", "东坐标", "北坐标"), *lines)
    request = declare("plot", XINZHENG, encoding="gbk")
    registry.take(data, "污染地块_仅有点位.csv", request, "registrar")
    return sites


def sample(parcels, plots):
    """Return parcels that a site polygon meets, that hold a point, and others."""
    areas = plots[plots.geom_type != "Point"]
    points = plots[plots.geom_type == "Point"]
    met = parcels.index[parcels.intersects(areas.union_all())]
    holding = parcels.index[parcels.intersects(points.union_all())]
    random = np.random.default_rng(18)
    chosen = [
        random.choice(group, min(SAMPLED, len(group)), replace=False)
        for group in (met, holding, parcels.index.difference(met.union(holding)))
    ]
    assert all(len(group) >= 15 for group in chosen), list(map(len, chosen))
    return parcels.loc[np.unique(np.concatenate(chosen))]


def test_every_site_is_in_the_register_with_its_stage(registry, plots):
    found = registry.rows(
        "select stage, geometrytype(geom) as kind, count(*) as number"
        " from registry.plot group by 1, 2"
    )
    number = {(one.stage, one.kind): one.number for one in found}
    assert number == {
        ("cleared", "MULTIPOLYGON"): 36,
        ("risk_acceptable", "MULTIPOLYGON"): 19,
        ("suspected", "MULTIPOLYGON"): 1,
        ("candidate", "MULTIPOLYGON"): 1,
        ("cleared", "POINT"): 40,
        ("risk_acceptable", "POINT"): 11,
    }


def test_extracts_of_sampled_parcels_measure_the_real_sites(registry, parcels, plots):
    areas = as_stored(plots[plots.geom_type != "Point"])
    points = plots[plots.geom_type == "Point"]
    ground = areas.union_all()
    for one in as_stored(sample(parcels, plots)).itertuples():
        plot = registry.extract(one.code)["plot"]
        told = plot["share"] + plot["sliver_area_m2"] / one.geometry.area
        common = one.geometry.intersection(ground).area
        assert told == pytest.approx(common / one.geometry.area, abs=1e-5), one.code
        on = {item["code"] for item in plot["items"] if item["relation"] == "on"}
        inside = set(points["code"][points.within(one.geometry)])
        assert {item["code"] for item in plot["items"] if item["point_only"]} >= inside
        assert inside <= on
        expected = set(areas["code"][areas.intersection(one.geometry).area > 1])
        assert expected <= on | {
            item["code"] for item in plot["items"] if item["relation"] == "sliver"
        }
        assert plot["status"] != "clear" or not inside | expected


def decide(registry, code, county, **more):
    """Ask the gate; what it answers is recorded and can be read again."""
    request = {"transaction": "transfer", "subject": {"parcel_code": code}, **more}
    answer = registry.ask("POST", "/v1/gate/decisions", county, json=request)
    assert answer.status_code == 201, answer.text
    decision = answer.json()
    assert decision["outcome"] in OUTCOMES and decision["findings"]
    return decision


def test_gate_decides_on_every_sampled_parcel(registry, parcels, plots):
    areas = plots[plots.geom_type != "Point"]
    seen = {}
    for one in sample(parcels, plots).itertuples():
        outcome = decide(registry, one.code, XINZHENG)["outcome"]
        stages = frozenset(areas["stage"][areas.intersection(one.geometry).area > 1])
        seen.setdefault(stages, set()).add(outcome)


# Wellhead zones and parcels of Amherst


@pytest.fixture(scope="module")
def amherst(registry, tmp_path_factory):
    """Zones, twice (as zones and as the sources they protect), and parcels in Zhongmu.

    Give both in the plane and the parcels' codes. The parcels' areas are given in acres
    of several origins and left out.
    """
    folder = DATA / "wellhead_amherst"
    zones, parcels = (
        geopandas.read_file(folder / f"{name}.geojson").to_crs(26986)
        for name in ("wellhead_protection", "parcels")
    )
    parcels = move_middle(parcels, AMHERST_MIDDLE, zones)
    zones = move_middle(zones, AMHERST_MIDDLE)
    parcels["code"] = [f"{ZHONGMU}002001GB{n:05d}" for n in range(1, 25)]
    data = write_parcels(parcels, tmp_path_factory.mktemp("amherst"))
    request = declare("parcel", ZHONGMU, PREFIXED_SRID)
    _, issues = registry.load(data, "宗地.gpkg", request)
    told = [one.message("en") for one in issues if one.severity == "error"]
    assert told == ["Row 20: overlaps row 18 (410122002001GB00018) by 3.54 m²."]
    corrected = cut_overlaps(parcels, issues)
    data = write_parcels(corrected, tmp_path_factory.mktemp("amherst"))
    registry.take(data, "宗地_改正.gpkg", request)
    for layer, data in write_zones(zones):
        request = declare(layer, ZHONGMU, encoding="gbk")
        registry.take(data, f"{layer}.zip", request, "registrar")
    return zones, parcels


def write_parcels(parcels, folder):
    """Return a GeoPackage with the zone's number before the easting."""
    sent = geopandas.GeoDataFrame(
        {"ZDDM": parcels["code"], "YZDH": parcels["LOC_ID"]},
        geometry=move(parcels.geometry, PREFIX_M, 0),
        crs=PREFIXED_SRID,
    )
    sent.to_file(folder / "parcels.gpkg", layer="宗地")
    return (folder / "parcels.gpkg").read_bytes()


def write_zones(zones):
    """Return zipped shapefiles of the zones and of the sources they protect."""
    shapes = list(zones.geometry)
    zone_fields = [(name, "C", 16, 0) for name in ("BHQDM", "SYDM", "JB", "YJ")]
    rows = [
        (f"BHQ{one.OBJECTID}", f"SY{one.PWS_ID}", *ZONES[one.ZONE_TYPE])
        for one in zones.itertuples()
    ]
    yield "water_zone", zipped(members(shapes, zone_fields, rows, name="保护区"))
    source_fields = (("SYDM", "C", 16, 0), ("SYMC", "C", 60, 0))
    rows = [(f"SY{one.OBJECTID}", one.SUPPLIER) for one in zones.itertuples()]
    yield "water_source", zipped(members(shapes, source_fields, rows, name="水源"))


def test_parcels_on_the_zones_and_the_area_of_their_union(registry, amherst, outlines):
    zones, parcels = amherst
    assert outlines[ZHONGMU].contains(shapely.box(*zones.total_bounds))
    answers = [
        registry.extract(code, ZHONGMU)["water_zone"] for code in parcels["code"]
    ]
    concerned = [one for one in answers if one["status"] == "concerned"]
    assert len(concerned) == 4
    assert {one["status"] for one in answers} == {"concerned", "clear"}
    assert sum(one["area_m2"] for one in concerned) == pytest.approx(388_250, abs=5)


def test_ground_in_two_zones_counts_once(registry, amherst):
    zones, _ = amherst
    first, second = zones.sindex.query(zones.geometry, predicate="overlaps")
    shared = zones.geometry.values[first].intersection(zones.geometry.values[second])
    point = shared[shared.area.argmax()].representative_point()
    square = geopandas.GeoSeries([point.buffer(20, cap_style="square")], crs=LOCAL_SRID)
    body = {"geometry": shapely.geometry.mapping(square.to_crs(4490)[0])}
    answer = registry.ask("POST", "/v1/extracts", ZHONGMU, json=body)
    themes = {theme["theme"]: theme for theme in answer.json()["themes"]}
    items = themes["water_zone"]["items"]
    inside = set(zones["OBJECTID"][zones.contains(point.buffer(29))])
    assert {item["code"] for item in items} == {f"BHQ{one}" for one in inside}
    assert len(inside) >= 2
    assert sum(item["share"] for item in items) == pytest.approx(len(inside))
    assert themes["water_zone"]["share"] == 1.0


def test_parcels_within_500_and_1000_m_of_a_zone_by_the_distances_of_extracts(
    registry, amherst
):
    zones, parcels = amherst
    ground = zones.union_all()
    nearest = []
    for one in parcels.itertuples():
        source = registry.extract(one.code, ZHONGMU)["water_source"]
        distances = [item["distance_m"] for item in source["items"]]
        expected = one.geometry.distance(ground)
        nearest.append(min(distances, default=None))
        if expected <= 1000:
            assert nearest[-1] == pytest.approx(expected, abs=0.02)
        else:
            assert source["status"] == "clear"
    near = [one for one in nearest if one is not None]
    assert (sum(one <= 500 for one in near), len(near)) == (11, 18)


@pytest.mark.parametrize(("metres", "count"), [(500, 11), (1000, 18), (3000, 24)])
def test_parcels_within_a_distance_by_look_up(registry, amherst, metres, count):
    zones, _ = amherst
    around = zones.buffer(metres, quad_segs=64).union_all()
    degrees = geopandas.GeoSeries([around], crs=LOCAL_SRID).to_crs(4490)[0]
    body = {"geometry": shapely.geometry.mapping(degrees)}
    answer = registry.ask("POST", "/v1/parcels/lookup", ZHONGMU, json=body)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["items"]) == count


def test_gate_decides_on_every_parcel_of_amherst(registry, amherst):
    for code in amherst[1]["code"]:
        decide(registry, code, ZHONGMU)


# What does not carry over


SITES = DATA / "contaminated_ch_airfields" / "sites.gpkg"
PARIS = DATA / "parcels_paris18" / "cadastre-75118-parcelles.json"


def pack(*names):
    """Return a zip of files as they are."""
    return zipped({Path(name).name: (ODD / name).read_bytes() for name in names})


def family(stem, *suffixes):
    return pack(*(f"{stem}.{suffix}" for suffix in suffixes))


@pytest.fixture
def untouched(registry):
    """Look whether a file that is not taken left anything in register or scratch."""
    state = "select number from registry.change_head"
    counts = (
        "select (select count(*) from registry.parcel),"
        " (select count(*) from registry.plot), (select count(*) from registry.change)"
    )
    before = registry.rows(state), registry.rows(counts)
    yield
    assert (registry.rows(state), registry.rows(counts)) == before
    assert not list((registry.settings.data_dir / "uploads" / "scratch").iterdir())


@pytest.mark.parametrize("srid", [2056, 2154, 2249, 26986])
def test_foreign_coordinate_systems_are_refused_by_name(srid):
    with pytest.raises(UnknownCrs) as refusal:
        declare("plot", XINZHENG, srid)
    assert refusal.value.en == (
        f"EPSG:{srid} is not supported; deliver CGCS2000 degrees (4490) or a"
        " Gauss-Krüger zone of 3 or 6 degrees."
    )
    assert f"EPSG:{srid}" in refusal.value.zh


@pytest.mark.parametrize("srid", [2362, 2383, 2435, 4610, 4214])
def test_old_chinese_datums_are_refused_as_not_convertible(srid):
    with pytest.raises(DatumNotConvertible) as refusal:
        declare("parcel", XINZHENG, srid)
    assert "cannot be brought to CGCS2000 reliably" in refusal.value.en


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("layer", SITE_LAYERS)
def test_swiss_sites_declared_as_local_are_refused_row_by_row(registry, layer):
    request = declare(
        "plot",
        XINZHENG,
        member=f"site_{layer}",
        mapping={"code": "restriction_id", "stage": "status_code"},
    )
    upload, issues = registry.load(SITES.read_bytes(), SITES.name, request, "registrar")
    assert upload.state == "checked" and upload.accepted_count == 0
    told = {kind: [one for one in issues if one.kind == kind] for kind in KINDS}
    assert told["crs_contradicts_file"][0].details["found"] == "EPSG:2056"
    outside = [one.row for one in told["geometry_outside_crs"]]
    assert outside == list(range(1, upload.row_count + 1))
    assert "StatusAltlV1" in told["value_not_allowed"][0].message("en") + str(
        [one.value for one in told["value_not_allowed"]]
    )


@pytest.mark.usefixtures("untouched")
def test_swiss_sites_of_two_layers_need_one_named(registry):
    request = declare("plot", XINZHENG)
    upload, _ = registry.load(SITES.read_bytes(), SITES.name, request, "registrar")
    assert upload.state == "failed"
    assert upload.failure["reason"] == "several_layers"
    assert "site_polygons, site_points" in upload.failure["en"]


@pytest.mark.usefixtures("untouched")
def test_paris_as_published_is_refused_row_by_row(registry):
    request = declare("parcel", XINZHENG, 4326, mapping={"code": "id"})
    upload, issues = registry.load(PARIS.read_bytes(), PARIS.name, request)
    assert upload.state == "checked" and upload.accepted_count == 0
    assert dict(upload.issue_counts)["code_malformed"] == 6821
    assert dict(upload.issue_counts)["geometry_outside_crs"] == 6821


REFUSED_WHOLE = {
    "noshp": (lambda: (ODD / "shapefile_js/noshp.zip").read_bytes(), "no_layer"),
    "htmlcpg": (
        lambda: family("shapefile_js/htmlcpg", "cpg", "dbf", "prj", "shp"),
        "member_missing",
    ),
    "gbk": (lambda: pack("mapshaper/gbk.dbf"), "no_layer"),
}


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("case", REFUSED_WHOLE)
def test_odd_archive_is_refused_with_its_reason(registry, case):
    make, reason = REFUSED_WHOLE[case]
    request = declare("parcel", XINZHENG, encoding="gbk")
    upload, _ = registry.load(make(), f"{case}.zip", request)
    assert upload.state == "failed", upload.issue_counts
    assert upload.failure["reason"] == reason


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("suffix", ["dbf", "shp"])
def test_bare_member_is_refused_with_what_to_send(registry, suffix):
    data = (ODD / "mapshaper" / f"chinese.{suffix}").read_bytes()
    request = declare("plot", XINZHENG, encoding="gbk")
    upload, _ = registry.load(data, f"chinese.{suffix}", request, "registrar")
    assert upload.failure["reason"] == "bare_shapefile"
    assert "together in one .zip" in upload.failure["en"]


@pytest.mark.usefixtures("untouched")
def test_gbk_text_is_read_and_its_point_outside_china_located(registry):
    data = family("mapshaper/chinese", "dbf", "prj", "shp", "shx")
    mapping = {"code": "NAME", "name": "NAME"}
    request = declare("plot", XINZHENG, 4490, encoding="gbk", mapping=mapping)
    upload, issues = registry.load(data, "chinese.zip", request, "registrar")
    assert upload.state == "checked"
    outside = next(one for one in issues if one.kind == "geometry_outside_crs")
    assert outside.row == 1 and "-248.7" in outside.message("zh")


@pytest.mark.usefixtures("untouched")
def test_invalid_polygon_of_a_mixed_case_archive_is_located(registry):
    data = (ODD / "shapefile_js/mixedcase.zip").read_bytes()
    request = declare("parcel", XINZHENG, encoding="utf-8")
    upload, issues = registry.load(data, "mixedcase.zip", request)
    assert upload.state == "checked" and upload.row_count == 40
    assert dict(upload.issue_counts)["crs_contradicts_file"] == 1


@pytest.mark.usefixtures("untouched")
def test_points_in_feet_without_prj_are_refused_row_by_row(registry):
    data = family("gisdata/points_epsg2249_no_prj", "dbf", "shp", "shx")
    request = declare("plot", XINZHENG, encoding="utf-8")
    upload, issues = registry.load(data, "points.zip", request, "registrar")
    assert upload.state == "checked" and upload.accepted_count == 0
