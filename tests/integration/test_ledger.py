"""Entries are written with what they tell of, sealed in the order found, and proved."""

import asyncio
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import orjson
import psycopg
import pytest
import sqlalchemy as sa

from app import rounds
from app.database import Database
from app.database_errors import OutsideRights
from app.rounds import repeat_until
from app.sealing import Sealer, sealing_rounds
from parcels.ledger.canonical import canonical_bytes
from parcels.ledger.entry import make_entry
from parcels.ledger.kept import HEADS_FILE, KeptHeads
from parcels.ledger.keys import (
    KEY_FILE,
    KeyLost,
    KeyReplaced,
    make_another_key,
    read_or_make_key,
    signature_holds,
)
from parcels.ledger.merkle import tree_hash, verify_consistency, verify_inclusion
from parcels.ledger.prove import NoSuchTree, prove_consistency, prove_entry
from parcels.ledger.seal import LedgerContradicted
from parcels.ledger.tree import find_head, latest_head
from parcels.register.history import number_change, open_change
from tests.integration.ledger_steps import (
    CODE,
    append,
    append_many,
    make_change,
    principal,
    rows_of,
    seal_all,
)


@pytest.fixture
def database(fresh_database_urls):
    found = Database(fresh_database_urls.service, pool_size=4)
    yield found
    found.close()


def heads_of(folder: Path):
    return list(KeptHeads(folder / HEADS_FILE))


def test_a_change_of_the_register_enters_the_ledger_by_itself(
    database, fresh_database_urls
):
    make_change(database)
    ((kind, division, content),) = rows_of(
        fresh_database_urls,
        "select kind, division_code, content from registry.ledger_entry",
    )
    written = orjson.loads(content)
    assert (kind, division, written["kind"]) == ("change", "999901", "change")
    assert written["body"] == {
        "actor": "test",
        "change": 1,
        "reason": None,
        "upload": None,
    }


@pytest.mark.parametrize(
    "text", ['"quoted\\"', "换行\n制表\t\x01", "\u2028\x7f𠮷", "a/b\b\f\r"]
)
def test_what_the_database_writes_is_canonical_too(database, fresh_database_urls, text):
    with database.transaction(principal()) as connection:
        opened = open_change(
            connection, actor=text, division_code="999901", reason=text
        )
        number_change(connection, opened)
    ((entry_id, time, salt, content),) = rows_of(
        fresh_database_urls,
        "select id, recorded_at, salt, content from registry.ledger_entry",
    )
    written = orjson.loads(content)
    assert canonical_bytes(written) == content
    assert (written["body"]["actor"], written["body"]["reason"]) == (text, text)
    shanghai = datetime.fromisoformat(written["recorded_at"])
    assert shanghai == time and shanghai.utcoffset().seconds == 8 * 3600
    again = make_entry(entry_id, "change", "999901", shanghai, written["body"], salt)
    assert again.content == content


def test_an_entry_goes_with_its_transaction(database, fresh_database_urls):
    with pytest.raises(LookupError):
        with database.transaction(principal()) as connection:
            append(connection)
            raise LookupError
    assert rows_of(fresh_database_urls, "select * from registry.ledger_entry") == []
    assert rows_of(fresh_database_urls, "select * from registry.ledger_unsealed") == []


def test_sealing_signs_the_tree_of_the_entries(database, fresh_database_urls, tmp_path):
    append_many(database, 11)
    assert seal_all(database, tmp_path, most=4) == 3
    leaves = [
        found
        for (found,) in rows_of(
            fresh_database_urls,
            "select sha256('\\x00'::bytea || e.salt || e.content)"
            " from registry.ledger_leaf l join registry.ledger_entry e"
            " on e.id = l.entry_id order by l.number",
        )
    ]
    heads = heads_of(tmp_path)
    assert [signed.head.size for signed in heads] == [4, 8, 11]
    for signed in heads:
        assert signed.head.root == tree_hash(leaves[: signed.head.size])
        assert signature_holds(signed)
    with database.transaction(None) as connection:
        assert latest_head(connection) == heads[-1]
    assert seal_all(database, tmp_path) == 0


