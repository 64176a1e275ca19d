"""Every named parcel's decision is found again: from its record, from the register."""

import pytest

from tests.acceptance.test_named_parcels import CASES, ask

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize("source", ["record", "register"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_named_parcels_decision_is_found_again(county, case, source):
    decision = ask(county, case)
    path = f"/v1/gate/decisions/{decision['id']}/replay"
    # The administrator's country holds the counties of every asker.
    place = county.under(case.get("under"))
    found = place.send("POST", path, "admin", json={"from": source}).json()
    assert found["equal"], found
