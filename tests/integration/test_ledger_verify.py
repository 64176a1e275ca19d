"""Whatever is done to a sealed ledger is found and named.

Each test tampers as the superuser, with every trigger off, in a transaction that is
rolled back: the next one finds the ledger as it was sealed.
"""

import re
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app.cli import cli
from app.database import Database
from app.migration import sqlalchemy_url
from parcels.ledger.head import Head
from parcels.ledger.kept import HEADS_FILE, KeptHeads
from parcels.ledger.keys import read_or_make_key
from parcels.ledger.merkle import Frontier, Node
from parcels.ledger.rows import check_changes
from parcels.ledger.tree import find_log
from parcels.ledger.verify import verify_ledger
from parcels.register.repository import transaction_time
from tests.integration.ledger_steps import CODE, append_many, make_change, seal_all

ENTRIES = 16


@pytest.fixture(scope="module")
def sealed(copy_database, tmp_path_factory):
    """A ledger of 13 queries and 3 changes, sealed by fives; its data directory."""
    urls = copy_database()
    folder = tmp_path_factory.mktemp("sealed")
    database = Database(urls.service, pool_size=2)
    append_many(database, 13)
    for number in (1, 2, 3):
        make_change(database, f"{CODE[:-1]}{number}")
    seal_all(database, folder / "ledger", most=5)
    database.close()
    return urls, folder


@pytest.fixture
def kept(sealed):
    return list(KeptHeads(sealed[1] / "ledger" / HEADS_FILE))


@pytest.fixture
def tamper(sealed):
    """Connect as one who may do anything; what he does is undone."""

    @contextmanager
    def connect():
        engine = sa.create_engine(
            sqlalchemy_url(sealed[0].superuser), poolclass=sa.NullPool
        )
        with engine.connect() as connection:
            connection.execute(sa.text("set session_replication_role = replica"))
            connection.execute(sa.text("set search_path = registry, public"))
            yield connection
            connection.rollback()

    return connect


def verify(connection, kept=(), trusted=()):
    report = verify_ledger(connection, kept, trusted)
    check_changes(connection, report)
    return report


def found_after(tamper, *statements, kept=(), **numbers):
    """Return kind → texts of what is found after these statements."""
    with tamper() as connection:
        for statement in statements:
            connection.execute(sa.text(statement), numbers)
        report = verify(connection, kept)
    found = {}
    for each in report.found:
        assert each.text("zh") and each.text("en")
        found.setdefault(each.kind, []).append(each.text("en"))
    assert report.is_intact == (not found)
    return found


def rewrite(connection, *, key=None):
    """Make numbers, hashes and every stored head fit the entries as they are now.

    With the key heads are signed anew; without it they keep their signature.
    """
    connection.execute(
        sa.text(
            "update ledger_leaf l"
            " set leaf_hash = sha256('\\x00' || e.salt || e.content)"
            " from ledger_entry e where e.id = l.entry_id"
        )
    )
    leaves = connection.scalars(
        sa.text("select leaf_hash from ledger_leaf order by number")
    )
    sizes = set(connection.scalars(sa.text("select size from ledger_head")))
    tree, log = Frontier(), find_log(connection)
    for leaf in leaves.all():
        for node, found in tree.append(bytes(leaf)):
            _set_node(connection, node, found)
        if tree.size in sizes and key is not None:
            _sign(connection, key, log, tree)


def _set_node(connection, node: Node, found: bytes):
    connection.execute(
        sa.text(
            "update ledger_node set hash = :hash"
            " where level = :level and number = :number"
        ),
        {"hash": found, "level": node.level, "number": node.number},
    )


def _sign(connection, key, log, tree):
    head = Head(
        log, tree.size, tree.root(), transaction_time(connection), key.public_key
    )
    signed = key.sign(head)
    connection.execute(
        sa.text(
            "update ledger_head set content = :content, signature = :signature"
            " where size = :size"
        ),
        {"content": signed.content, "signature": signed.signature, "size": tree.size},
    )


def test_a_sealed_ledger_is_intact(tamper, kept):
    assert [signed.head.size for signed in kept] == [5, 10, 15, 16]
    with tamper() as connection:
        report = verify(connection, kept)
    assert (report.found, report.is_intact) == ([], True)
    assert (report.sealed, report.waiting, report.heads) == (ENTRIES, 0, 4)


UPDATE = (
    "update ledger_entry set {}"
    " where id = (select entry_id from ledger_leaf where number = :number)"
)
DELETE = (
    "delete from ledger_entry"
    " where id = (select entry_id from ledger_leaf where number = :number)"
)