def test_the_key_is_its_owners_alone_and_stays_the_same(database, tmp_path):
    append_many(database, 1)
    seal_all(database, tmp_path)
    append_many(database, 1)
    seal_all(database, tmp_path)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert len({signed.head.public_key for signed in heads_of(tmp_path)}) == 1


def test_a_slow_transaction_is_sealed_after_it_commits(
    database, fresh_database_urls, tmp_path
):
    """Its entry is older than the last sealed one, and is not skipped."""
    began, go_on, slow = threading.Event(), threading.Event(), []

    def write_slowly():
        with database.transaction(principal()) as connection:
            slow.append(append(connection))
            connection.execute(sa.text("select 1"))
            began.set()
            assert go_on.wait(20)

    thread = threading.Thread(target=write_slowly)
    thread.start()
    assert began.wait(20)
    quick = append_many(database, 2)
    assert seal_all(database, tmp_path) == 1
    go_on.set()
    thread.join()
    assert seal_all(database, tmp_path) == 1
    found = rows_of(
        fresh_database_urls,
        "select entry_id from registry.ledger_leaf order by number",
    )
    assert [entry for (entry,) in found] == [*quick, *slow]


def test_an_entry_listed_twice_is_numbered_once(
    database, fresh_database_urls, tmp_path
):
    (entry,) = append_many(database, 1)
    listed = sa.text("insert into ledger_unsealed values (:id)")
    for _ in range(2):
        with database.transaction(principal()) as connection:
            connection.execute(listed, {"id": entry})
        seal_all(database, tmp_path)
    append_many(database, 1)
    assert seal_all(database, tmp_path) == 1
    ((leaves,),) = rows_of(
        fresh_database_urls, "select count(*) from registry.ledger_leaf"
    )
    assert leaves == 2


def test_two_sealers_at_once_give_each_entry_one_number(
    database, fresh_database_urls, tmp_path
):
    append_many(database, 400)
    with ThreadPoolExecutor(3) as pool:
        sealers = [pool.submit(seal_all, database, tmp_path, 25) for _ in range(3)]
    assert sum(sealer.result() for sealer in sealers) == 400 // 25
    assert [head.head.size for head in heads_of(tmp_path)] == list(range(25, 401, 25))
    ((count, highest, entries),) = rows_of(
        fresh_database_urls,
        "select count(*), max(number), count(distinct entry_id)"
        " from registry.ledger_leaf",
    )
    assert (count, highest, entries) == (400, 399, 400)


@pytest.mark.parametrize("count", [1, 2, 7, 64])
def test_every_entry_is_proved_against_every_later_head(database, tmp_path, count):
    entries = append_many(database, count)
    seal_all(database, tmp_path, most=count)
    append_many(database, 5)
    seal_all(database, tmp_path)
    with database.transaction(principal(), read_only=True) as connection:
        for size in (count, count + 5):
            for entry in entries:
                proof = prove_entry(connection, entry, size)
                assert proof.head.head.size == size
                assert verify_inclusion(
                    proof.entry.leaf_hash,
                    proof.number,
                    size,
                    proof.path,
                    proof.head.head.root,
                )


def test_a_proof_is_pending_until_the_seal(database):
    (entry,) = append_many(database, 1)
    with database.transaction(principal()) as connection:
        proof = prove_entry(connection, entry)
    assert (proof.number, proof.head, proof.path) == (None, None, ())


def test_a_later_ledger_is_proved_to_continue_an_earlier_head(database, tmp_path):
    for _ in range(4):
        append_many(database, 9)
        seal_all(database, tmp_path)
    with database.transaction(principal(), read_only=True) as connection:
        last = latest_head(connection).head
        for size in (9, 18, 27, 36):
            proof = prove_consistency(connection, size, last.size)
            root = find_head(connection, size).head.root
            assert verify_consistency(size, last.size, root, last.root, proof)


