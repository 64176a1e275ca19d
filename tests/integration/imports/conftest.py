"""An archive of the tests' own, files read in this process, files imported whole."""

import io
from datetime import date

import pytest

from parcels.surveys.archive import Archive
from parcels.surveys.imports import import_file
from parcels.surveys.limits import Limits
from parcels.surveys.read import SurveyFile, read_layer
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest
from tests.integration.imports.import_steps import request

LIMITS = Limits()


@pytest.fixture(scope="session")
def archive(tmp_path_factory):
    """The archive of these tests; uploads are told apart by their bytes."""
    return Archive(tmp_path_factory.mktemp("uploads"))


@pytest.fixture
def send(archive):
    """Import bytes in a transaction; give the upload."""

    def run(connection, data, declared=None, name="宗地.zip"):
        declared = declared or request()
        source = io.BytesIO(data)
        return import_file(
            connection, archive, source, name, declared, actor="测绘院", reason="试验"
        )

    return run


@pytest.fixture
def read(tmp_path):
    """Read bytes sent under a name; give the layer and its rows in one batch."""

    def read_bytes(data, name="宗地.zip", layer="parcel", limits=LIMITS, **more):
        declared = {"crs": 4526, "encoding": "gbk"} | more
        path = tmp_path / "kept"
        path.write_bytes(data)
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        raw = read_layer(
            SurveyFile(path, name, scratch),
            UploadRequest(layer, "999901", date(2024, 1, 1), **declared),
            limits,
        )
        batches = list(raw.batches)
        assert len(batches) <= 1
        return raw, batches[0] if batches else None

    return read_bytes


@pytest.fixture
def refused(read):
    """Read bytes that must be refused for a reason; give the refusal."""

    def expect(data, reason, **more):
        with pytest.raises(FileRefused) as error:
            read(data, **more)
        assert error.value.reason == reason
        assert error.value.zh and error.value.en
        return error.value

    return expect
