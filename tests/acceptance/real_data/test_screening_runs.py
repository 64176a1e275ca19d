"""Screening runs on real data, each beside an answer worked out without the program.

Amherst's zones and parcels as they are moved into Zhongmu; soil of the Sinú (25 sites,
metals with pH) and outlines of Swiss sites as works beside them; a real elevation grid
of 3 arc seconds. Moved: places by a shift, the grid by its origin.
"""

from functools import partial

import geopandas
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
import shapely.affinity
from affine import Affine
from pyproj import Geod

from tests.real_surveys import DATA, LOCAL_SRID, REAL_DATA, SITES, ZHONGMU

pytestmark = REAL_DATA

COMMON = {"division_code": ZHONGMU, "valid_from": "2024-01-01"}
LIMITS = DATA.parent / "domain" / "gb15618_screening.csv"
METALS = ("Cd", "Cr", "Hg", "Ni", "Pb", "Zn")
SOIL_AT, GRID_AT = (114.13, 34.60), (113.95, 34.62)
"""Middles of the soil sites and of the elevation grid."""


@pytest.fixture(scope="module")
def officer(registry):
    return registry.officer(ZHONGMU)


@pytest.fixture
def screened(registry, officer):
    """Order a run, carry it out, return it with its rows."""
    return partial(registry.screen, officer)


def create(registry, key, path, **values):
    answer = registry.send(key, f"/v1/{path}", {**COMMON, **values})
    assert answer.status_code == 201, answer.text


def mapping(shape):
    return shapely.geometry.mapping(shape)


# ---- layer on layer ----
def test_zones_on_parcels_are_those_of_geopandas(screened, amherst):
    zones, parcels = amherst
    run, rows = screened("overlay", left="parcel", right="water_zone")
    pieces = geopandas.overlay(
        parcels[["code", "geometry"]], zones[["OBJECTID", "geometry"]]
    )
    expected = {
        (code, f"BHQ{zone}"): area
        for code, zone, area in zip(
            pieces["code"], pieces["OBJECTID"], pieces.area, strict=True
        )
        if area > 0.01
    }
    found = {
        (row["values"]["code"], row["values"]["other_code"]): row["values"]["area_m2"]
        for row in rows
        if row["values"]["row"] == "pair"
    }
    assert found.keys() == expected.keys() and len(found) >= 4
    for pair, area in expected.items():
        # The plane is up to 1e-4 off so near its meridian; areas are ellipsoidal.
        assert found[pair] == pytest.approx(area, rel=2e-4, abs=4.0)
    # Zones overlap each other: of the whole each parcel's ground counts once.
    total = sum(r["values"]["area_m2"] for r in rows if r["values"]["row"] == "total")
    assert total == pytest.approx(388_250, abs=5)
    assert run["summary"]["rows"] == len(rows)


# ---- siting ----
@pytest.mark.parametrize("code", ["2611", "3212"])
def test_a_works_on_each_parcel_is_barred_where_geopandas_sees_a_zone(
    screened, amherst, code
):
    zones, parcels = amherst
    _, rows = screened(
        "siting", parcels=list(parcels["code"]), industry_code=code, build="new"
    )
    ground = zones.union_all()
    shares = parcels.geometry.intersection(ground).area
    expected = set(parcels["code"][shares > 1.0])
    of_zones = {
        row["values"]["site"]
        for row in rows
        if row["values"]["row"] == "rule"
        and row["values"].get("theme") == "water_zone"
        and row["values"]["status"] != "not_matched"
    }
    assert len(expected) == 4 and of_zones == expected
    sites = {r["values"]["site"] for r in rows if r["values"]["row"] == "site"}
    assert sites == set(parcels["code"])
    assert "allow" not in {
        row["values"]["outcome"]
        for row in rows
        if row["values"]["row"] == "site" and row["values"]["site"] in expected
    }


# ---- soil against works ----
@pytest.fixture(scope="module")
def soil():
    """Topsoil of the Sinú, moved; the latest season of each site is the rainy one."""
    table = pd.read_csv(DATA / "soil_sinu" / "all-measurements.csv")
    table = table[table["Position"] == "surface"].copy()
    for name, middle in zip(("Longitude", "Latitude"), SOIL_AT, strict=True):
        table[name] += middle - table[name].mean()
    table["sampled_on"] = np.where(table["Season"] == "dry", "2016-02-01", "2016-09-01")
    return table


@pytest.fixture(scope="module")
def works(soil):
    """The first 25 Swiss sites, each some hundred metres east of a soil site."""
    shapes = geopandas.read_file(SITES, layer="site_polygons").to_crs(2056)["geometry"][
        :25
    ]
    places = soil.drop_duplicates("Location")
    points = geopandas.GeoSeries.from_xy(
        places["Longitude"], places["Latitude"], crs=4490
    ).to_crs(LOCAL_SRID)
    moved = [
        shapely.affinity.translate(
            shapely.force_2d(shape),
            point.x + 150 * place - shape.centroid.x,
            point.y - shape.centroid.y,
        )
        for place, (shape, point) in enumerate(zip(shapes, points, strict=True))
    ]
    frame = geopandas.GeoDataFrame(
        {"code": [f"WK-{n:02d}" for n in range(len(moved))]},
        geometry=moved,
        crs=LOCAL_SRID,
    )
    return frame, geopandas.GeoDataFrame(
        {"code": list(places["Location"])}, geometry=points.values, crs=LOCAL_SRID
    )


