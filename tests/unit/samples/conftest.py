"""The sample county, made once for these tests by the shipped generator."""

import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[3] / "data" / "samples"
sys.path.insert(0, str(SAMPLES))

from sample_county.county import make_county  # noqa: E402
from sample_county.packing import deliver  # noqa: E402


@pytest.fixture(scope="session")
def county():
    return make_county()


@pytest.fixture(scope="session")
def deliveries(county):
    return deliver(county)


@pytest.fixture(scope="session")
def records(deliveries):
    """Rows shipped by layer, past rows left out."""
    found = {}
    for delivery in deliveries:
        if delivery.role != "past":
            found.setdefault(delivery.layer, []).extend(delivery.records)
    return found