@pytest.mark.parametrize("sizes", [(0, 1), (3, 2), (1, 3)])
def test_a_tree_that_never_was_is_refused(database, tmp_path, sizes):
    append_many(database, 2)
    seal_all(database, tmp_path)
    with database.transaction(principal()) as connection, pytest.raises(NoSuchTree):
        prove_consistency(connection, *sizes)


def test_a_head_older_than_the_entry_proves_nothing_of_it(database, tmp_path):
    append_many(database, 1)
    seal_all(database, tmp_path)
    (entry,) = append_many(database, 1)
    seal_all(database, tmp_path)
    with database.transaction(principal()) as connection, pytest.raises(NoSuchTree):
        prove_entry(connection, entry, 1)


def test_a_caller_reads_entries_of_his_own_division_only(database, tmp_path):
    (ours,) = append_many(database, 1)
    (theirs,) = append_many(database, 1, "999902")
    seal_all(database, tmp_path)
    with database.transaction(principal()) as connection:
        assert prove_entry(connection, ours) is not None
        assert prove_entry(connection, theirs) is None
    with database.transaction(principal("9999")) as connection:
        assert prove_entry(connection, theirs) is not None


def test_nobody_enters_what_belongs_to_another_division(database):
    with pytest.raises(OutsideRights):
        append_many_as = principal("999901")
        with database.transaction(append_many_as) as connection:
            append(connection, "999902")


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_entry set content = ''",
        "delete from ledger_entry",
        "update ledger_leaf set number = number + 1",
        "insert into ledger_leaf values (7, gen_random_uuid(), ''::bytea)",
        "delete from ledger_unsealed",
        "select * from ledger_unsealed",
        "update ledger_node set hash = hash",
        "delete from ledger_head",
        "update ledger set id = gen_random_uuid()",
    ],
)
def test_the_service_can_only_add(database, tmp_path, statement):
    append_many(database, 2)
    seal_all(database, tmp_path)
    with pytest.raises(OutsideRights):
        with database.transaction(principal("*", "admin")) as connection:
            connection.execute(sa.text(statement))


@pytest.mark.parametrize("table", ["entry", "leaf", "node", "head"])
def test_not_even_the_owner_changes_what_is_entered(
    database, fresh_database_urls, tmp_path, table
):
    append_many(database, 2)
    seal_all(database, tmp_path)
    with psycopg.connect(fresh_database_urls.owner) as connection:
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            connection.execute(f"delete from registry.ledger_{table}")  # noqa: S608


def test_heads_missing_outside_are_added_at_the_next_start(database, tmp_path):
    """As after a kill between the commit and the writing of the file."""
    append_many(database, 1)
    seal_all(database, tmp_path)
    kept = (tmp_path / HEADS_FILE).read_bytes()
    append_many(database, 1)
    seal_all(database, tmp_path)
    (tmp_path / HEADS_FILE).write_bytes(kept + b'{"format": "jingtu-tr')
    assert seal_all(database, tmp_path) == 0
    assert [signed.head.size for signed in heads_of(tmp_path)] == [1, 2]


def test_nothing_is_signed_that_contradicts_a_kept_head(
    database, fresh_database_urls, tmp_path
):
    append_many(database, 3)
    seal_all(database, tmp_path)
    with psycopg.connect(fresh_database_urls.superuser) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("delete from registry.ledger_head")
        connection.execute("delete from registry.ledger_leaf")
        connection.execute("delete from registry.ledger_node")
    append_many(database, 1)
    with pytest.raises(LedgerContradicted, match="has none"):
        seal_all(database, tmp_path)
    ((waiting,),) = rows_of(
        fresh_database_urls, "select count(*) from registry.ledger_unsealed"
    )
    assert waiting == 1


def test_nothing_is_signed_on_a_tree_that_is_not_the_signed_one(
    database, fresh_database_urls, tmp_path
):
    append_many(database, 3)
    seal_all(database, tmp_path)
    with psycopg.connect(fresh_database_urls.superuser) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(
            "update registry.ledger_node set hash = sha256('x') where level = 1"
        )
    append_many(database, 1)
    with pytest.raises(LedgerContradicted, match="is not the one"):
        seal_all(database, tmp_path)


