"""A receiver of notices on loopback that may fail at first."""

import base64
import hashlib
import hmac
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """Takes notices; answers with the statuses it is given, then with 204."""

    def __init__(self, *statuses):
        self.statuses = list(statuses)
        self.taken = []
        self.url = ""

    def answer(self, headers, body):
        """Note a notice and return the status to answer with."""
        self.taken.append((dict(headers), body))
        return self.statuses.pop(0) if self.statuses else 204

    @property
    def ids(self):
        """Ids in the order they came."""
        return [headers["webhook-id"] for headers, _ in self.taken]

    @property
    def notices(self):
        """What came, by id: each once."""
        return {headers["webhook-id"]: json.loads(body) for headers, body in self.taken}


def is_signed(secret, headers, body):
    """Check a notice as a receiver does, by the written convention alone."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest())
    return f"v1,{expected.decode()}" in headers["webhook-signature"].split(" ")


@contextmanager
def receiver(*statuses):
    """Run a receiver."""
    found = Receiver(*statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            status = found.answer(self.headers, body)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", found.url + "/elsewhere")
            self.end_headers()

        def log_message(self, *parts):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/jingtu"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
