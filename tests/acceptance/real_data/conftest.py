"""A register that holds real data only, loaded by the import a surveyor uses."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from app.database import Database
from app.main import create_app
from app.migration import sqlalchemy_url
from app.run_jobs import run_jobs
from app.security.keys import create_client
from app.security.principals import Principal
from app.settings import Settings
from app.uploads import find_archive
from parcels.surveys.confinement import close_readers
from parcels.surveys.imports import import_file
from parcels.surveys.reports import list_issues
from screening.rule_sets import read_rule_sets
from tests.real_surveys import (
    COUNTIES,
    COUNTY_FILE,
    PREFIXED_SRID,
    XINZHENG,
    ZHONGMU,
    cut_overlaps,
    declare,
    read_amherst,
    read_outlines,
    read_paris,
    read_sites,
    sheet,
    write_parcels,
    write_paris,
    write_site_points,
    write_site_polygons,
    write_zones,
)

OUTCOMES = {
    "deny",
    "require_investigation",
    "insufficient_data",
    "consult",
    "allow_with_conditions",
    "allow",
}
COVERED = ("plot", "water_zone", "water_source", "ecological_redline")


@dataclass(frozen=True)
class Registry:
    """A register that holds real data only: files go in, questions are answered."""

    database: Database
    url: str
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
                connection,
                archive,
                io.BytesIO(data),
                name,
                request,
                actor="测绘院",
                reason="按原始资料入库，警告留待核查",
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

    def officer(self, county=XINZHENG, role="registrar"):
        """Return a key of an officer of the county; the role is his bureau."""
        with self.owner.begin() as connection:
            return create_client(connection, name="officer", role=role, scope=county)[1]

    def send(self, key, path, body):
        """Post as the holder of a key."""
        self.client.cookies.clear()
        headers = {"Authorization": f"Bearer {key}"}
        return self.client.post(path, headers=headers, json=body)

    def screen(self, key, kind, elevation=None, **parameters):
        """Order a run as the holder of a key, carry it out, return it with its rows."""
        body = {"kind": kind, "parameters": parameters}
        ordered = self.send(key, "/v1/screening/runs", body)
        assert ordered.status_code == 202, ordered.text
        links = ordered.json()["links"]
        # A job reads with one connection and writes with another.
        jobs = Database(self.url, pool_size=4, statement_timeout_s=0)
        with ThreadPoolExecutor(2) as executor:
            (job,) = run_jobs(read_rule_sets(), executor, elevation)
            job.run(jobs, ordered.json()["id"])
        jobs.close()
        told = self.fetch(key, links["self"]).json()
        assert told["state"] == "done", told["failure"]
        return told, self._result_rows(key, links["results"])

    def fetch(self, key, path, **query):
        """Read as the holder of a key."""
        self.client.cookies.clear()
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
        return self.client.get(path, headers=headers, params=query)

    def _result_rows(self, key, path):
        rows, after = [], 0
        while after is not None:
            page = self.fetch(key, path, limit=1000, after=after).json()
            rows += page["items"]
            after = page["next"]
        return rows

    def extract(self, code, county=XINZHENG):
        """Return the themes of a parcel by name."""
        answer = self.ask("GET", f"/v1/parcels/{code}/extract", county)
        assert answer.status_code == 200, answer.text
        assert answer.json()["subject"]["division_codes"] == [county]
        return {theme["theme"]: theme for theme in answer.json()["themes"]}

    def decide(self, code, county=XINZHENG, transaction="transfer", **more):
        """Ask the gate; what it answers is recorded and can be read again."""
        request = {"transaction": transaction, "subject": {"parcel_code": code}, **more}
        answer = self.ask("POST", "/v1/gate/decisions", county, json=request)
        assert answer.status_code == 201, answer.text
        decision = answer.json()
        assert decision["outcome"] in OUTCOMES and decision["findings"]
        again = self.ask("GET", f"/v1/gate/decisions/{decision['id']}", county)
        assert again.json() == decision
        return decision

    def scratch(self):
        """Return what reading left in the scratch folder."""
        return list((self.settings.data_dir / "uploads" / "scratch").iterdir())


@pytest.fixture(scope="session")
def outlines():
    """Real county outlines in the local plane, by code."""
    return read_outlines()


@pytest.fixture(scope="session")
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
        made = Registry(database, urls.service, owner, settings, client, keys)
        made.take(COUNTIES.read_bytes(), "县界.geojson", COUNTY_FILE)
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


@pytest.fixture(scope="session")
def paris():
    """The parcels of Paris as drawn, overlaps and all."""
    return read_paris()


@pytest.fixture(scope="session")
def paris_report(registry, paris):
    """What the import says of the file with the areas of the French register."""
    data = write_paris(paris, paris["contenance"])
    return registry.load(data, "宗地.zip", declare("parcel", XINZHENG, encoding="gbk"))


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def plots(registry, parcels, tmp_path_factory):
    """The sites in the register: polygons by GeoPackage, points by a CSV sheet."""
    sites = read_sites(parcels)
    is_point = sites.geom_type == "Point"
    data = write_site_polygons(sites[~is_point], tmp_path_factory.mktemp("sites"))
    registry.take(data, "污染地块.gpkg", declare("plot", XINZHENG), "registrar")
    data = write_site_points(sites[is_point])
    request = declare("plot", XINZHENG, encoding="gbk")
    registry.take(data, "污染地块_仅有点位.csv", request, "registrar")
    return sites


@pytest.fixture(scope="session")
def amherst(registry, tmp_path_factory):
    """Zones, twice (as zones and as the sources they protect), and parcels.

    The parcels' areas are given in acres of several origins and left out; the one
    overlap is reported and corrected.
    """
    zones, parcels = read_amherst()
    data = write_parcels(parcels, tmp_path_factory.mktemp("amherst"))
    request = declare("parcel", ZHONGMU, PREFIXED_SRID)
    _, issues = registry.load(data, "宗地.gpkg", request)
    told = [one.message("en") for one in issues if one.severity == "error"]
    assert told == [
        "Row 20: 410122002001GB00020 and row 18 (410122002001GB00018) overlap by"
        " 3.54 m², partly."
    ]
    corrected = cut_overlaps(parcels, issues)
    data = write_parcels(corrected, tmp_path_factory.mktemp("amherst"))
    registry.take(data, "宗地_改正.gpkg", request)
    # A zone names its source, so the sources go first.
    for layer, data in sorted(write_zones(zones)):
        request = declare(layer, ZHONGMU, encoding="gbk")
        registry.take(data, f"{layer}.zip", request, "registrar")
    return zones, parcels