def test_heads_of_another_database_are_noticed(
    database, copy_database, fresh_database_urls, tmp_path
):
    append_many(database, 1)
    seal_all(database, tmp_path)
    with psycopg.connect(fresh_database_urls.superuser) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("update registry.ledger set id = gen_random_uuid()")
    append_many(database, 1)
    with pytest.raises(LedgerContradicted, match="are of ledger"):
        seal_all(database, tmp_path)


def test_one_parcel_makes_one_entry(database, fresh_database_urls, tmp_path):
    make_change(database)
    make_change(database, CODE.replace("00001", "00002"))
    seal_all(database, tmp_path)
    ((changes,),) = rows_of(
        fresh_database_urls,
        "select count(*) from registry.ledger_entry where kind = 'change'",
    )
    assert changes == 2


@pytest.mark.parametrize(
    "damage",
    [
        "update registry.ledger_head set content = '{'",
        "delete from registry.ledger_node",
        "insert into registry.ledger_node values (1, 1, sha256('x'))",
    ],
)
def test_a_damaged_ledger_is_told_and_does_not_stop_the_worker(
    database, fresh_database_urls, tmp_path, damage, monkeypatch, caplog
):
    append_many(database, 2)
    seal_all(database, tmp_path)
    with psycopg.connect(fresh_database_urls.superuser) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(damage)
    append_many(database, 2)
    monkeypatch.setattr(rounds, "EVERY_S", 0.05)

    async def seal_for_a_while():
        stopped = asyncio.Event()
        task = asyncio.create_task(
            repeat_until(stopped, sealing_rounds(database, tmp_path))
        )
        await asyncio.sleep(0.5)
        stopped.set()
        await task

    asyncio.run(seal_for_a_while())
    told = [each for each in caplog.records if "cannot be sealed" in each.message]
    assert len(told) == 1


def test_a_lost_key_is_told_and_no_other_made_without_a_word(database, tmp_path):
    append_many(database, 1)
    seal_all(database, tmp_path)
    (tmp_path / KEY_FILE).unlink()
    append_many(database, 1)
    with pytest.raises(KeyLost, match="jingtu ledger new-key"):
        seal_all(database, tmp_path)
    assert not (tmp_path / KEY_FILE).exists()


def test_no_key_is_made_in_silence_where_the_whole_folder_is_lost(database, tmp_path):
    folder = tmp_path / "ledger"
    append_many(database, 1)
    seal_all(database, folder)
    shutil.rmtree(folder)
    append_many(database, 1)
    with pytest.raises(KeyLost, match="ledger/signing-key.pem") as lost:
        seal_all(database, folder)
    assert "jingtu ledger new-key" in str(lost.value)
    assert not folder.exists()


def test_another_key_signs_only_when_it_was_made_on_purpose(database, tmp_path):
    append_many(database, 1)
    seal_all(database, tmp_path)
    first = tmp_path / KEY_FILE
    first.rename(tmp_path / "old")
    read_or_make_key(tmp_path / "of another machine")
    (tmp_path / "of another machine" / KEY_FILE).rename(first)
    append_many(database, 1)
    with pytest.raises(KeyReplaced, match="jingtu ledger new-key"):
        seal_all(database, tmp_path)
    first.unlink()
    key = make_another_key(tmp_path)
    assert seal_all(database, tmp_path) == 1
    assert heads_of(tmp_path)[-1].head.public_key == key.public_key


def test_a_head_that_could_not_be_kept_is_kept_without_a_new_entry(
    database, tmp_path, monkeypatch
):
    def fail(*arguments):
        raise PermissionError("heads.jsonl")

    sealer = Sealer(database, tmp_path)
    append_many(database, 1)
    sealer.seal_all()
    append_many(database, 1)
    with monkeypatch.context() as patch:
        patch.setattr(KeptHeads, "append", fail)
        with pytest.raises(PermissionError):
            sealer.seal_all()
        with pytest.raises(PermissionError):
            sealer.seal_all()
    sealer.seal_all()
    assert KeptHeads(tmp_path / HEADS_FILE).last().head.size == 2
