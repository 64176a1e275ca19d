"""An identity provider of our own on this machine: real keys, real HTTP."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

AUDIENCE = "jingtu-test"
MAKERS = {
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
    "PS256": lambda: rsa.generate_private_key(65537, 2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}


class Key:
    """A private key with what is published of it."""

    def __init__(self, kid, algorithm="ES256", private=None):
        self.kid, self.algorithm = kid, algorithm
        self.private = private or MAKERS[algorithm]()

    @property
    def published(self):
        kind = jwt.get_algorithm_by_name(self.algorithm)
        public = kind.to_jwk(self.private.public_key(), as_dict=True)
        public.pop("key_ops", None)
        return {**public, "kid": self.kid, "alg": self.algorithm, "use": "sig"}


class Issuer:
    """Publishes what a test puts into `keys` and `discovery`, and counts questions."""

    def __init__(self):
        self.asked = []
        self.delay_s = self.drip_s = 0.0
        self.answers = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        # Ports come again; an issuer never does.
        self.realm = f"/realms/{uuid4()}"
        self.url = f"http://127.0.0.1:{self.server.server_port}{self.realm}"
        self.first = Key("first")
        self.published = [self.first.published]
        self.discovery = {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/keys",
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
        }
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def token(self, key=None, headers=None, **claims):
        """A token that is good but for what is named; None takes a claim out."""
        key, now = key or self.first, int(time.time())
        content = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "wang-01",
            "iat": now,
            "exp": now + 300,
            **claims,
        }
        content = {name: one for name, one in content.items() if one is not None}
        header = {"kid": key.kid, **(headers or {})}
        return jwt.encode(content, key.private, key.algorithm, headers=header)

    def answer(self, path, body, headers):
        """What is answered to a path; a test may replace it in `answers`.

        Status and text, and headers where there are any.
        """
        if path in self.answers:
            return self.answers[path](body)
        if path == "/.well-known/openid-configuration":
            return 200, json.dumps(self.discovery)
        if path == "/keys":
            return 200, json.dumps({"keys": self.published})
        return 404, "{}"

    def _handler(self):
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                path = self.path.removeprefix(issuer.realm)
                issuer.asked.append(path)
                time.sleep(issuer.delay_s)
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length).decode()
                status, text, *more = issuer.answer(path, body, self.headers)
                content = text.encode()
                self.send_response(status)
                headers = {"Content-Type": "application/json"}
                for name, value in (headers | (more[0] if more else {})).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                step = 1 if issuer.drip_s else max(1, len(content))
                for place in range(0, len(content), step):
                    time.sleep(issuer.drip_s)
                    self.wfile.write(content[place : place + step])

            do_POST = do_GET

            def log_message(self, *_):
                return

        return Handler
