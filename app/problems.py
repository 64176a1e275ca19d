"""How is a refusal told? As an RFC 9457 problem document, in the caller's language.

Every error leaves the program through here: ``type`` is a stable name a program may
branch on, ``title`` and ``detail`` are for people (zh unless English is preferred),
``errors`` lists every fault of a request with its place, what was found and what to
do, ``request_id`` finds the request in the log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.answers import NO_STORE
from app.path_slashes import written_path
from parcels.plots.basis import Basis
from parcels.refusal import Language
from parcels.texts import Text

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:jingtu:problem:"
Place = Literal["body", "query", "path", "header"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a request.

    Attributes
    ----------
    place
        Part of the request.
    where
        JSON Pointer in the body (RFC 6901), else the name of the parameter.
    reason
        Stable key, snake case.
    message
        What is wrong, what was expected, what to do.
    found
        The value, shortened; None when there was none.
    legal_basis
        Grounds on which it is asked; empty where the form of the request asks.
    """

    place: Place
    where: str
    reason: str
    message: Text
    found: str | None = None
    legal_basis: tuple[Basis, ...] = ()

    def document(self, language: Language) -> dict[str, Any]:
        """Return the fault as a member of ``errors``."""
        entry: dict[str, Any] = {
            "in": self.place,
            "pointer" if self.place == "body" else "parameter": self.where,
            "reason": self.reason,
            "message": self.message.of(language),
        }
        if self.found is not None:
            entry["found"] = self.found
        if self.legal_basis:
            entry["legal_basis"] = [one.texts(language) for one in self.legal_basis]
        return entry


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal ready to be written, in both languages.

    `slug` ends the ``type``; `members` are further members of the document; `headers`
    go with the response.
    """

    status: int
    slug: str
    title: Text
    detail: Text | None = None
    faults: Sequence[Fault] = ()
    members: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self, language: Language) -> dict[str, Any]:
        """Return the document without ``instance`` and ``request_id``."""
        document: dict[str, Any] = {
            "type": TYPE_PREFIX + self.slug,
            "title": self.title.of(language),
            "status": self.status,
        }
        if self.detail is not None:
            document["detail"] = self.detail.of(language)
        if self.faults:
            document["errors"] = [fault.document(language) for fault in self.faults]
        return {**self.members, **document}


def problem_response(request: Request, problem: Problem) -> Response:
    """Write a problem as the answer to a request."""
    language = language_of(request)
    document = problem.document(language)
    document["instance"] = written_path(request.url.path)
    document["request_id"] = request.scope.get("jingtu.request_id", "")
    return Response(
        orjson.dumps(document, default=str),
        status_code=problem.status,
        headers={
            **problem.headers,
            "Content-Language": "zh-CN" if language == "zh" else "en",
            **NO_STORE,
        },
        media_type=MEDIA_TYPE,
    )


def language_of(request: Request) -> Language:
    """Return the language a request prefers; zh when it does not say."""
    return preferred_language(request.headers.get("accept-language", ""))


@lru_cache(maxsize=256)
def preferred_language(accept_language: str) -> Language:
    """Return zh or en after an Accept-Language header (RFC 9110, 12.5.4).

    Examples
    --------
    >>> preferred_language("en-GB,en;q=0.9,zh;q=0.5"), preferred_language("fr")
    ('en', 'zh')
    """
    weights = {"zh": 0.0, "en": 0.0}
    for entry in accept_language[:512].split(","):
        name, _, parameters = entry.strip().lower().partition(";")
        language = name.split("-")[0]
        if language in weights:
            weights[language] = max(weights[language], _quality(parameters))
    return "en" if weights["en"] > weights["zh"] else "zh"


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
