"""The process that reads survey files (shell): one fork a file, limits first.

Started by `reader` and by nothing else. It loads what reading needs once, then waits
for the paths of jobs on standard input and does each in a fork of its own, which may
not outgrow its memory, outlive this process or dump its core. There is no database
address and no secret in its environment. Whatever happens inside, a fork ends with an
answer or dies, and both are a report.

On standard output it says, for each job, the fork's process id and then its exit
status, a line each.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import select
import signal
import sys
import traceback
from contextlib import suppress
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any, Final

from parcels.surveys.examine_files import DISK_FULL

WANTED_DRIVERS: Final = frozenset(
    {"ESRI Shapefile", "GPKG", "GeoJSON", "FlatGeobuf", "OpenFileGDB"}
)
_IDLE_SECONDS: Final = 300
_DIE_WITH_PARENT: Final = 1
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_READERS_OF_FILES: Final = (
    *("pyogrio", "shapely", "pyarrow"),
    *("openpyxl", "xml.etree", "zipfile", "zlib"),
)


def main() -> None:
    """Do jobs until standard input ends or nothing was asked for minutes."""
    _load()
    requests = select.poll()
    requests.register(sys.stdin.fileno(), select.POLLIN | select.POLLHUP)
    while requests.poll(_IDLE_SECONDS * 1000):
        # Unbuffered: poll must see every line that is still to be read.
        line = os.read(sys.stdin.fileno(), 4096)
        if not line:
            return
        _serve(Path(os.fsdecode(line).strip()))


class _Unwanted(MetaPathFinder):
    """Says that packages are not installed, which are loaded only where they are.

    pyogrio and pyarrow take half a second for them, and nothing here uses them.
    """

    def find_spec(self, fullname: str, *_: object) -> None:
        """Refuse geopandas and pandas; leave all others to the finders behind."""
        if fullname in ("geopandas", "pandas"):
            raise ModuleNotFoundError(fullname, name=fullname)


def _load() -> None:
    """Import everything once; let GDAL know only the drivers that are wanted here."""
    sys.meta_path.insert(0, _Unwanted())
    import pyogrio

    unwanted = set(pyogrio.list_drivers()) - WANTED_DRIVERS
    if unwanted:
        # Read once when GDAL registers its drivers: begin again with it.
        if "OGR_SKIP" in os.environ:
            sys.exit("GDAL does not leave out: " + ", ".join(sorted(unwanted)))
        os.environ["OGR_SKIP"] = ",".join(sorted(unwanted))
        os.execv(sys.executable, [sys.executable, "-m", "parcels.surveys.child"])
    # Arrow loads its grouping when it is first asked for, in every fork anew.
    import pyarrow.acero  # noqa: F401

    import parcels.surveys.examine  # noqa: F401


def _serve(job: Path) -> None:
    parent = os.getpid()
    process = os.fork()
    if process == 0:
        _be_the_job(job, parent)
    _say(process)
    _say(os.waitstatus_to_exitcode(_wait(process)))


def _wait(process: int) -> int:
    """Wait for a fork; end it, and with it this process, when the service is gone."""
    try:
        handle = os.pidfd_open(process)
    except OSError:
        # Kernels and sandboxes without it: the fork's own limit of time still holds.
        return os.waitpid(process, 0)[1]
    events = select.poll()
    events.register(handle, select.POLLIN)
    events.register(sys.stdin.fileno(), select.POLLHUP)
    happened = {descriptor for descriptor, _ in events.poll()}
    if handle not in happened:
        os.kill(process, signal.SIGKILL)
    os.close(handle)
    return os.waitpid(process, 0)[1]


def _say(number: int) -> None:
    try:
        os.write(sys.stdout.fileno(), f"{number}\n".encode())
    except BrokenPipeError:
        sys.exit()  # The service is gone; the fork goes with this process.


def _be_the_job(path: Path, parent: int) -> None:
    """Do one job and end; nothing of this returns to the waiting process."""
    status = 1
    try:
        os.setsid()
        _die_with(parent)
        job = json.loads(path.read_text(encoding="utf-8"))
        _confine(job)
        answer = _work(job)
        Path(job["results"], "answer.json").write_text(
            json.dumps(answer, ensure_ascii=False), encoding="utf-8"
        )
        status = 0
    except BaseException as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            status = DISK_FULL
        # Where there is no room, there is none for this either.
        with suppress(OSError):
            traceback.print_exc()
    finally:
        with suppress(OSError):
            sys.stderr.flush()
        os._exit(status)


def _die_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _confine(job: dict[str, Any]) -> None:
    errors = os.open(job["stderr"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (errors, 1), (errors, 2)):
        os.dup2(source, target)
    limits = job["limits"]
    for kind, bound in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, limits["memory_bytes"]),
        (resource.RLIMIT_FSIZE, limits["unpacked_bytes"]),
    ):
        resource.setrlimit(kind, (bound, bound))
    os.nice(5)
    os.environ["TMPDIR"] = os.environ["CPL_TMPDIR"] = job["scratch"]


def _work(job: dict[str, Any]) -> dict[str, Any]:
    from parcels.refusal import Refusal
    from parcels.surveys.examine import examine
    from parcels.surveys.ground import Ground
    from parcels.surveys.limits import Limits
    from parcels.surveys.read import SurveyFile
    from parcels.surveys.request import UploadRequest
    from parcels.surveys.set_aside import extract

    file = SurveyFile(Path(job["path"]), job["name"], Path(job["scratch"]))
    try:
        request = UploadRequest.from_json(job["request"])
        ground = Ground.from_bytes(Path(job["ground"]).read_bytes())
        limits = Limits(**job["limits"])
        work = extract if job["wanted"] else examine
        work(file, request, ground, limits, Path(job["results"]))
    except Refusal as refusal:
        return {"refused": [refusal.reason, refusal.zh, refusal.en]}
    except MemoryError:
        return {"memory": True}
    except OSError as error:
        full = error.errno in _FULL
        return {"full": error.errno} if full else _broken(error)
    except Exception as error:
        # GDAL's Python layer raises IndexError, UnicodeDecodeError and more on
        # damaged files: any end here is a report on this file, not a crash.
        return _broken(error)
    return {"done": True}


def _broken(error: Exception) -> dict[str, Any]:
    """Tell whose fault it is; a library's own words go to the log alone."""
    traceback.print_exc()
    by_library = type(error).__module__.startswith(_READERS_OF_FILES)
    # Arrow tells a file that ends too early as an OSError without a number.
    cut = isinstance(error, OSError) and error.errno is None
    if by_library or cut:
        return {"damaged": True}
    return {"broken": type(error).__name__}


if __name__ == "__main__":
    main()
