"""What the tests of uploads share: forms by hand, and a worker in this process."""

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


def send(api: Any, data: bytes | None = None, **more: str) -> httpx.Response:
    """Send a zipped shapefile of parcels, one thing of its declaration overridden."""
    data = parcels_zip() if data is None else data
    declared = {**DECLARED, **more}
    return post_form(api, form(*fields(declared), part("file", data, "宗地.zip")))


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
