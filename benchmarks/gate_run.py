"""How many gate decisions a second, beside tipg's look-up of one feature? (command).

Ours decides and records: every request names a random parcel out of the whole county,
is answered with a decision and leaves a row behind. The peer answers one feature by
attribute from the same database. Both serve the same closed-loop clients in turns
(A B A B …), so that drift of the machine meets both.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from app.cluster import ClusterUrls, database_urls
from app.refusals import CannotRun
from benchmarks.database import (
    RegisterNotEmpty,
    client_key,
    count_decisions,
    database_pid,
    loaded_database,
    measure_hits,
    pick_codes,
    say,
    settings_for,
    working_folder,
)
from benchmarks.landscape import County
from benchmarks.plans import show_plans
from benchmarks.processor_time import tree_seconds
from benchmarks.questions import Answers, decision_asks, feature_asks, read_answers
from benchmarks.services import (
    PEER_COLLECTION,
    NotStarted,
    our_service,
    peer_service,
)
from benchmarks.traffic import CLIENTS, Ask, Tally, Target, run_slice

CODES_ASKED = 200_000
"""Random parcels asked for in turn; more than a run can use up."""


@dataclass(slots=True)
class Contender:
    """One of the two servers: where it is, what it is asked, what came back.

    `program_seconds` and `database_seconds` are the processor time that its own
    processes and the database server spent while it was asked.
    """

    name: str
    target: Target
    pid: int
    asks: Iterator[Ask]
    tally: Tally = field(default_factory=Tally)
    program_seconds: float = 0.0
    database_seconds: float = 0.0

    def ask(self, seconds: float, database: int | None) -> Tally:
        """Load the server for so many seconds, counting processor time."""
        pids = (self.pid, database)
        before = [tree_seconds(pid) if pid else float("nan") for pid in pids]
        tally = run_slice(self.target, self.asks, seconds)
        after = [tree_seconds(pid) if pid else float("nan") for pid in pids]
        self.program_seconds += after[0] - before[0]
        self.database_seconds += after[1] - before[1]
        self.tally.add(tally)
        return tally


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; 0 when every answer was right."""
    options = _read_options(arguments)
    county = County(options.parcels)
    try:
        with working_folder(options.keep) as folder:
            if options.plans:
                return _plans(folder, county)
            return _compare(folder, county, options)
    except (CannotRun, NotStarted, RegisterNotEmpty) as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return 1


def _read_options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/gate", description=__doc__)
    parser.add_argument("--parcels", type=int, default=1_000_000)
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="use, or make and keep, this database"
    )
    parser.add_argument("--rounds", type=int, default=4, help="turns of each server")
    parser.add_argument("--seconds", type=float, default=8.0, help="length of a turn")
    parser.add_argument("--warm-up", type=float, default=6.0, help="seconds, each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--no-peer", action="store_true", help="measure ours alone (development)"
    )
    parser.add_argument(
        "--plans", action="store_true", help="show how each hot statement is executed"
    )
    return parser.parse_args(arguments)


def _plans(folder: Path, county: County) -> int:
    with loaded_database(folder, county, say, peer=False) as urls:
        show_plans(urls, pick_codes(urls.owner, 50, seed=2), county.code, say)
    return 0


def _compare(folder: Path, county: County, options: argparse.Namespace) -> int:
    with loaded_database(folder, county, say, peer=not options.no_peer) as urls:
        codes = pick_codes(urls.owner, min(CODES_ASKED, county.parcels), options.seed)
        hits = measure_hits(urls.owner, codes[:2_000])
    with ExitStack() as stack:
        server = stack.enter_context(our_service(folder))
        urls = database_urls(settings_for(folder))
        key = stack.enter_context(client_key(urls.owner, county))
        asks = decision_asks(codes, server.host, server.port, key, options.seed)
        target = Target(server.host, server.port, status=201)
        contenders = [Contender("jingtu", target, server.pid, asks)]
        if not options.no_peer:
            contenders.append(_peer(stack, folder, urls, codes))
        return _measure(folder, urls, contenders, options, hits)


def _peer(
    stack: ExitStack, folder: Path, urls: ClusterUrls, codes: list[str]
) -> Contender:
    server = stack.enter_context(peer_service(folder, urls.owner, say))
    asks = feature_asks(codes, server.host, server.port, PEER_COLLECTION)
    target = Target(server.host, server.port, status=200)
    return Contender("tipg", target, server.pid, asks)


def _measure(
    folder: Path,
    urls: ClusterUrls,
    contenders: list[Contender],
    options: argparse.Namespace,
    hits: float,
) -> int:
    say(f"Warming up, {options.warm_up:.0f} s each ...")
    for contender in contenders:
        run_slice(contender.target, contender.asks, options.warm_up)
    before = count_decisions(urls.owner)
    database = database_pid(folder)
    for turn in range(1, options.rounds + 1):
        for contender in contenders:
            tally = contender.ask(options.seconds, database)
            say(f"  turn {turn} {contender.name:8}{tally.per_second:8.0f}/s")
    recorded = count_decisions(urls.owner) - before
    ours = contenders[0].tally
    answers = read_answers(ours.kept)
    _report(contenders, answers, before, recorded, hits)
    right = not answers.wrong and recorded == ours.answers
    return 0 if right and not any(c.tally.faults for c in contenders) else 1


def _report(
    contenders: list[Contender],
    answers: Answers,
    before: int,
    recorded: int,
    hits: float,
) -> None:
    say(f"\n{CLIENTS} clients, closed loop, load on the machine {_load()}")
    say(
        "            answers/s   p50 ms   p99 ms   answers  errors"
        "   CPU ms an answer: program, database, client"
    )
    for contender in contenders:
        say(_line(contender))
        for fault in contender.tally.first_faults:
            say(f"    error: {fault}")
    if len(contenders) == 2:
        ours, peer = (contender.tally.per_second for contender in contenders)
        say(f"  ratio jingtu : tipg = {ours / peer if peer else float('nan'):.2f}")
    _describe(answers, before, recorded, hits, contenders[0].tally.answers)


def _line(contender: Contender) -> str:
    tally = contender.tally
    each_ms = [
        1e3 * seconds / max(tally.answers, 1)
        for seconds in (
            contender.program_seconds,
            contender.database_seconds,
            tally.cpu_seconds,
        )
    ]
    return (
        f"  {contender.name:10}{tally.per_second:9.0f}"
        f"{tally.latency_ms(0.5):9.1f}{tally.latency_ms(0.99):9.1f}"
        f"{tally.answers:10,}{tally.faults:8}"
        f"{each_ms[0]:27.2f}{each_ms[1]:10.2f}{each_ms[2]:8.2f}"
    )


def _describe(
    answers: Answers, before: int, recorded: int, hits: float, answered: int
) -> None:
    read = max(answers.read, 1)
    say(
        f"Decisions recorded: {before:,} before, {recorded:,} more;"
        f" answered {answered:,}."
    )
    say(
        f"Of {answers.read:,} answers read in full: {len(answers.wrong)} wrong,"
        f" {answers.with_hit / read:.0%} on a parcel that an area theme concerns,"
        f" {answers.findings / read:.1f} findings and"
        f" {answers.bytes / read / 1000:.1f} kB each."
    )
    shares = sorted(answers.outcomes.items(), key=lambda item: -item[1])
    say("Outcomes: " + ", ".join(f"{name} {n / read:.0%}" for name, n in shares) + ".")
    say(f"Parcels asked that an area theme touches, by the database: {hits:.0%}.")


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f} (one minute)"


if __name__ == "__main__":
    sys.exit(main())
