"""The parts of README.md that are made: the list of files and the named parcels."""

from __future__ import annotations

from collections.abc import Iterable

from sample_county.deliveries import Delivery

BEGIN = "<!-- {name}: written by generate.py -->"
END = "<!-- /{name} -->"


def fill_part(text: str, name: str, part: str) -> str:
    """Return the text with what stands between the marks of `name` replaced.

    Raises
    ------
    ValueError
        If the marks are not there.
    """
    begin, end = BEGIN.format(name=name), END.format(name=name)
    head, _, rest = text.partition(begin)
    _, mark, tail = rest.partition(end)
    if not mark:
        raise ValueError(f"README.md has no part {name}")
    return f"{head}{begin}\n\n{part.strip()}\n\n{end}{tail}"


def files_table(files: Iterable[Delivery]) -> str:
    """Return the table of files in Markdown."""
    lines = [
        "| file | layer | rows | coordinates | text |",
        "|---|---|---:|---|---|",
    ]
    for file in files:
        system = f"EPSG:{file.srid}" if file.srid else "–"
        encoding = "–" if file.path.endswith(".xlsx") else file.encoding
        lines.append(
            f"| `{file.path}` | {file.layer} | {len(file.records)} | {system} "
            f"| {encoding} |"
        )
    return "\n".join(lines)
