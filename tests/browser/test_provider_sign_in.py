"""Signing in at a provider in a browser; steps in ``provider_sign_in.mjs``."""

import socket
import threading

import pytest
import sqlalchemy as sa
import uvicorn

from app.main import create_app
from app.migration import sqlalchemy_url
from app.settings import Settings
from tests.browser.conftest import Site
from tests.sign_in_provider import SignInProvider, settings_for

pytestmark = pytest.mark.acceptance

ENTER = """
select set_config('jingtu.role', 'admin', true), set_config('jingtu.scope', '*', true),
    registry.add_user(:issuer, 'wang-01', '王芳', 'registrar', '999901', 'test')
"""


@pytest.fixture(scope="module")
def provider():
    found = SignInProvider(asks=True)
    # For a browser another site than 127.0.0.1, as providers are.
    found.move("localhost")
    yield found
    found.close()


@pytest.fixture(scope="module")
def site(copy_database, tmp_path_factory, provider):
    urls = copy_database()
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    engine = sa.create_engine(sqlalchemy_url(urls.owner), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text(ENTER), {"issuer": provider.url})
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        public_url=address,
        **settings_for(provider),
    )
    app = create_app(settings, urls.service)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
        assert thread.is_alive(), "the service did not start"
    yield Site(address, {}, {})
    server.should_exit = True
    thread.join(20)


def test_a_person_signs_in_and_out(site, provider):
    provider.subject = "wang-01"
    provider.asked.clear()
    site.look("signs_in_at_the_provider", provider=provider.url)
    assert [path for path in provider.asked if path.startswith("/leave?")]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", ["1440", "390"])
def test_a_person_who_is_not_entered(site, provider, width, language):
    provider.subject = "stranger-9"
    options = {"width": width, "language": language}
    site.look("is_told_who_may_enter_him", provider=provider.url, **options)
