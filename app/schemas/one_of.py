"""Texts of which only listed ones are taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class OneOf:
    """Marks a text that must be one of those a table of the program lists.

    ``Annotated[str, OneOf(KINDS)]`` refuses and documents what a `Literal` of the same
    texts would. A `Literal` is written out in the code or is no type to a type checker;
    this one stays a `str` to it, so that nothing need be left unchecked.

    Examples
    --------
    >>> from typing import Annotated
    >>> from pydantic import TypeAdapter
    >>> TypeAdapter(Annotated[str, OneOf(("plot", "parcel"))]).json_schema()
    {'enum': ['plot', 'parcel'], 'type': 'string'}
    """

    def __init__(self, values: Iterable[str]) -> None:
        self.values = tuple(values)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return how pydantic checks it."""
        return core_schema.literal_schema(list(self.values))
