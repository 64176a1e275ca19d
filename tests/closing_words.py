"""Do the closing words of a printed document stand with rows of its last table?"""

import json
from pathlib import Path

import typst

from screening import certificate as certificate_folder

FOLDER = Path(certificate_folder.__file__).parent
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 88 84"/>'
PLACES = b"""
#context [#metadata((
  rows: query(<row>).map(row => row.location().page()),
  last: counter(page).final().first(),
)) <places>]
"""
"""Set behind a document: the sheets that rows of its last table stand on."""


def inputs(page):
    """Return what a template is given, with a drawing of nothing."""
    return {"page": json.dumps(page), "drawing": DRAWING, "qr": DRAWING}


def check_closing(document, page, part, fillings):
    """Set a document once with each filling of a part, up to three sheets."""
    template = (FOLDER / f"{document}.typ").read_bytes()
    lasts = set()
    for filling in fillings:
        page[part] = filling
        found = typst.query(
            template + PLACES, "<places>", root=FOLDER, sys_inputs=inputs(page)
        )
        (places,) = [one["value"] for one in json.loads(found)]
        # Two themes stand in a row.
        assert len(places["rows"]) == -(-len(page["themes"]["lines"]) // 2)
        assert places["last"] in places["rows"]
        lasts.add(places["last"])
    assert len(lasts) > 2
