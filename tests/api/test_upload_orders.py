"""What is done with an upload: in its state, for a reason, and taken back whole."""

import errno

import psycopg
import pytest
import shapely
import sqlalchemy as sa

from app import upload_jobs
from app.jobs import SHORT, SURVEYS
from app.migration import sqlalchemy_url
from parcels.surveys import imports, orders
from tests.api.survey_uploads import codes, new_county, send, survey
from tests.survey_files import parcels_zip, square_at


@pytest.fixture(scope="session")
def counties():
    """Numbers of counties for these tests."""
    return iter(range(60, 100))


@pytest.fixture
def ours(bureau, counties):
    """A surveyor of a county nobody else is in."""
    return bureau(new_county(next(counties)))


def squares(*serials):
    return {n: square_at(20 * n, 0) for n in serials}


def state_of(ours):
    """Everything the county's parcels say on some days, versions left out."""
    silent = {"version", "change", "recorded_at", "source"}
    return [
        {
            code: {name: one[name] for name in one if name not in silent}
            for code, one in ours.parcels(day).items()
        }
        for day in ("2023-06-01", "2024-06-01", "2025-06-01")
    ]


def refused(answer, status, slug):
    assert answer.status_code == status, answer.text
    assert answer.json()["type"].endswith(slug), answer.text
    return answer.json()


def slight(county):
    """A file with a warning: its areas differ a little from what it declares."""
    (code,) = codes(county, 1)
    return parcels_zip([square_at(0, 0, 100.0)], [(code, "甲", 10_020.0)])


def test_a_large_file_waits_among_its_like(ours, api_urls, monkeypatch):
    data = survey(ours.county, squares(1))
    queues = []
    for limit in (len(data), len(data) - 1):
        monkeypatch.setattr(upload_jobs, "SHORT_BYTES", limit)
        sent = send(ours.api, data, division=ours.county)
        with psycopg.connect(api_urls.owner) as owner:
            queues += owner.execute(
                "select queue_name from queue.procrastinate_jobs"
                " where args ->> 'work_id' = %s",
                [sent.json()["id"]],
            ).fetchall()
        ours.api.send("DELETE", sent.headers["location"])
    assert queues == [(SHORT,), (SURVEYS,)]


def test_warnings_need_a_stated_reason(ours):
    upload = ours.upload(slight(ours.county))
    assert (upload["state"], upload["warnings"]) == ("staged", 1), upload
    path = f"{upload['links']['self']}/commit"
    problem = refused(ours.api.post(path, {}), 409, "warnings-not-accepted")
    assert problem["kinds"] == list(upload["issue_counts"])
    some = {"reason": "已核对", "accept": ["overlap_slight"]}
    refused(ours.api.post(path, some), 409, "warnings-not-accepted")
    done = ours.order(upload, "commit", reason="已与外业核对")
    assert done["acceptance"]["reason"] == "已与外业核对"
    assert done["acceptance"]["warnings"] == list(upload["issue_counts"])


def test_who_finds_the_register_moved_checks_again(ours):
    one = ours.upload(survey(ours.county, squares(1)))
    other = ours.upload(survey(ours.county, squares(1, 2), name1="另一版"))
    ours.order(one, "commit")
    path = other["links"]["self"]
    refused(ours.api.post(f"{path}/commit", {}), 409, "register-moved")
    again = ours.order(other, "recheck")
    assert (again["state"], again["comparison"]["changed"]) == ("staged", 1)
    assert ours.order(again, "commit")["state"] == "committed"


def test_of_two_commits_that_were_ordered_the_second_is_told_why_not(ours):
    uploads = [
        ours.upload(survey(ours.county, squares(1), name1=name)) for name in "甲乙"
    ]
    for upload in uploads:
        answer = ours.api.post(f"{upload['links']['self']}/commit", {})
        assert answer.status_code == 202
    ours.worker.work()
    first, second = (ours.read(upload) for upload in uploads)
    assert (first["state"], second["state"]) == ("committed", "staged")
    assert second["refusal"]["reason"] == "register_moved"
    assert second["under_way"] is None
    (parcel,) = ours.parcels().values()
    assert parcel["location"] == "甲"


def test_what_is_under_way_is_not_ordered_twice(ours):
    upload = ours.upload(survey(ours.county, squares(1)))
    path = upload["links"]["self"]
    first, again = (ours.api.post(f"{path}/commit", {}) for _ in range(2))
    assert first.json()["under_way"] == again.json()["under_way"] == "commit"
    refused(ours.api.post(f"{path}/recheck"), 409, "upload-busy")
    refused(ours.api.send("DELETE", path), 409, "upload-busy")
    refused(ours.api.post(f"{path}/commit", {"reason": "x"}), 409, "upload-busy")
    ours.worker.work()
    assert len(ours.parcels()) == 1


@pytest.mark.parametrize(
    ("what", "body"),
    [("confirm", {"crs": 4526}), ("revert", {"reason": "x"})],
)
def test_an_order_has_its_state(ours, what, body):
    upload = ours.upload(survey(ours.county, squares(1)))
    path = f"{upload['links']['self']}/{what}"
    refused(ours.api.post(path, body), 409, "upload-state")


