"""What the tests of uploads share: forms by hand, and a worker in this process."""

from dataclasses import dataclass
from typing import Any

import httpx

from app.upload_jobs import upload_jobs
from tests.survey_files import parcels_zip

DECLARED = {
    "layer": "parcels",
    "crs": "4526",
    "encoding": "GBK",
    "valid_from": "2024-01-01",
}
BOUNDARY = b"----jingtu"


def part(name: str, value: str | bytes, filename: str | bytes | None = None) -> bytes:
    """One part of a form, byte by byte."""
    raw = value.encode() if isinstance(value, str) else value
    head = b'Content-Disposition: form-data; name="' + name.encode() + b'"'
    if filename is not None:
        raw_name = filename.encode() if isinstance(filename, str) else filename
        head += b'; filename="' + raw_name + b'"'
        head += b"\r\nContent-Type: application/octet-stream"
    return b"--" + BOUNDARY + b"\r\n" + head + b"\r\n\r\n" + raw + b"\r\n"


def form(*parts: bytes) -> bytes:
    """A whole form."""
    return b"".join(parts) + b"--" + BOUNDARY + b"--\r\n"


def fields(declared: dict[str, str]) -> list[bytes]:
    """The fields of a declaration as parts."""
    return [part(name, value) for name, value in declared.items()]


def post_form(api: Any, body: Any, **headers: str) -> httpx.Response:
    """Send a form made by hand."""
    kind = f"multipart/form-data; boundary={BOUNDARY.decode()}"
    return api.send(
        "POST", "/v1/uploads", content=body, headers={"Content-Type": kind, **headers}
    )


def send(
    api: Any, data: bytes | None = None, name: str = "宗地.zip", **more: str | None
) -> httpx.Response:
    """Send a zipped shapefile of parcels, one thing of its declaration overridden.

    What is None is left out of the declaration.
    """
    data = parcels_zip() if data is None else data
    said = {**DECLARED, **more}
    declared = {key: value for key, value in said.items() if value is not None}
    return post_form(api, form(*fields(declared), part("file", data, name)))


class Worker:
    """Does queued jobs of uploads here and now, in the order they were queued."""

    def __init__(self, database: Any, archive: Any, owner: Any) -> None:
        self._database = database
        self._jobs = {job.name: job for job in upload_jobs(archive)}
        self._owner = owner

    def work(self) -> int:
        """Do all that is queued; return how many jobs that was."""
        done = 0
        while (job := self._next()) is not None:
            name, arguments = job
            self._jobs[name].run(self._database, arguments["work_id"])
            done += 1
        return done

    def _next(self) -> Any:
        return self._owner.execute(
            "update queue.procrastinate_jobs set status = 'succeeded' where id ="
            " (select min(id) from queue.procrastinate_jobs where status = 'todo'"
            "  and task_name like '%_upload') returning task_name, args"
        ).fetchone()


def new_county(number: int) -> str:
    """A county of its own for a test: nobody else's rows are in it."""
    return f"6598{number:02d}"


def codes(county: str, *serials: int) -> list[str]:
    """Parcel codes of a county."""
    return [
        f"{county}{1 + (serial - 1) // 99_999:03d}001GB{(serial - 1) % 99_999 + 1:05d}"
        for serial in serials
    ]


def survey(county: str, parcels: dict[int, Any], **more: str) -> bytes:
    """A zipped shapefile of parcels: serial → polygon in metres, location by serial."""
    names = {serial: more.get(f"name{serial}", f"地块{serial}") for serial in parcels}
    rows = [
        (code, names[serial], polygon.area)
        for code, (serial, polygon) in zip(
            codes(county, *parcels), parcels.items(), strict=True
        )
    ]
    return parcels_zip(list(parcels.values()), rows)


@dataclass
class Bureau:
    """A surveyor of one county, with a worker at hand."""

    api: Any
    worker: Worker
    county: str

    def upload(self, data: bytes, **more: str | None) -> dict[str, Any]:
        """Send a file and have it checked; return the upload."""
        sent = send(self.api, data, division=self.county, **more)
        assert sent.status_code == 202, sent.text
        self.worker.work()
        return self.read(sent.json())

    def read(self, upload: dict[str, Any]) -> dict[str, Any]:
        """Return an upload as it is now."""
        return dict(self.api.get(upload["links"]["self"]).json())

    def order(self, upload: dict[str, Any], what: str, **terms: Any) -> dict[str, Any]:
        """Order something that must be accepted, and have it done."""
        answer = self.api.post(f"{upload['links']['self']}/{what}", terms)
        assert answer.status_code == 202, answer.text
        self.worker.work()
        return self.read(upload)

    def commit(self, data: bytes, **more: str) -> dict[str, Any]:
        """Send a file, have it checked and committed; return the upload."""
        done = self.order(self.upload(data, **more), "commit", reason="已核对")
        assert done["state"] == "committed", done
        return done

    def diff(self, upload: dict[str, Any], **query: Any) -> dict[str, Any]:
        """Return a page of the diff."""
        answer = self.api.get(upload["links"]["diff"], params=query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def parcels(self, day: str = "2026-01-01") -> dict[str, Any]:
        """Return the county's parcels in force on a day, by code."""
        answer = self.api.get(f"/v1/parcels?division={self.county}&as_of={day}")
        return {one["parcel_code"]: one for one in answer.json()["items"]}
