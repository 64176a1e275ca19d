"""Areas and shares of extracts against geopandas in the local 3-degree zone.

The register is read as the owner and overlaid by geopandas in EPSG:4547; the service is
asked over HTTP. What is straight in degrees is projected in fine steps. The service
publishes shares to 1e-6 and slivers to 0.01 m², so 1e-5 is asked here; `test_overlay`
shows 1e-7 before rounding. Plane against ellipsoid cancels in a share.
"""

import math

import geopandas
import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from pyproj import Geod

from app.migration import sqlalchemy_url

pytestmark = pytest.mark.acceptance

LOCAL_SRID = 4547
LAYERS = {
    "farmland_unit": "select code, null as theme, geom from registry.farmland_unit",
    "plot": "select code, null as theme, geom from registry.plot",
    "water_zone": "select code, null as theme, geom from registry.water_zone",
    "restriction_area": "select code, theme, geom from registry.restriction_area",
}
PARCEL = "select code, geom from registry.parcel"
IN_FORCE = (
    " where closed_by is null and valid_from <= current_date"
    " and (valid_to is null or valid_to > current_date)"
    " and division_code = '999901' and geometrytype(geom) = 'MULTIPOLYGON'"
)
PARCELS = 500
POLYGONS = 200


@pytest.fixture(scope="module")
def themes(county):
    """Return each theme's polygons in the zone's plane."""
    engine = sa.create_engine(sqlalchemy_url(county.urls.owner), poolclass=sa.NullPool)
    found = {}
    with engine.connect() as connection:
        for layer, statement in LAYERS.items():
            frame = geopandas.read_postgis(statement + IN_FORCE, connection, "geom")
            frame["theme"] = frame["theme"].fillna(layer)
            for theme, rows in in_plane(frame).groupby("theme"):
                found[theme] = rows
        parcels = geopandas.read_postgis(PARCEL + IN_FORCE, connection, "geom")
    return found, parcels


def in_plane(frame):
    """Project what is straight in degrees, in steps of about 5 m."""
    fine = frame.assign(geom=frame["geom"].segmentize(5e-5))
    return fine.to_crs(LOCAL_SRID)


def shares_by_geopandas(subjects, layer):
    """Return the part of each subject that the layer's union covers, in the plane."""
    frame = geopandas.GeoDataFrame(geometry=list(subjects), crs=LOCAL_SRID)
    frame["subject"] = range(len(frame))
    common = geopandas.overlay(frame, layer[["geom"]], keep_geom_type=False)
    covered = common.dissolve("subject").area
    return covered.reindex(range(len(frame)), fill_value=0.0) / frame.area


def shares_by_service(answers, theme, areas):
    """Return what the service says, slivers included: they are told, not lost."""
    found = [
        next(t for t in answer["themes"] if t["theme"] == theme) for answer in answers
    ]
    return [
        t["share"] + t["sliver_area_m2"] / area
        for t, area in zip(found, areas, strict=True)
    ]


def worst_difference(answers, layers, subjects):
    """Return the largest difference of a share, and the theme it is of."""
    areas = [subject.area for subject in subjects]
    differences = {
        theme: np.abs(
            shares_by_geopandas(subjects, layer)
            - shares_by_service(answers, theme, areas)
        ).max()
        for theme, layer in layers.items()
    }
    theme = max(differences, key=differences.__getitem__)
    return differences[theme], theme


def ask(county, path, **options):
    answer = county.send("POST" if options else "GET", path, **options)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_shares_of_random_parcels(county, themes):
    layers, parcels = themes
    chosen = in_plane(parcels.sample(PARCELS, random_state=20260101))
    answers = [ask(county, f"/v1/parcels/{code}/extract") for code in chosen["code"]]
    difference, theme = worst_difference(answers, layers, chosen.geometry.values)
    assert difference < 1e-5, theme


def random_polygons(parcels, count):
    """Return star-shaped polygons of 20 to 150 m over the county, in the plane."""
    random = np.random.default_rng(7)
    west, south, east, north = parcels.total_bounds
    ground = shapely.union_all(parcels.geometry.values).buffer(-200)
    shapely.prepare(ground)
    while count:
        x, y = random.uniform((west, south), (east, north))
        if not ground.contains(shapely.Point(x, y)):
            continue
        corners = int(random.integers(4, 12))
        angles = np.sort(random.uniform(0, 2 * math.pi, corners))
        radii = random.uniform(20, 150, corners)
        star = shapely.Polygon(
            np.column_stack((x + radii * np.cos(angles), y + radii * np.sin(angles)))
        )
        if star.is_valid and star.area > 400:
            count -= 1
            yield star


def test_shares_of_random_polygons(county, themes):
    """Drawn in degrees by the caller: the same shape in the plane by fine steps."""
    layers, parcels = themes
    subjects = [
        star.segmentize(5.0) for star in random_polygons(in_plane(parcels), POLYGONS)
    ]
    drawn = geopandas.GeoSeries(subjects, crs=LOCAL_SRID).to_crs(4490)
    answers = [
        ask(county, "/v1/extracts", json={"geometry": shapely.geometry.mapping(shape)})
        for shape in drawn
    ]
    difference, theme = worst_difference(answers, layers, subjects)
    assert difference < 1e-5, theme


def test_areas_are_those_of_the_geodesic(county, themes):
    """Mapped areas against pyproj.Geod: 1e-7 relative + 0.001 m², published to 0.01."""
    _, parcels = themes
    geod = Geod(ellps="GRS80")
    chosen = parcels.sample(200, random_state=3)
    for row in chosen.itertuples():
        oriented = shapely.orient_polygons(row.geom)
        expected = abs(geod.geometry_area_perimeter(oriented)[0])
        answer = county.send("GET", f"/v1/parcels/{row.code}").json()
        assert answer["mapped_area_m2"] == pytest.approx(
            expected, rel=1e-7, abs=0.001 + 0.005
        )
