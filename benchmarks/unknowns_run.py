"""How often is the answer "insufficient data" when the caller sends all? (command).

Asks the gate about random parcels of the sample county and its neighbour, loaded from
their files as surveyors would send them, for all 19 transactions in turn, with every
field of section 9 (`full_questions.py`). Nothing is recorded. Prints the share of each
outcome and, of the insufficient ones, the transactions, the rules that wait, and the
facts they wait for. What remains must be the register's or a neighbour's silence: an
answer that waits for the caller, who said all, is a fault and ends the command with 1.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

import psycopg

from app.cluster import ClusterUrls, running_database
from app.database import Database
from app.migration import upgrade
from app.refusals import CannotRun
from app.samples import load_if_empty
from app.security.principals import Principal
from benchmarks.database import say, settings_for, working_folder
from benchmarks.full_questions import draw_question
from parcels.register.repository import Moment, transaction_time
from screening.decide import Decision, MissingFact
from screening.gate import Gate, Question
from screening.request import parse_gate_request
from screening.rule_set import SubjectInTwoRuleSets
from screening.rule_sets.loader import read_rule_sets
from screening.vocabulary import Outcome, Transaction

_PARCELS: Final = (
    "select code, division_code from registry.parcel"
    " where closed_by is null and valid_to is null order by code"
)
_CALLERS_OWN: Final = "not_declared"
"""Cause of a missing fact that the request could have told."""


REFUSED: Final = "refused"
"""Word for land under two rule sets, which has to be asked for in parts."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one question; `decision` None when nothing was decided."""

    county: str
    transaction: Transaction
    decision: Decision | None

    @property
    def outcome(self) -> str:
        """The outcome's word, or `REFUSED`."""
        return self.decision.outcome.value if self.decision else REFUSED

    @property
    def insufficient(self) -> bool:
        """Whether the transaction stops for want of a fact."""
        return self.outcome == Outcome.INSUFFICIENT_DATA.value

    @property
    def blocking(self) -> tuple[MissingFact, ...]:
        """Facts that stop the transaction while they are unknown."""
        missing = self.decision.missing_facts if self.decision else ()
        return tuple(entry for entry in missing if entry.effect == "blocks")


def main(arguments: list[str] | None = None) -> int:
    """Run the questions; 0 when no answer waits for what the caller has said."""
    options = _read_options(arguments)
    try:
        with ExitStack() as stack:
            folder = stack.enter_context(working_folder(options.keep))
            settings = settings_for(folder)
            urls = stack.enter_context(running_database(settings, say, make=True))
            upgrade(urls.owner, urls.superuser)
            load_if_empty(settings)
            answers = list(_ask(urls, options.count, Random(options.seed)))
    except CannotRun as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return 1
    return _report(answers)


def _read_options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/unknowns", description=__doc__)
    parser.add_argument("--count", type=int, default=3_800, help="questions in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="use, or make and keep, this database"
    )
    return parser.parse_args(arguments)


def _ask(urls: ClusterUrls, count: int, random: Random) -> Iterator[Answer]:
    """Yield an answer for each question, the transactions in turn."""
    with psycopg.connect(urls.owner) as connection:
        parcels = connection.execute(_PARCELS).fetchall()
    gate = Gate(read_rule_sets())
    database = Database(urls.service, pool_size=1)
    transactions = list(Transaction)
    try:
        for number in range(count):
            code, county = random.choice(parcels)
            transaction = transactions[number % len(transactions)]
            body = draw_question(random, transaction)
            decision = _judge(gate, database, code, county, body)
            yield Answer(county, transaction, decision)
    finally:
        database.close()


def _judge(
    gate: Gate, database: Database, code: str, county: str, body: dict[str, object]
) -> Decision | None:
    """Return what follows today, under the rights of a permit system of the county."""
    caller = Principal(UUID(int=0), "benchmark", "permit_system", county)
    with database.transaction(caller, snapshot=True, read_only=True) as connection:
        today: date = transaction_time(connection).date()
        question = Question(parse_gate_request(body, today), (code,))
        try:
            found = gate.work_out(connection, county, question, Moment(today))
        except SubjectInTwoRuleSets:
            return None
        return found.decision


def _report(answers: list[Answer]) -> int:
    for county in sorted({answer.county for answer in answers}):
        _print_outcomes(county, [a for a in answers if a.county == county])
    _print_outcomes("both", answers)
    _print_by_transaction(answers)
    insufficient = [answer for answer in answers if answer.insufficient]
    say("\nRules that wait, in how many of the insufficient answers")
    _print_counts(_rules(answer) for answer in insufficient)
    say("\nFacts they wait for: county asked, fact, why, theme, county to ask")
    _print_counts(_facts(answer) for answer in insufficient)
    return _print_faults(answers)


def _print_outcomes(name: str, answers: list[Answer]) -> None:
    found = Counter(answer.outcome for answer in answers)
    say(f"\n{name}: {len(answers):,} answers")
    for outcome in (*(outcome.value for outcome in Outcome), REFUSED):
        share = _share(found[outcome], answers)
        say(f"  {outcome:24}{found[outcome]:>7,}{share:>8}")


def _print_by_transaction(answers: list[Answer]) -> None:
    counties = sorted({answer.county for answer in answers})
    say(f"\n{'Share of insufficient data':26}" + "".join(f"{c:>9}" for c in counties))
    for transaction in Transaction:
        shares = []
        for county in counties:
            asked = [
                answer
                for answer in answers
                if answer.county == county and answer.transaction is transaction
            ]
            stopped = sum(answer.insufficient for answer in asked)
            shares.append(f"{_share(stopped, asked):>9}")
        say(f"  {transaction.value:24}" + "".join(shares))


def _share(part: int, whole: list[Answer]) -> str:
    return f"{part / len(whole):.1%}" if whole else "–"


def _rules(answer: Answer) -> set[str]:
    return {rule for entry in answer.blocking for rule in entry.rules}


def _facts(answer: Answer) -> set[str]:
    return {
        "  ".join(
            (
                answer.county,
                f"{entry.missing.fact:30}{entry.missing.cause:15}",
                f"{entry.missing.theme or '–':26}",
                entry.missing.division_code or "–",
            )
        )
        for entry in answer.blocking
    }


def _print_counts(named: Iterable[Iterable[str]]) -> None:
    for name, count in Counter(n for names in named for n in names).most_common():
        say(f"  {count:>6,}  {name}")


def _print_faults(answers: list[Answer]) -> int:
    faults = [
        entry
        for answer in answers
        for entry in answer.blocking
        if entry.missing.cause == _CALLERS_OWN
    ]
    say(f"\nAnswers that wait for what the caller has said: {len(faults)}")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
