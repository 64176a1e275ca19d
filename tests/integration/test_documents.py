"""Bytes and rows of documents: both or neither, whoever is killed when."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from io import BytesIO

import pytest
import sqlalchemy as sa

from parcels.documents import tables
from parcels.documents.firms import (
    ListingEnded,
    ListingNotFound,
    NewListing,
    end_listing,
    find_listings,
    is_listed,
    list_firm,
)
from parcels.documents.orphans import remove_orphans
from parcels.documents.refusals import DocumentNotFound, FileNotStored
from parcels.documents.repository import (
    NewFile,
    check_stored,
    get_document,
    store_document,
)
from parcels.surveys.archive import Archive

OURS, THEIRS = "999901", "999902"
LISTED = date(2026, 3, 1)


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "documents")


def store(registry, archive, content=b"%PDF-1", division=OURS, scope=OURS):
    """Keep a document as the service does."""
    with archive.receive() as incoming:
        incoming.write(content)
        incoming.settle()
        file = NewFile(
            division,
            incoming.sha256,
            incoming.size,
            "application/pdf",
            "x.pdf",
            scanned=False,
        )
        with registry.service(scope, "registrar") as connection:
            return store_document(
                connection, file, incoming.keep, actor="x", client_id=None
            )


def age(archive):
    """Let every file of the archive be two days old."""
    for path in archive.list_kept():
        os.utime(path, (time.time() - 2 * 86400,) * 2)


def sweep(registry, archive):
    return remove_orphans(archive, partial(registry.service, None, ""))


def test_the_same_bytes_of_a_division_are_one_document(registry, archive):
    first, new = store(registry, archive)
    second, again = store(registry, archive)
    assert (first, new, again) == (second, True, False)
    theirs, new = store(registry, archive, division=THEIRS, scope=THEIRS)
    assert new and theirs.id != first.id
    assert len(list(archive.list_kept())) == 1


def test_many_who_send_the_same_at_once_make_one_document(registry, archive):
    gate = threading.Barrier(4)

    def send(_):
        gate.wait()
        return store(registry, archive)[0].id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(4)))) == 1


def test_a_document_is_seen_by_its_division_alone(registry, archive):
    document, _ = store(registry, archive)
    for scope, seen in ((OURS, True), ("99", True), (THEIRS, False)):
        with registry.service(scope, "registrar") as connection:
            if seen:
                assert get_document(connection, document.id) == document
            else:
                with pytest.raises(DocumentNotFound):
                    get_document(connection, document.id)


def test_a_file_is_named_within_its_division_only(registry, archive):
    number = str(store(registry, archive)[0].id)
    with registry.service("99", "registrar") as connection:
        check_stored(connection, number, OURS)
        check_stored(connection, number, "9999")
        for division, file_id in ((THEIRS, number), ("999901001", number), (OURS, "x")):
            with pytest.raises(FileNotStored):
                check_stored(connection, file_id, division)


def test_bytes_without_a_row_are_removed_and_others_stay(registry, archive):
    kept, _ = store(registry, archive, b"%PDF-kept")
    orphan = archive.keep(BytesIO(b"%PDF-orphan"))
    young = archive.keep(BytesIO(b"%PDF-young"))
    age(archive)
    os.utime(archive.path(young.sha256))
    assert sweep(registry, archive) == 1
    assert not archive.path(orphan.sha256).exists()
    assert archive.path(kept.sha256).exists() and archive.path(young.sha256).exists()


def test_bytes_that_are_just_being_stored_again_are_not_removed(registry, archive):
    archive.keep(BytesIO(b"%PDF-1"))
    age(archive)
    removed = []

    def keep_while_another_sweeps(incoming):
        incoming.keep()
        with ThreadPoolExecutor(1) as pool:
            removed.append(pool.submit(sweep, registry, archive).result())

    with archive.receive() as incoming:
        incoming.write(b"%PDF-1")
        file = NewFile(
            OURS, incoming.sha256, 6, "application/pdf", "x.pdf", scanned=False
        )
        with registry.service(OURS, "registrar") as connection:
            document, _ = store_document(
                connection,
                file,
                partial(keep_while_another_sweeps, incoming),
                actor="x",
                client_id=None,
            )
    assert removed == [0] and sweep(registry, archive) == 0
    assert archive.path(document.sha256).exists()


def test_a_transaction_that_fails_leaves_bytes_that_are_swept(registry, archive):
    with (
        pytest.raises(RuntimeError),
        archive.receive() as incoming,
        registry.service(OURS, "registrar") as connection,
    ):
        incoming.write(b"%PDF-1")
        file = NewFile(
            OURS, incoming.sha256, 6, "application/pdf", "x.pdf", scanned=False
        )
        store_document(connection, file, incoming.keep, actor="x", client_id=None)
        raise RuntimeError("killed before the commit")
    age(archive)
    assert sweep(registry, archive) == 1
    assert list(archive.list_kept()) == []


@pytest.mark.parametrize(
    "statement", ["update document set filename = 'y'", "delete from document"]
)
def test_what_is_on_record_stays_as_written(registry, archive, statement):
    store(registry, archive)
    with pytest.raises(sa.exc.IntegrityError), registry.owner() as connection:
        connection.execute(sa.text(statement))


def listing(**more):
    values = {"division_code": OURS, "firm": "甲（川）公司", "firm_code": None}
    values |= {"reason": "假报告", "source": "通报", "listed_on": LISTED}
    return NewListing(**{**values, **more})


@pytest.mark.parametrize(
    ("on", "listed"),
    [
        (date(2026, 2, 28), False),
        (LISTED, True),
        (date(2026, 8, 31), True),
        (date(2026, 9, 1), False),
    ],
)
def test_a_firm_is_listed_from_its_day_until_the_end(registry, on, listed):
    with registry.service(OURS, "registrar") as connection:
        entered = list_firm(connection, listing(), actor="x")
        end_listing(connection, entered.id, date(2026, 9, 1), actor="y")
        assert is_listed(connection, "甲(川) 公司", None, on) is listed
        assert not is_listed(connection, "乙公司", None, on)


def test_a_firm_is_known_by_its_credit_code_too(registry):
    code = "91510000MA00000000"
    with registry.service(OURS, "registrar") as connection:
        list_firm(connection, listing(firm_code=code), actor="x")
        assert is_listed(connection, "新名公司", code, LISTED)
        assert not is_listed(connection, None, None, LISTED)


def test_a_listing_counts_below_its_division_and_nowhere_else(registry):
    with registry.service("*", "registrar") as connection:
        for division, firm in (("*", "国"), ("99", "省"), (OURS, "县"), (THEIRS, "邻")):
            list_firm(connection, listing(division_code=division, firm=firm), actor="x")
    with registry.service(OURS, "planner") as connection:
        seen = {one.firm for one in find_listings(connection, limit=9)}
    assert seen == {"国", "省", "县"}


def test_a_listing_ends_once_and_by_its_own_division(registry):
    with registry.service("99", "registrar") as connection:
        entered = list_firm(connection, listing(division_code="99"), actor="x")
    with registry.service(OURS, "registrar") as connection:
        with pytest.raises(ListingNotFound):
            end_listing(connection, entered.id, LISTED, actor="x")
    with registry.service("99", "registrar") as connection:
        with pytest.raises(ListingEnded):
            end_listing(connection, entered.id, date(2026, 2, 1), actor="x")
        end_listing(connection, entered.id, date(2026, 9, 1), actor="x")
        with pytest.raises(ListingEnded):
            end_listing(connection, entered.id, date(2026, 9, 2), actor="x")


@pytest.mark.parametrize("role", ["planner", "surveyor", "permit_system"])
def test_only_the_environment_bureau_lists_firms(registry, role):
    with (
        pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        registry.service(OURS, role) as connection,
    ):
        list_firm(connection, listing(), actor="x")


def test_the_tables_are_those_of_the_database(schema):
    for table in (tables.document, tables.firm_listing):
        with schema.owner() as connection:
            columns = {
                column["name"]: column["nullable"]
                for column in sa.inspect(connection).get_columns(table.name, "registry")
            }
        assert columns == {column.name: column.nullable for column in table.columns}