@pytest.mark.parametrize(
    "change", ["content = content || ' '", "salt = substring(sha256(salt) for 16)"]
)
def test_a_changed_entry_is_named(tamper, change):
    found = found_after(tamper, UPDATE.format(change), number=6)
    assert list(found) == ["entry_changed"]
    assert found["entry_changed"][0].startswith("entry 6 ")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("division_code", "'999902'"),
        ("kind", "'decision_event'"),
        ("recorded_at", "recorded_at + interval '1 microsecond'"),
    ],
)
def test_a_column_beside_the_content_is_no_way_in(tamper, column, value):
    change = UPDATE.format(f"{column} = {value}")
    found = found_after(tamper, change, number=0)
    assert list(found) == ["entry_misfiled"]
    assert column in found["entry_misfiled"][0]


def test_a_removed_entry_is_named(tamper):
    found = found_after(tamper, DELETE, number=12)
    assert list(found) == ["entry_removed"]
    assert found["entry_removed"][0].startswith("entry 12 ")


def test_a_removed_number_is_named(tamper):
    found = found_after(tamper, "delete from ledger_leaf where number = 3")
    assert found["leaf_removed"] == ["number 3 is missing from the ledger"]
    assert "entry_unnumbered" in found


def test_a_removed_entry_whose_followers_moved_up_is_found(tamper):
    """The gap is closed; the tree was sealed over another sequence."""
    found = found_after(
        tamper,
        DELETE,
        "delete from ledger_leaf where number = :number",
        "alter table ledger_leaf drop constraint ledger_leaf_number_check",
        "update ledger_leaf set number = -number where number > :number",
        "update ledger_leaf set number = -number - 1 where number < 0",
        number=3,
    )
    assert found["head_contradicted"][0].endswith("entries 0 to 4 was rewritten")
    assert found["ledger_cut"]
    assert "entries 2 to 3 are not the ones" in found["tree_changed"][0]


@pytest.mark.parametrize(("one", "other"), [(2, 9), (4, 5), (0, 15)])
def test_exchanged_entries_are_named(tamper, one, other):
    found = found_after(
        tamper,
        "update ledger_leaf set number = 99 where number = :one",
        "update ledger_leaf set number = :one where number = :other",
        "update ledger_leaf set number = :other where number = 99",
        one=one,
        other=other,
    )
    assert found["entries_exchanged"] == [
        f"entries {one} and {other} have been exchanged"
    ]
    assert set(found) == {"entries_exchanged", "head_contradicted"}


def test_entries_exchanged_under_their_numbers_are_named(tamper):
    found = found_after(
        tamper,
        "alter table ledger_leaf drop constraint ledger_leaf_entry_id_key",
        "update ledger_leaf a set entry_id = b.entry_id from ledger_leaf b"
        " where (a.number, b.number) in ((1, 8), (8, 1))",
    )
    assert found == {
        "entries_exchanged": ["entries 1 and 8 have been exchanged"],
    }


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_changed_hash_of_the_tree_is_named(tamper, level):
    found = found_after(
        tamper,
        "update ledger_node set hash = sha256('x') where level = :level and number = 0",
        level=level,
    )
    last = 2**level - 1
    assert f"entries 0 to {last} are not the ones" in found["tree_changed"][0]


def test_a_removed_hash_of_the_tree_is_named(tamper):
    found = found_after(
        tamper, "delete from ledger_node where level = 2 and number = 1"
    )
    assert found["node_removed"][0].startswith("the tree's hash over entries 4 to 7")


def test_an_entry_rewritten_with_every_hash_contradicts_the_signed_heads(tamper):
    with tamper() as connection:
        change = UPDATE.format("content = content || ' '")
        connection.execute(sa.text(change), {"number": 7})
        rewrite(connection)
        report = verify(connection)
    kinds = {each.kind for each in report.found}
    assert kinds == {"head_contradicted"}
    first = report.found[0].text("en")
    assert re.search(r"head of 10 entries .* among entries 5 to 9 ", first)


def test_a_history_rewritten_with_the_key_contradicts_the_kept_heads(
    tamper, kept, sealed
):
    key = read_or_make_key(sealed[1] / "ledger")
    with tamper() as connection:
        change = UPDATE.format("content = content || ' '")
        connection.execute(sa.text(change), {"number": 7})
        rewrite(connection, key=key)
        inside = verify(connection)
        report = verify(connection, kept)
    # Inside one database a whole rewrite cannot be seen.
    assert inside.is_intact
    assert {each.kind for each in report.found} == {"kept_head_contradicted"}
    assert "history of entries 5 to 9 was rewritten" in report.found[0].text("en")