def test_a_withdrawn_upload_is_not_read_nor_committed(ours):
    sent = send(ours.api, survey(ours.county, squares(1)), division=ours.county)
    path = sent.headers["location"]
    assert ours.api.send("DELETE", path).json()["state"] == "withdrawn"
    assert ours.api.send("DELETE", path).json()["state"] == "withdrawn"
    ours.worker.work()
    assert ours.api.get(path).json()["state"] == "withdrawn"
    refused(ours.api.post(f"{path}/commit", {}), 409, "upload-state")


def test_a_withdrawn_upload_leaves_its_bytes_and_no_rows(ours, data_dir):
    upload = ours.upload(survey(ours.county, squares(1)))
    ours.api.send("DELETE", upload["links"]["self"])
    folder = data_dir / "uploads"
    assert list((folder / "staged").glob(f"{upload['id']}*")) == []
    assert list((folder / "bytes").rglob(upload["sha256"]))


def test_an_upload_withdrawn_while_it_is_read_stays_withdrawn(
    ours, data_dir, monkeypatch
):
    sent = send(ours.api, survey(ours.county, squares(1)), division=ours.county)
    path = sent.headers["location"]
    read = imports.run_examination

    def withdraw_meanwhile(*arguments, **more):
        assert ours.api.get(path).json()["state"] == "reading"
        assert ours.api.send("DELETE", path).status_code == 200
        return read(*arguments, **more)

    monkeypatch.setattr(imports, "run_examination", withdraw_meanwhile)
    ours.worker.work()
    found = ours.api.get(path).json()
    assert (found["state"], found["issue_counts"]) == ("withdrawn", {})
    left = (data_dir / "uploads" / "staged").glob(f"{found['id']}*")
    assert list(left) == []


def test_progress_is_told_while_a_file_is_read(ours, monkeypatch):
    monkeypatch.setattr("parcels.surveys.reader._LOOK_SECONDS", 0.002)
    sent = send(ours.api, survey(ours.county, squares(1)), division=ours.county)
    path, told = sent.headers["location"], []
    note = orders.note_progress

    def note_and_look(connection, upload_id, progress):
        noted = note(connection, upload_id, progress)
        told.append((noted, progress["step"]))
        return noted

    monkeypatch.setattr(orders, "note_progress", note_and_look)
    ours.worker.work()
    assert told[-1] == (True, "compare")
    found = ours.api.get(path).json()
    assert (found["state"], found["progress"]) == ("staged", None)


def test_reading_ends_when_an_upload_is_withdrawn(ours, monkeypatch):
    monkeypatch.setattr("parcels.surveys.reader._LOOK_SECONDS", 0.002)
    sent = send(ours.api, survey(ours.county, squares(1)), division=ours.county)
    path = sent.headers["location"]
    note = orders.note_progress

    def withdraw_and_note(connection, upload_id, progress):
        assert ours.api.send("DELETE", path).status_code == 200
        return note(connection, upload_id, progress)

    monkeypatch.setattr(orders, "note_progress", withdraw_and_note)
    compared = []
    monkeypatch.setattr(imports, "compare_with_register", compared.append)
    ours.worker.work()
    assert ours.api.get(path).json()["state"] == "withdrawn"
    assert compared == []


def test_a_full_disk_while_reading_is_told(ours, monkeypatch):
    def full(*_, **more):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(imports, "run_examination", full)
    upload = ours.upload(survey(ours.county, squares(1)))
    assert (upload["state"], upload["under_way"]) == ("failed", None)
    assert upload["failure"]["reason"] == "no_room_to_read"


def test_a_file_that_cannot_be_read_fails_with_its_reason(ours):
    upload = ours.upload(b"PK no archive")
    assert upload["state"] == "failed"
    assert upload["failure"]["reason"] == "zip_damaged"
    assert "压缩包" in upload["failure"]["message"]


def test_a_revert_makes_the_register_what_it_was(ours):
    ours.commit(survey(ours.county, squares(1, 2, 3)))
    before = state_of(ours)
    later = survey(
        ours.county,
        {1: square_at(20, 0), 2: square_at(40, 0, 12.0), 4: square_at(80, 0)},
        name1="改名",
    )
    done = ours.commit(later, update="whole", valid_from="2025-01-01")
    assert state_of(ours) != before
    taken = ours.order(done, "revert", reason="误用旧版")
    assert taken["state"] == "reverted", taken
    assert taken["revert_change"]["number"] > taken["change"]["number"]
    assert state_of(ours) == before
    known = taken["change"]["number"]
    then = ours.api.get(f"/v1/parcels?as_of=2025-06-01&known_at={known}").json()
    assert len(then["items"]) == 3