@pytest.fixture(scope="module")
def soil_on_record(registry, officer, soil, works):
    frame, points = works
    for code, shape in zip(frame["code"], frame.to_crs(4490).geometry, strict=True):
        create(
            registry,
            officer,
            "facilities",
            code=code,
            kind="waste_yard",
            name=code,
            geometry=mapping(shape),
        )
    places = points.to_crs(4490)
    for code, shape in zip(places["code"], places.geometry, strict=True):
        create(
            registry,
            officer,
            "monitoring-points",
            code=code,
            name=code,
            medium="soil",
            land_type="dry_land",
            geometry=mapping(shape),
        )
    for one in soil.to_dict("records"):
        for analyte in (*METALS, "pH"):
            name = f"{one['Location']}-{one['Season']}"
            create(
                registry,
                officer,
                "samples",
                code=f"{name}-{analyte}",
                point_code=one["Location"],
                sample_code=name,
                analyte=analyte,
                value=one[analyte],
                unit="1" if analyte == "pH" else "mg/kg",
                medium="soil",
                sampled_on=one["sampled_on"],
            )


def exceeding(soil):
    """Return by site the metals over GB 15618, by the table alone."""
    limits = pd.read_csv(LIMITS)
    limits = limits[limits["land_type"].isin(("other", "all"))]
    found = {}
    for one in soil[soil["Season"] == "rainy"].to_dict("records"):
        for metal in METALS:
            own = limits[limits["pollutant_code"] == metal]
            above = own["ph_gt"].astype(float).fillna(-1) < one["pH"]
            below = one["pH"] <= own["ph_le"].astype(float).fillna(99)
            (limit,) = own[above & below]["value_mg_kg"].astype(float)
            if one[metal] > limit:
                found.setdefault(one["Location"], set()).add(metal)
    return found


def test_candidates_are_the_works_near_sites_over_the_table(
    screened, soil, works, soil_on_record
):
    frame, points = works
    over = exceeding(soil)
    assert 0 < len(over) <= 25
    run, rows = screened("cross_screening", sources=["facility"], radius_m=1000)
    near = {
        source.code: sorted(
            point.code
            for point in points.itertuples()
            if point.code in over and source.geometry.distance(point.geometry) <= 1000
        )
        for source in frame.itertuples()
    }
    expected = {code: names for code, names in near.items() if names}
    found = {
        row["values"]["code"]: row["values"]
        for row in rows
        if row["values"]["row"] == "candidate"
    }
    assert found.keys() == expected.keys() and len(found) > 3
    for code, names in expected.items():
        elements = set().union(*(over[name] for name in names))
        assert found[code]["exceeding"] == len(names)
        assert set(found[code]["elements"].split(", ")) == elements
        assert found[code]["nearest_point"] in names
    alone = {
        row["values"]["code"]
        for row in rows
        if row["values"]["row"] == "without_source"
    }
    assert alone == over.keys() - set().union(*map(set, expected.values()))


def test_what_stands_around_works_is_as_far_as_in_the_plane(
    screened, works, soil_on_record
):
    frame, points = works
    _, rows = screened(
        "enterprise_surroundings",
        sources=["facility"],
        targets=["monitoring_point"],
        rings_m=[500, 1000],
        overdue_for="all",
    )
    told = {
        (row["values"]["source_code"], row["values"]["code"]): row["values"]
        for row in rows
        if row["values"]["row"] == "around"
    }
    plane = {
        (source.code, point.code): source.geometry.distance(point.geometry)
        for source in frame.itertuples()
        for point in points.itertuples()
    }
    assert told
    for pair, values in told.items():
        # Scale of the zone here: 1.3e-5 off.
        assert values["distance_m"] == pytest.approx(plane[pair], rel=1e-4, abs=0.05)
    # Every sample is of 2016: whoever is to be watched is late.
    late = {
        r["values"]["source_code"]
        for r in rows
        if r["values"]["row"] == "monitoring_overdue"
    }
    assert late == set(frame["code"])
    assert {pair for pair, metres in plane.items() if metres <= 999} <= told.keys()


def test_zones_have_the_works_inside_that_geopandas_has(
    screened, works, amherst, soil_on_record
):
    zones, frame = amherst[0], works[0]
    _, rows = screened("water_source_risk", risks=["facility"])
    found = {
        row["values"]["code"]
        for row in rows
        if row["values"].get("code") in set(frame["code"])
        and (row["values"].get("area_m2") or 0) > 0
    }
    ground = zones.union_all()
    assert found == set(frame["code"][frame.intersection(ground).area > 0.01])


