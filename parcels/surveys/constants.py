"""What does a declaration say of every row at once? (core).

A mapping may give a value in place of a field: `"campaign": "=2019年详查"` fills the
campaign of every row. It is a column like any other from then on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pyarrow as pa

from parcels.surveys.raw import RawBatch, RawLayer
from parcels.surveys.request import UploadRequest

MARK: Final = "="
"""Begins a value that stands for itself in a mapping, not for a field."""


def with_constants(raw: RawLayer, request: UploadRequest) -> RawLayer:
    """Return a layer with a column for each value the declaration gives for all rows.

    A field of the file that bears the same name, mark and all, is left as it is.
    """
    said = dict.fromkeys((request.mapping or {}).values())
    new = [one for one in said if one.startswith(MARK) and one not in raw.fields]
    if not new:
        return raw
    batches = _add(raw, new)
    return replace(raw, fields=(*raw.fields, *new), batches=batches)


def _add(raw: RawLayer, names: list[str]) -> Iterator[RawBatch]:
    for batch in raw.batches:
        same = {name: pa.repeat(name[1:].strip(), len(batch)) for name in names}
        yield replace(batch, columns={**batch.columns, **same})
