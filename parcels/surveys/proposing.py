"""What was guessed about a file, and why? (core).

A value that nobody declared and the file does not state is proposed, with the evidence
for it, and a person confirms it. Nothing else is done with the file before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Subject = Literal["crs", "encoding", "mapping", "member"]
Origin = Literal["declared", "stated", "guessed"]
Row = Mapping[str, str | None]
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen in a file (依据).

    Attributes
    ----------
    subject
        What it speaks for.
    kind
        Stable key, snake case, e.g. ``prj``, ``driver_byte``, ``easting_prefix``.
    zh, en
        The same sentence in both languages, numbers included.
    numbers
        The figures of the sentence, plain values.
    """

    subject: Subject
    kind: str
    zh: str
    en: str
    numbers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one value of a declaration (判读结果).

    Attributes
    ----------
    value
        None where nothing leads to one, or nothing needs one.
    origin
        ``declared`` by the uploader, ``stated`` by the file itself, or ``guessed``;
        only what was guessed has to be confirmed.
    evidence
        What was seen, the decisive first.
    alternatives
        Other values, each with what tells it apart.
    """

    subject: Subject
    value: Any
    origin: Origin
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a file would be read if a person agrees (待确认的读法).

    Attributes
    ----------
    crs, encoding, member
        Declared, stated by the file or guessed; None where nothing can be proposed,
        and where the layer or the format has no use for it.
    mapping
        Attribute (or ``code``) → field of the file, all that would be used.
    must_confirm
        Names of the values that were guessed, or that nothing leads to; never empty in
        an upload that waits.
    evidence
        What was seen, for declared and stated values too.
    samples
        Up to five rows as they would be read: field of the file → text.
    alternatives
        Name of a value → others that are possible, each with its ``value`` and what
        tells them apart (``bounds`` of a CRS, ``samples`` of an encoding, ``fields``
        and ``rows`` of a member).
    bounds
        West, south, east, north of the rows looked at, degrees EPSG:4490, under the
        proposed CRS; None where there is none.
    """

    crs: int | None = None
    encoding: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    member: str | None = None
    must_confirm: tuple[Subject, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    samples: tuple[Row, ...] = ()
    alternatives: Mapping[str, tuple[Mapping[str, Any], ...]] = field(
        default_factory=dict
    )
    bounds: Bounds | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the proposal as plain values; `from_json` takes it back."""
        values = asdict(self)
        for name in ("must_confirm", "evidence", "samples"):
            values[name] = list(values[name])
        values["alternatives"] = {
            name: list(others) for name, others in self.alternatives.items()
        }
        values["bounds"] = None if self.bounds is None else list(self.bounds)
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Proposal:
        """Return the proposal that `as_json` wrote."""
        bounds = values["bounds"]
        return cls(
            **{
                **values,
                "must_confirm": tuple(values["must_confirm"]),
                "evidence": tuple(Evidence(**one) for one in values["evidence"]),
                "samples": tuple(values["samples"]),
                "alternatives": {
                    name: tuple(others)
                    for name, others in values["alternatives"].items()
                },
                "bounds": None if bounds is None else tuple(bounds),
            }
        )


def make_proposal(
    findings: Sequence[Finding],
    samples: Sequence[Row] = (),
    bounds: Bounds | None = None,
) -> Proposal:
    """Return how the file would be read, of one finding a value at most."""
    values = {one.subject: one.value for one in findings}
    return Proposal(
        crs=values.get("crs"),
        encoding=values.get("encoding"),
        mapping=values.get("mapping") or {},
        member=values.get("member"),
        must_confirm=tuple(one.subject for one in findings if one.origin == "guessed"),
        evidence=tuple(seen for one in findings for seen in one.evidence),
        samples=tuple(samples),
        alternatives={
            one.subject: one.alternatives for one in findings if one.alternatives
        },
        bounds=bounds,
    )
