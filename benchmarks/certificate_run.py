"""How long does a certificate take over HTTP, warm? (command).

Ours answers `GET …/certificate.pdf` for decisions on random parcels: record read, what
it names drawn, set as PDF/A. The peer is what typst alone needs in this process for a
page of 600 table cells in the same font, so that the machine shows in both. Each
certificate is asked for once in Chinese after a warm-up on others.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import typst

from app.cluster import database_urls
from app.refusals import CannotRun
from benchmarks.database import (
    RegisterNotEmpty,
    client_key,
    loaded_database,
    pick_codes,
    say,
    settings_for,
    working_folder,
)
from benchmarks.landscape import County
from benchmarks.services import NotStarted, Server, our_service

LIMIT_MS = 150.0
"""Mark of the design for one certificate with map, warm."""

_BARE = (
    '#set document(date: none)\n#set text(font: "Noto Serif CJK SC")\n'
    "#table(columns: 10, ..range(600).map(n => [地块 #(stamp + n)]))\n"
)


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; 0 when the median of the certificates is in the mark."""
    options = _read_options(arguments)
    try:
        with working_folder(options.keep) as folder:
            return _run(folder, County(options.parcels), options.count)
    except (CannotRun, NotStarted, RegisterNotEmpty) as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return 1


def _read_options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/certificate", description=__doc__)
    parser.add_argument("--parcels", type=int, default=1_000_000)
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="use, or make and keep, this database"
    )
    parser.add_argument("--count", type=int, default=60, help="certificates measured")
    return parser.parse_args(arguments)


def _run(folder: Path, county: County, count: int) -> int:
    with loaded_database(folder, county, say, peer=False) as urls:
        codes = pick_codes(urls.owner, count + 20, seed=3)
    with ExitStack() as stack:
        server = stack.enter_context(our_service(folder))
        urls = database_urls(settings_for(folder))
        key = stack.enter_context(client_key(urls.owner, county))
        links = [_decide(server, key, code) for code in codes]
        for link in links[count:]:
            _fetch(server, key, link)
        ours, bare, sizes = [], [], []
        for link in links[:count]:
            bare.append(_typeset_bare())
            began = time.perf_counter()
            sizes.append(len(_fetch(server, key, link)))
            ours.append(1e3 * (time.perf_counter() - began))
    return _report(ours, bare, sizes)


def _decide(server: Server, key: str, code: str) -> str:
    """Ask the gate about a parcel; return the path of the certificate."""
    body = {
        "transaction": "grant",
        "subject": {"parcel_code": code},
        "planned_use": {"scheme": "gbt21010_2017", "code": "0701"},
    }
    answer = _send(server, key, "POST", "/v1/gate/decisions", json.dumps(body))
    link: str = json.loads(answer)["links"]["certificate"]
    return link


def _fetch(server: Server, key: str, path: str) -> bytes:
    document = _send(server, key, "GET", path)
    if not document.startswith(b"%PDF-"):
        raise NotStarted(f"{path} gave no PDF: {document[:200]!r}")
    return document


def _send(
    server: Server, key: str, method: str, path: str, body: str | None = None
) -> bytes:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    headers = {
        "Authorization": f"Bearer {key}",
        "Accept-Language": "zh",
        "Content-Type": "application/json",
    }
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status >= 400:
            raise NotStarted(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content
    finally:
        connection.close()


_COMPILER = typst.Compiler()


def _typeset_bare() -> float:
    """Return the milliseconds of a bare page; other numbers defeat typst's memory."""
    source = f"#let stamp = {time.perf_counter_ns()}\n{_BARE}"
    began = time.perf_counter()
    _COMPILER.compile(source.encode(), format="pdf")
    return 1e3 * (time.perf_counter() - began)


def _report(ours: list[float], bare: list[float], sizes: Iterable[int]) -> int:
    ours_ms, bare_ms = statistics.median(ours), statistics.median(bare)
    worst = sorted(ours)[int(0.95 * (len(ours) - 1))]
    say(f"\ncertificate over HTTP  p50 {ours_ms:7.1f} ms   p95 {worst:7.1f} ms")
    say(f"bare page of typst     p50 {bare_ms:7.1f} ms")
    say(f"  ratio jingtu : bare page = {ours_ms / bare_ms:.2f}")
    say(
        f"  mark {LIMIT_MS:.0f} ms: {'met' if ours_ms <= LIMIT_MS else 'missed'};"
        f" {statistics.mean(sizes) / 1000:.0f} kB each"
    )
    return 0 if ours_ms <= LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
