"""Which standards does a division rest on, and how sure are their limits? (core).

Said on the report of a division: a reader must not take a limit from memory for one
that was read in a source.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from parcels.refusal import Language
from parcels.texts import Text
from screening.standards.limits import Standard, Standards

_TITLE: Final = Text("评价标准", "Standards")


def list_standards(
    standards: Standards, day: date, language: Language
) -> list[tuple[str, str]]:
    """Return what a report says of the standards of a division of a day.

    Soil goes by the edition of that day, produce by that of the day it was sampled:
    every edition begun by then may have been used.
    """
    used = [
        one
        for one in standards.editions
        if one.valid_from <= day
        and (one.family == "produce" or one == standards.on("farmland", day))
    ]
    return [(_TITLE.of(language), describe(one).of(language)) for one in used]


def describe(standard: Standard) -> Text:
    """Return number and marks of an edition.

    Examples
    --------
    >>> from screening.standards.loader import read_standards
    >>> describe(read_standards().get("gb15618_2018")).en
    'GB 15618-2018: every limit read in a source'
    """
    number = standard.number
    if not standard.loaded:
        return Text(f"{number}：限值未录入", f"{number}: limits not loaded")
    sure = [one for one in standard.limits if one.confidence == "verified"]
    unsure = [one for one in standard.limits if one.confidence != "verified"]
    if not unsure:
        return Text(
            f"{number}：限值均已核实", f"{number}: every limit read in a source"
        )
    names = ", ".join(dict.fromkeys(one.analyte for one in unsure))
    read = ", ".join(dict.fromkeys(one.analyte for one in sure))
    return Text(
        f"{number}：{names} 的限值凭记忆，{read} 已核实",
        f"{number}: limits of {names} from memory, of {read} read in a source",
    )