# ---- water over a real grid ----
@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    """The real grid, moved, with a tilt far below its metre that settles ties."""
    with rasterio.open(DATA / "dem_pysheds" / "dem.tif") as source:
        heights = source.read(1).astype(np.float64)
        step = source.transform.a
        assert source.nodata not in heights
    rows, columns = heights.shape
    y, x = np.mgrid[0:rows, 0:columns]
    heights += 1e-4 * x + 0.7e-4 * y
    west, north = GRID_AT[0] - columns / 2 * step, GRID_AT[1] + rows / 2 * step
    path = tmp_path_factory.mktemp("grid") / "dem.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=rows,
        width=columns,
        count=1,
        dtype="float64",
        crs="EPSG:4490",
        transform=Affine(step, 0, west, 0, -step, north),
    ) as raster:
        raster.write(heights, 1)
    return path, heights, (west, north, step)


@pytest.fixture(scope="module")
def drained(grid):
    """Receivers and drained area by fastscapelib, cells as large as in the middle."""
    import fastscapelib as fs

    _, heights, (_, north, step) = grid
    geod = Geod(ellps="GRS80")
    middle = north - heights.shape[0] / 2 * step
    width = geod.inv(114, middle, 114 + step, middle)[2]
    height = geod.inv(114, middle, 114, middle - step)[2]
    shape = list(heights.shape)
    mesh = fs.RasterGrid(shape, [height, width], fs.NodeStatus.FIXED_VALUE)
    graph = fs.FlowGraph(mesh, [fs.PFloodSinkResolver(), fs.SingleFlowRouter()])
    graph.update_routes(heights)
    area = graph.accumulate(np.full(mesh.shape, 1.0))
    return graph.impl().receivers[:, 0], area


def centre(grid, cell):
    _, heights, (west, north, step) = grid
    row, column = divmod(cell, heights.shape[1])
    return west + (column + 0.5) * step, north - (row + 0.5) * step


def test_the_catchment_of_a_real_stream_is_that_of_a_second_library(
    screened, grid, drained
):
    _, area = drained
    rows, columns = area.shape
    inner = area[40 : rows - 40, 40 : columns - 40]
    place = np.unravel_index(np.argmin(np.abs(inner - 2e7)), inner.shape)
    cell = (place[0] + 40) * columns + place[1] + 40
    longitude, latitude = centre(grid, int(cell))
    run, found = screened(
        "upstream",
        grid[0],
        questions=["catchments"],
        longitude=longitude,
        latitude=latitude,
        snap_m=0,
        catchment_reach_m=20_000,
    )
    (row,) = [one for one in found if one["values"]["row"] == "catchment"]
    assert row["values"]["complete"] and row["values"]["method"] == "terrain"
    assert row["values"]["area_m2"] == pytest.approx(area.flat[cell], rel=0.03)
    outline = shapely.geometry.shape(row["geometry"])
    on_the_globe = abs(Geod(ellps="GRS80").geometry_area_perimeter(outline)[0])
    assert row["values"]["area_m2"] == pytest.approx(on_the_globe, rel=1e-6)
    assert run["data_versions"]["elevation"]["name"] == "dem.tif"


def test_a_pond_above_a_source_is_found_down_the_second_librarys_path(
    registry, officer, screened, grid, drained
):
    receivers, area = drained
    inner = np.full(area.shape, np.inf)
    inner[90:-90, 90:-90] = np.abs(area - 2e6)[90:-90, 90:-90]
    path = [int(np.argmin(inner))]
    while len(path) < 60 and receivers[path[-1]] != path[-1]:
        path.append(int(receivers[path[-1]]))
    places = np.array([centre(grid, cell) for cell in path])
    geod = Geod(ellps="GRS80")
    steps = geod.inv(*places[:-1].T, *places[1:].T)[2]
    assert len(path) == 60
    half = 0.0001
    create(
        registry,
        officer,
        "facilities",
        code="REAL-POND",
        kind="tailings_pond",
        name="尾矿库",
        geometry=mapping(
            shapely.box(*(places[0] - half), *(places[0] + half)),
        ),
    )
    create(
        registry,
        officer,
        "water-sources",
        code="REAL-SOURCE",
        name="下游水源",
        source_type="river",
        status="in_use",
        accuracy_m=1.0,
        geometry={"type": "Point", "coordinates": places[-1].tolist()},
    )
    _, found = screened("upstream", grid[0], questions=["ponds_water"], water_m=20_000)
    (row,) = [one for one in found if one["values"].get("code") == "REAL-SOURCE"]
    values = row["values"]
    assert (values["outcome"], values["method"]) == ("upstream", "terrain")
    # From the pond's edge, and to where the path passes the source within a cell.
    assert values["along_m"] == pytest.approx(steps.sum(), abs=150)