def test_a_revert_takes_lineage_back(ours, api_urls):
    ours.commit(survey(ours.county, squares(1)))
    new = survey(ours.county, {2: square_at(20, 0)})
    done = ours.commit(new, update="whole", valid_from="2025-01-01")
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner), poolclass=sa.NullPool)
    count = sa.text(
        "select count(*) from registry.parcel_lineage"
        " where division_code = :county and closed_by is null"
    )
    with engine.begin() as connection:
        assert connection.scalar(count, {"county": ours.county}) == 1
    ours.order(done, "revert", reason="误传")
    with engine.begin() as connection:
        assert connection.scalar(count, {"county": ours.county}) == 0


def test_what_later_versions_stand_on_is_not_taken_back(ours):
    done = ours.commit(survey(ours.county, squares(1, 2)))
    ours.commit(survey(ours.county, squares(2), name2="后来"), valid_from="2025-01-01")
    kept = ours.order(done, "revert", reason="误传")
    assert kept["state"] == "committed"
    assert kept["refusal"]["reason"] == "revert_refused"
    assert codes(ours.county, 2)[0] in kept["refusal"]["message"]
    assert codes(ours.county, 1)[0] not in kept["refusal"]["message"]
    assert len(ours.parcels()) == 2


def test_a_time_that_was_taken_since_is_not_given_back(ours):
    first = ours.commit(survey(ours.county, squares(1, 2)))
    whole = ours.commit(
        survey(ours.county, squares(1)), update="whole", valid_from="2025-01-01"
    )
    assert first["state"] == "committed"
    ours.commit(survey(ours.county, squares(2), name2="重登"), valid_from="2025-06-01")
    kept = ours.order(whole, "revert", reason="误传")
    assert kept["refusal"]["reason"] == "revert_refused"
    assert codes(ours.county, 2)[0] in kept["refusal"]["message"]


def test_a_reverted_file_can_be_sent_and_committed_again(ours):
    data = survey(ours.county, squares(1))
    done = ours.commit(data)
    ours.order(done, "revert", reason="误传")
    assert ours.commit(data)["id"] != done["id"]
    assert len(ours.parcels()) == 1


def test_a_file_that_says_nothing_new_commits_and_reverts_without_a_change(ours):
    data = survey(ours.county, squares(1))
    ours.commit(data)
    same = ours.commit(data, valid_from="2025-01-01")
    assert same["comparison"]["identical"] == 1 and same["change"] is None
    assert ours.order(same, "revert", reason="误传")["state"] == "reverted"
    assert len(ours.parcels()) == 1


def test_a_key_that_was_disabled_orders_nothing_more(ours, api_urls):
    upload = ours.upload(survey(ours.county, squares(1)))
    ours.api.post(f"{upload['links']['self']}/commit", {})
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner), poolclass=sa.NullPool)
    switch = sa.text(
        "update registry.api_client set disabled_at = :at where name = :name"
    )
    name = f"surveyor {ours.county}"
    with engine.begin() as connection:
        connection.execute(switch, {"at": "2020-01-01", "name": name})
    ours.worker.work()
    with engine.begin() as connection:
        connection.execute(switch, {"at": None, "name": name})
    found = ours.read(upload)
    assert (found["state"], found["refusal"]["reason"]) == ("staged", "asker_gone")


def decide(api, code):
    """Have the gate decide on a parcel, for the record."""
    body = {
        "transaction": "transfer",
        "subject": {"parcel_code": code},
        "planned_use": {"scheme": "gbt21010_2017", "code": "0701"},
    }
    answer = api.post("/v1/gate/decisions", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def affected(ours, upload, compare):
    """Which decisions an upload has affected, after a round of comparing."""
    compare()
    return {one["id"] for one in ours.read(upload)["affected_decisions"]}


def test_decisions_that_an_upload_makes_another_are_named(ours, api, compare):
    first = ours.commit(survey(ours.county, squares(1, 2)))
    one, two = codes(ours.county, 1, 2)
    admin = api.as_("admin")
    made = decide(admin, one), decide(admin, two)
    whole = survey(ours.county, squares(1))
    ended = ours.commit(whole, update="whole", valid_from="2025-01-01")
    assert affected(ours, ended, compare) == {made[1]}
    assert affected(ours, first, compare) == set()
    taken = ours.order(ended, "revert", reason="误传")
    # Now the parcel is there again: the answer is another once more.
    assert affected(ours, taken, compare) == {made[1]}


def test_a_change_of_days_to_come_affects_no_decision_of_today(ours, api, compare):
    ours.commit(survey(ours.county, squares(1)))
    decide(api.as_("admin"), codes(ours.county, 1)[0])
    later = survey(ours.county, squares(1), name1="新名")
    ended = ours.commit(later, valid_from="2099-01-01")
    assert affected(ours, ended, compare) == set()


def test_a_parcel_drawn_anew_affects_no_decision_with_the_same_answer(
    ours, api, compare
):
    ours.commit(survey(ours.county, squares(1)))
    decide(api.as_("admin"), codes(ours.county, 1)[0])
    drawn = survey(ours.county, {1: shapely.box(*square_at(20, 0).bounds)})
    ended = ours.commit(drawn, valid_from="2025-01-01")
    assert affected(ours, ended, compare) == set()
