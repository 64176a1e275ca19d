"""The API document is made once, however many ask for it first."""

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from app import openapi
from app.main import create_app
from app.validation import FORMS, describe_pattern


def test_many_who_ask_first_get_one_document(monkeypatch):
    made = []

    def make(app):
        time.sleep(0.05)
        made.append(app)
        return {"number": len(made)}

    monkeypatch.setattr(openapi, "make_document", make)
    app = SimpleNamespace(state=SimpleNamespace())
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: openapi.document_bytes(app), range(8)))
    assert found == {b'{"number":1}'}


def patterns_in(found):
    """Every pattern of a document, wherever it stands."""
    if isinstance(found, dict):
        if isinstance(pattern := found.get("pattern"), str):
            yield pattern
        for one in found.values():
            yield from patterns_in(one)
    elif isinstance(found, list):
        for one in found:
            yield from patterns_in(one)


def test_every_pattern_of_a_request_is_put_into_words():
    asked = set(patterns_in(create_app().openapi()))
    assert set(FORMS) < asked
    for pattern in asked:
        words = describe_pattern(pattern)
        assert words != describe_pattern("anything else"), pattern
        assert "^" not in words.en, pattern
