"""`jingtu gate`: ask one question on the command line, as the API answers it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from app.commands.asker import Actor, BadArgument, asker_of, terminal_language
from app.refusals import CannotRun
from app.settings import read_settings

if TYPE_CHECKING:
    from app.database import Database
    from app.security.principals import Principal
    from parcels.refusal import Language

_ROLES = ("planner", "registrar", "agriculture", "admin")

QuestionFile = Annotated[
    Path | None,
    typer.Argument(
        exists=True,
        dir_okay=False,
        readable=True,
        help="JSON as POST /v1/gate/decisions takes it.",
    ),
]
DivisionCode = Annotated[str, typer.Option(help="Division of the bureau that asks.")]
TransactionName = Annotated[
    str | None, typer.Option("--transaction", help="Transaction, e.g. grant.")
]
ParcelCode = Annotated[
    list[str] | None, typer.Option("--parcel", help="Parcel code; repeatable.")
]
PlannedUse = Annotated[
    str | None,
    typer.Option("--planned", help="Planned use, e.g. gbt21010_2017:0701."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Answer, and keep no decision.")
]
RoleName = Annotated[str, typer.Option(help=f"Role to ask in: {', '.join(_ROLES)}.")]
AnswerLanguage = Annotated[
    Literal["zh", "en"] | None, typer.Option(help="Language of the answer.")
]


class NotDecided(CannotRun):
    """The question cannot be decided; the text says which part and why."""

    exit_code = 8


def gate(
    division: DivisionCode,
    file: QuestionFile = None,
    transaction: TransactionName = None,
    parcel: ParcelCode = None,
    planned: PlannedUse = None,
    dry_run: DryRun = False,
    role: RoleName = "planner",
    actor: Actor = None,
    language: AnswerLanguage = None,
) -> None:
    """Ask whether a transaction may go ahead; print the recorded decision as JSON.

    Ends with 0 when it was decided, whatever the outcome, 2 for an argument that cannot
    be used, 8 when nothing can be decided. Options add to the file, or stand alone.
    """
    from app.answers import write_json
    from app.commands.register import fit_database
    from app.database import Database
    from app.schemas.decisions import write_decision

    if role not in _ROLES:
        raise BadArgument(f"--role {role}: one of {', '.join(_ROLES)}")
    body = _read_body(file) | _from_options(transaction, parcel, planned, dry_run)
    asker, spoken = asker_of(role, division, actor), language or terminal_language()
    with fit_database(read_settings()) as urls:
        database = Database(urls.service, pool_size=1, statement_timeout_s=0)
        try:
            record = _ask(database, asker, body, spoken)
        finally:
            database.close()
    typer.echo(write_json(write_decision(record, spoken)).decode())


def _read_body(file: Path | None) -> dict[str, Any]:
    from app.bodies import parse_json
    from parcels.refusal import Refusal

    if file is None:
        return {}
    try:
        body = parse_json(file.read_bytes())
    except Refusal as refusal:
        raise BadArgument(f"{file}: {refusal.zh}\n{refusal.en}") from refusal
    if not isinstance(body, dict):
        raise BadArgument(f"{file}: one JSON object is expected")
    return body


def _from_options(
    transaction: str | None,
    parcels: list[str] | None,
    planned: str | None,
    dry_run: bool,
) -> dict[str, Any]:
    """Return what the options say, as members of the request."""
    said: dict[str, Any] = {"dry_run": True} if dry_run else {}
    if transaction is not None:
        said["transaction"] = transaction
    if parcels:
        one = {"parcel_code": parcels[0]} if len(parcels) == 1 else None
        said["subject"] = one or {"parcel_codes": parcels}
    if planned is not None:
        scheme, colon, code = planned.partition(":")
        if not colon:
            raise BadArgument(f"--planned {planned}: write scheme:code")
        said["planned_use"] = {"scheme": scheme, "code": code}
    return said


def _ask(
    database: Database, asker: Principal, body: dict[str, Any], language: Language
) -> dict[str, Any]:
    from datetime import date

    from app.asking import ask_today
    from app.errors import problem_of
    from app.own_rule_sets import find_rule_sets
    from app.schemas.gate_request import read_gate_request
    from screening.gate import Gate

    gate = Gate(find_rule_sets(read_settings()))
    try:
        asked = read_gate_request(body, date.min)
        with database.transaction(asker, snapshot=True) as connection:
            return ask_today(gate, connection, asker, asked)
    except Exception as error:
        problem = problem_of(error)
        if problem is None or problem.status >= 500:
            raise
        raise NotDecided(_told(problem.document(language))) from error


def _told(document: dict[str, Any]) -> str:
    """Return a problem as lines: what it is, and every fault with its place."""
    faults = document.get("errors", [])
    lines = [
        f"{fault.get('pointer') or fault.get('parameter', '')}: {fault['message']}"
        for fault in faults
    ]
    return "\n".join([str(document.get("detail") or document["title"]), *lines])
