"""What may a row say of another division's feature? (core).

Theme, relation and whom to ask; no code, name, shape or number.
"""

from __future__ import annotations

from parcels.texts import Text
from screening.neighbourhood import BorderHit


def describe_hit(hit: BorderHit) -> Text:
    """Return why a row about another division is there, and what to do.

    Examples
    --------
    >>> describe_hit(BorderHit("receptor", "within", 500.0, "999902")).en
    'another division has a feature of this theme within 500 m; ask there'
    """
    relation = {
        "on": Text("位于其上", "on it"),
        "adjoining": Text("与其相邻", "adjoining it"),
    }.get(hit.relation) or Text(
        f"在 {hit.within_m:g} 米以内", f"within {hit.within_m:g} m"
    )
    return Text(
        f"另一行政区有该类要素{relation.zh}；请向其查询",
        f"another division has a feature of this theme {relation.en}; ask there",
    )
