"""What is a kind of screening run, and how is one added? (shell).

A run (筛查任务) asks one question of much land: it is cut into independent pieces, each
piece is read from the register once, and a pure function makes result rows of what was
read. The job does the pieces in threads of its own machine; a cluster could take the
same material through the same function.

To add a kind:

1. Write its pure part as a core module: a function of one piece's material that gives
   rows (`screening.runs.row.Row`) in an order that depends on their content alone.
2. Make a shell module `screening/runs/<name>.py` with one `Kind`:

   plan       the pieces, from the register (`screening.runs.tiles.plan_tiles` cuts a
              layer into tiles of the ground; a kind of one piece gives ``[None]``);
   read       the material of one piece: everything `work` needs, and picklable
              (`screening.runs.tiles.read_tile` reads a tile with its halo);
   work       the pure part; it does no I/O and does not ask the clock;
   tally      what a row adds to the summary: counts and sums by name;
   themes     themes whose coverage the summary tells, because "nothing found" rests on
              them;
   fields     the parameters; the interface checks them, and the page makes its form
              of them, so neither knows any kind;
   columns    members of a row's values, with titles for tables and files.

3. Name it in `screening.runs.kinds.KINDS`. Interface, command, page and files follow.
   Its title, fields and columns carry their texts themselves (zh and en).

What every kind keeps to: a row says why (`Row.why`); of another division's features it
tells theme, relation and division only (`screening.runs.border`); equal data give equal
rows. A refusal (`parcels.refusal.Refusal`) raised while planning, reading or working
ends the run as failed, with its text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from parcels.register.repository import Moment
from parcels.texts import Text
from screening.parameters import Parameters
from screening.rule_set import RuleSets
from screening.runs.asked import InvalidParameters, ParameterFault, check_parameters
from screening.runs.row import Column, Field, Row


@dataclass(frozen=True, slots=True)
class RunOrder:
    """What a run is to do, as its job reads it (筛查任务单).

    Attributes
    ----------
    parameters
        Checked, with defaults filled in (`screening.runs.asked.check_parameters`).
    moment
        Day in law and change up to which the register is read, the same for all pieces.
    scope
        Division prefix of the asker, or ``*``.
    numbers
        Distances and limits of the rule set in force there on that day.
    rule_sets
        All of them, for a kind that puts questions to the gate.
    elevation
        File of the elevation model (高程数据); None where the office has none.
    """

    kind: str
    parameters: Mapping[str, Any]
    moment: Moment
    scope: str
    numbers: Parameters
    rule_sets: RuleSets
    elevation: Path | None = None


Plan = Callable[[sa.Connection, RunOrder], Sequence[Any]]
Read = Callable[[sa.Connection, RunOrder, Any], Any]
Work = Callable[[Any], list[Row]]
Tally = Callable[[Row], Mapping[str, float]]
Themes = Callable[[Mapping[str, Any]], Sequence[str]]
Check = Callable[[Mapping[str, Any]], Sequence[ParameterFault]]


def _nothing_more(_: Mapping[str, Any]) -> Sequence[ParameterFault]:
    return ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of run; see the module for how one is added.

    `about` says in a sentence what it answers and on what duty or law it rests.
    `uses_elevation` says that its answers also rest on the elevation model; `check`
    tells what is wrong with parameters that are good one by one.
    """

    name: str
    title: Text
    about: Text
    fields: tuple[Field, ...]
    columns: tuple[Column, ...]
    plan: Plan
    read: Read
    work: Work
    tally: Tally
    themes: Themes
    uses_elevation: bool = False
    check: Check = _nothing_more


def check_order(given: object, kind: Kind) -> dict[str, Any]:
    """Return the parameters of a run of that kind, plain and complete.

    Raises
    ------
    InvalidParameters
        With every fault, of each parameter and of them together.
    """
    parameters = check_parameters(given, kind.fields)
    if faults := kind.check(parameters):
        raise InvalidParameters(faults)
    return parameters