def test_a_ledger_cut_short_contradicts_the_kept_heads(tamper, kept):
    statements = [
        "delete from ledger_entry where id in"
        " (select entry_id from ledger_leaf where number >= 10)",
        "delete from ledger_leaf where number >= 10",
        "delete from ledger_head where size > 10",
        "delete from ledger_node where (number + 1) << level > 10",
        "delete from change",
    ]
    assert found_after(tamper, *statements) == {}
    found = found_after(tamper, *statements, kept=kept)
    assert len(found["ledger_cut"]) == 2
    assert "the ledger has 10: its end was cut off" in found["ledger_cut"][0]


def test_a_head_of_nothing_hides_no_other(tamper, kept, sealed):
    key = read_or_make_key(sealed[1] / "ledger")
    nothing = key.sign(replace(kept[0].head, size=0, public_key=key.public_key))
    with tamper() as connection:
        change = UPDATE.format("content = content || ' '")
        connection.execute(sa.text(change), {"number": 7})
        rewrite(connection, key=key)
        report = verify(connection, [nothing, *kept])
    told = [each.place["size"] for each in report.found]
    assert told == [0, 10, 15, 16]


def test_a_head_signed_with_another_key_is_named(tamper, kept, tmp_path):
    trusted = {kept[0].head.public_key}
    other = read_or_make_key(tmp_path)
    with tamper() as connection:
        rewrite(connection, key=other)
        report = verify(connection, (), trusted)
    assert {each.kind for each in report.found} == {"head_of_other_key"}


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("update ledger_head set signature = sha256(signature)", "head_not_signed"),
        ("update ledger_head set content = content || ' '", "head_unreadable"),
        ("update ledger set id = gen_random_uuid()", "head_of_other_ledger"),
        ("delete from ledger_head where size = 16", "leaves_without_head"),
    ],
)
def test_what_is_done_to_a_head_is_named(tamper, statement, kind):
    assert kind in found_after(tamper, statement)


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("update change set actor = 'other' where number = 2", "change_changed"),
        ("update change set reason = 'x' where number = 2", "change_changed"),
        ("update change set upload_id = gen_random_uuid()", "change_changed"),
        ("delete from change where number = 2", "change_removed"),
        (
            "insert into change (number, recorded_at, actor, division_code)"
            " values (9, now(), 'x', '999901')",
            "change_unentered",
        ),
    ],
)
def test_what_is_done_to_a_change_is_named(tamper, statement, kind):
    found = found_after(tamper, statement)
    assert list(found) == [kind]


def test_an_entry_added_outside_the_sealer_is_named(tamper):
    found = found_after(
        tamper,
        "insert into ledger_entry values"
        " (gen_random_uuid(), 'query', '999901', now(), '0123456789abcdef', '{}')",
    )
    assert list(found) == ["entry_unnumbered"]


def test_an_entry_that_waits_long_is_told_and_is_no_tampering(tamper):
    with tamper() as connection:
        connection.execute(
            sa.text(
                "with e as (insert into ledger_entry values (gen_random_uuid(),"
                " 'query', '999901', now() - interval '1 hour', '0123456789abcdef',"
                " '{}') returning id) insert into ledger_unsealed select id from e"
            )
        )
        report = verify(connection)
    assert [each.kind for each in report.found] == ["entry_waiting"]
    assert report.is_intact and report.waiting == 1


def run_command(sealed, monkeypatch, *arguments):
    urls, folder = sealed
    monkeypatch.setenv("JINGTU_DATABASE_URL", urls.owner)
    monkeypatch.setenv("JINGTU_DATA_DIR", str(folder))
    return CliRunner().invoke(cli, ["ledger", "verify", *arguments])


def test_the_command_says_that_all_is_well(sealed, monkeypatch):
    result = run_command(sealed, monkeypatch)
    assert result.exit_code == 0, result.output
    assert "16 entries sealed, 0 waiting, 4 heads signed, 4 kept" in result.output


def test_the_command_compares_heads_kept_elsewhere(sealed, kept, monkeypatch, tmp_path):
    elsewhere = KeptHeads(tmp_path / "heads.jsonl")
    foreign = Head(kept[0].head.log, 3, b"\0" * 32, kept[0].head.signed_at, b"\1" * 32)
    elsewhere.append([type(kept[0])(foreign, foreign.content(), b"\2" * 64)])
    result = run_command(sealed, monkeypatch, "--heads", str(elsewhere.path))
    assert type(result.exception).__name__ == "LedgerNotIntact"
    assert "kept_head_contradicted" in result.output


def test_the_command_names_a_line_that_is_no_head(sealed, monkeypatch, tmp_path):
    broken = tmp_path / "heads.jsonl"
    broken.write_text('{"size": 1}\n')
    result = run_command(sealed, monkeypatch, "--heads", str(broken))
    assert type(result.exception).__name__ == "HeadsUnusable"
    assert "line 1" in str(result.exception)
