"""What did the caller say, in words? (core).

An answer may rest on a statement alone: an exception counts when it is claimed, and a
statement fills what the register does not tell. So a certificate repeats every one,
and where a record said otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, get_args

from parcels.land_use_codes import Scheme
from screening.certificate.saying import Sayer
from screening.facts.catalogue import FACTS
from screening.request_fields import FIELDS, Field, planned_use_need
from screening.vocabulary import Transaction

_FIELD: Final = re.compile(
    rf"({'|'.join(re.escape(path) for path in FIELDS if '.' in path)})(?: = ([a-z_]+))?"
)
_THEMES: Final = re.compile(
    r"(?<=\btheme )[a-z_]+\b|(?<=\bthemes )[a-z_]+(?:, [a-z_]+)*"
)
_CODE: Final = re.compile("[a-z_]+")
_NOTHING: Final = "–"
"""What a record writes of a fact that has no entry."""
_RECORDED_USE: Final = re.compile(rf"\b({'|'.join(get_args(Scheme))}) ([0-9A-Z]+)")


def say_use(scheme: str, code: str, say: Sayer) -> str:
    """Return a class of land by name, code and scheme."""
    name = say.named(f"use.{scheme}.{code}", "")
    scheme_name = say.named(f"scheme.{scheme}", scheme)
    return say("certificate.use", name=name, code=code, scheme=scheme_name).strip()


def name_codes(text: str, say: Sayer) -> str:
    """Name what a text of a record has as codes: uses, fields, themes, divisions.

    Records write a class of land as `scheme code`, a field of a request by its path
    and, in English, a layer as `theme code`.
    """
    named = _RECORDED_USE.sub(lambda use: say_use(use[1], use[2], say), text)
    named = _FIELD.sub(lambda found: _name_field(found, say), named)
    named = _THEMES.sub(lambda found: _name_themes(found[0], say), named)
    return say.with_divisions(named)


def _name_themes(listed: str, say: Sayer) -> str:
    """Name the themes of a list; a word that is no theme stays as it is."""
    return _CODE.sub(lambda code: say.named(f"theme.{code[0]}", code[0]), listed)


def _name_field(found: re.Match[str], say: Sayer) -> str:
    """Name a field, with the value that is asked for if there is one."""
    path, value = found.groups()
    title = FIELDS[path].title.of(say.language)
    if value is not None:
        named = say.named(f"choice.{value}", value)
        title = say("certificate.statement", field=title, value=named)
    return say("certificate.field", field=title)


def say_planned_use(shown: Mapping[str, Any], say: Sayer) -> str:
    """Return the planned use, or what follows from its not being stated."""
    use = shown["planned_use"]
    if use:
        return say_use(use["scheme"], use["code"], say)
    need = planned_use_need(Transaction(shown["transaction"]))
    return say(f"certificate.no_planned_use.{need}")


def list_statements(shown: Mapping[str, Any], say: Sayer) -> list[str]:
    """Return what was said of project and land, field by field."""
    return [
        say("certificate.statement", field=field.title.of(say.language), value=value)
        for path, field in FIELDS.items()
        if (stated := _find(shown, path)) is not None
        and (value := _value(field, stated, say))
    ]


def list_differences(differences: Iterable[Mapping[str, Any]], say: Sayer) -> list[str]:
    """Return where a statement differs from a record, in words."""
    return [
        say(
            "decision.difference",
            fact=FACTS[one["fact"]].name.of(say.language),
            recorded=_side(one["fact"], one["recorded"], say),
            declared=_side(one["fact"], one["declared"], say),
        )
        for one in differences
    ]


def _side(fact: str, written: str, say: Sayer) -> str:
    """Return one side of a difference, which records write as codes."""
    if written == _NOTHING:
        return say("certificate.label.none")
    if fact == "former_industry":
        return say.listed(
            _say_industry(code, None, say) for code in written.split(", ")
        )
    if written in ("True", "False"):
        return _yes_or_no(written == "True", say)
    return name_codes(written, say)


def _find(shown: Mapping[str, Any], path: str) -> Any:
    section, _, name = path.partition(".")
    return shown[section].get(name) if name else None


def _value(field: Field, stated: Any, say: Sayer) -> str:
    match field.kind:
        case "boolean":
            return _yes_or_no(stated, say)
        case "choice":
            return say.named(f"choice.{stated}", stated)
        case "land_use":
            return say_use(stated["scheme"], stated["code"], say)
        case "industry":
            return _say_industry(stated, None, say)
        case "industries":
            named = [_industry(one, say) for one in stated]
            return say.listed(named) or say("certificate.label.none")
        case "texts":
            return say.listed(stated) or say("certificate.label.none")
        case "crop":
            return say.listed(_crop(stated, say))
    return str(stated)


def _yes_or_no(value: bool, say: Sayer) -> str:
    return say("ask.yes" if value else "ask.no")


def _industry(industry: Mapping[str, Any], say: Sayer) -> str:
    """Return a former industry with its first and last year as far as said."""
    first, last = industry.get("from_year"), industry.get("to_year")
    told = _say_industry(industry["code"], industry.get("edition"), say)
    return f"{told} {first or ''}–{last or ''}" if first or last else told


def _say_industry(code: str, edition: str | None, say: Sayer) -> str:
    """Return an industry by its code; the catalogue has no names of industries."""
    told = f"-{edition}" if edition else ""
    return say("certificate.industry", code=code, edition=told)


def _crop(crop: Mapping[str, Any], say: Sayer) -> Iterator[str]:
    if crop.get("name"):
        yield crop["name"]
    if crop.get("edible") is not None:
        yield say(f"certificate.crop.{'edible' if crop['edible'] else 'not_edible'}")
