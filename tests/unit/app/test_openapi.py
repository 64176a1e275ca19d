"""The API document is made once, however many ask for it first."""

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from app import openapi


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
