"""What was guessed about a file is kept and comes back as it was."""

import json

from parcels.surveys.proposing import Evidence, Proposal

SEEN = Evidence("crs", "easting_prefix", "带号 38", "prefix 38", {"prefix": 38})


def test_proposal_survives_being_kept():
    proposal = Proposal(
        crs=4526,
        mapping={"code": "ZDDM"},
        must_confirm=("crs",),
        evidence=(SEEN,),
        samples=({"ZDDM": "999901001001GB00001"},),
        alternatives={"crs": ({"value": 4547},)},
        bounds=(113.0, 34.0, 114.0, 35.0),
    )
    kept = json.loads(json.dumps(proposal.as_json()))
    assert Proposal.from_json(kept) == proposal


def test_empty_proposal_survives_being_kept():
    kept = json.loads(json.dumps(Proposal().as_json()))
    assert Proposal.from_json(kept) == Proposal()
