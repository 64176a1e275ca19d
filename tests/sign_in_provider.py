"""An identity provider at which persons sign in, of our own on this machine.

It keeps the standards' rules by itself: a code is good once, for the client, address
and verifier it was given for. A test bends what it gives through its attributes.
"""

import base64
import hashlib
import html
import json
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit
from uuid import uuid4

from tests.api.issuer import AUDIENCE, Issuer

CLIENT_ID = "jingtu pages"
SECRET = "s3cret: 净土"


class SignInProvider(Issuer):
    """Signs everybody in as `subject`; with `asks` only who follows its link.

    Attributes
    ----------
    claims
        What its tokens say otherwise; None takes a claim out.
    names
        The issuer it names in its answers to browsers; None names none.
    key, headers
        What its tokens are signed with.
    """

    def __init__(self, client_id=CLIENT_ID, secret=SECRET, asks=False):
        super().__init__()
        self.client_id, self.secret, self.asks = client_id, secret, asks
        self.subject, self.names = "wang-01", self.url
        self.claims, self.headers, self.key = {}, {}, None
        self.codes, self.questions, self.exchanges = {}, [], []
        self.discovery |= {
            "end_session_endpoint": f"{self.url}/leave",
            "authorization_response_iss_parameter_supported": True,
        }

    def move(self, host):
        """Be another site for a browser: the same port under another name."""
        self.url = self.url.replace("127.0.0.1", host)
        self.names = self.url
        old = json.dumps(self.discovery)
        self.discovery = json.loads(old.replace("127.0.0.1", host))

    def answer(self, path, body, headers):
        where, _, query = path.partition("?")
        if where in self.answers:
            return self.answers[where](body)
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        if where == "/authorize":
            return self._authorize(asked)
        if where == "/token":
            return self._exchange(body, headers)
        if where == "/leave":
            back = asked["post_logout_redirect_uri"]
            return 303, "", {"Location": back}
        return super().answer(path, body, headers)

    def _authorize(self, asked):
        self.questions.append(asked)
        if self.asks and "sure" not in asked:
            address = f"{self.url}/authorize?{urlencode({**asked, 'sure': '1'})}"
            page = f'<!doctype html><a id="sure" href="{html.escape(address)}">我是</a>'
            return 200, page, {"Content-Type": "text/html; charset=utf-8"}
        code = f"code-{uuid4()}"
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.names}
        given = {name: value for name, value in answer.items() if value is not None}
        return 303, "", {"Location": f"{asked['redirect_uri']}?{urlencode(given)}"}

    def _exchange(self, body, headers):
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.exchanges.append((form, headers.get("authorization")))
        if self._client(form, headers) != (self.client_id, self.secret):
            return 401, json.dumps({"error": "invalid_client"})
        asked = self.codes.pop(form.get("code"), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or asked["redirect_uri"] != form["redirect_uri"]
            or asked["code_challenge"] != challenge
            or asked["code_challenge_method"] != "S256"
        ):
            return 400, json.dumps({"error": "invalid_grant"})
        return 200, json.dumps({"access_token": "x", "id_token": self.id_token(asked)})

    def id_token(self, asked):
        """The token for a question; `claims` bend it."""
        claims = {"aud": self.client_id, "sub": self.subject, "nonce": asked["nonce"]}
        return self.token(self.key, self.headers, **{**claims, **self.claims})

    def _client(self, form, headers):
        scheme, _, pair = headers.get("authorization", "").partition(" ")
        if scheme == "Basic":
            name, _, secret = base64.b64decode(pair).decode().partition(":")
            return unquote_plus(name), unquote_plus(secret)
        return form.get("client_id"), form.get("client_secret")


def settings_for(provider):
    """What JINGTU_ settings a service needs to send persons to a provider."""
    return {
        "oidc_issuer": provider.url,
        "oidc_audience": AUDIENCE,
        "oidc_client_id": provider.client_id,
        "oidc_client_secret": provider.secret,
    }


def question_of(address):
    """What a browser is sent to ask: the parameters of an address."""
    return {
        name: values[0] for name, values in parse_qs(urlsplit(address).query).items()
    }
