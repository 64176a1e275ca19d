"""The box told as a collection's extent: asked now and then, of one's own county."""

from uuid import UUID

import pytest

from app.database import Database
from app.ogc.extents import KEPT_S, Extents
from app.security.principals import Principal
from tests.api.bodies import OURS, THEIRS

pytestmark = pytest.mark.usefixtures("_register")


class Counting(Database):
    """A database that counts its transactions."""

    opened = 0

    def transaction(self, *asked, **more):
        self.opened += 1
        return super().transaction(*asked, **more)


@pytest.fixture
def database(api_urls):
    database = Counting(api_urls.service, pool_size=1)
    yield database
    database.close()


def asker(scope):
    return Principal(UUID(int=0), "tester", "planner", scope)


def test_a_county_is_asked_of_once_in_a_while(database):
    now = [0.0]
    extents = Extents(clock_s=lambda: now[0])
    first = extents.find(database, asker(OURS))
    now[0] = KEPT_S - 1
    assert first is not None and extents.find(database, asker(OURS)) == first
    assert database.opened == 1
    now[0] = KEPT_S
    assert extents.find(database, asker(OURS)) == first
    assert database.opened == 2


def test_every_county_is_told_its_own_box(database):
    extents = Extents()
    ours, theirs = (extents.find(database, asker(one)) for one in (OURS, THEIRS))
    assert ours is not None and theirs is not None and ours != theirs
    assert extents.find(database, asker(OURS)) == ours


@pytest.mark.parametrize("scope", ["*", OURS[:4], f"{OURS}101"])
def test_a_caller_of_more_or_less_than_a_county_is_told_none(database, scope):
    assert Extents().find(database, asker(scope)) is None
    assert database.opened == 0
