"""What a bureau can set, read once from the environment.

Every setting is an environment variable with the prefix `JINGTU_` and the field's name
in capitals: `data_dir` is `JINGTU_DATA_DIR`. There is no settings file; a value that
cannot be used stops the program before it touches anything.
"""

import difflib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.oidc.exchange import check_url
from app.refusals import InvalidSettings
from screening.notices.address import Network, parse_networks

PREFIX = "JINGTU_"
OF_OTHERS: Final = frozenset(
    {
        "JINGTU_ADMIN_PASSWORD",
        "JINGTU_CHROMIUM",
        "JINGTU_FILES",
        "JINGTU_OWNER_PASSWORD",
        "JINGTU_PARENT_PID",
        "JINGTU_PYTHON",
    }
)
"""Variables with our prefix that scripts, compose.yaml and the supervisor read."""
_MISSPELT: Final = 0.9
"""How like a setting a name must be to count as one misspelt (share of letters)."""


class Settings(BaseSettings):
    """The settings of one process, checked; paths are absolute."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    data_dir: Annotated[Path, NoDecode] = Field(
        default=Path(".jingtu"), validate_default=True
    )
    """Folder of everything the program keeps: the private database, demo keys, logs,
    uploads, tree heads. A relative path counts from the working directory."""

    database_url: SecretStr | None = None
    """Database of your own (PostgreSQL 15 or newer with PostGIS 3.3 or newer) as a
    libpq URL or connection string. Empty: the program runs a private database in the
    data directory."""

    host: str = "127.0.0.1"
    """Address to listen on. Leave it and put a web server with TLS in front; keys
    travel in clear text otherwise."""

    proxies: str = "127.0.0.1,::1"
    """Addresses or networks of the web servers in front, as 10.20.0.5,10.30.0.0/24.
    What they write into X-Forwarded-For and X-Forwarded-Proto is believed, so they must
    set both themselves; from anybody else it means nothing. Behind a web server that is
    not named here all who sign in count as one address."""

    port: int = Field(default=8000, ge=0, le=65535)
    """TCP port of API and pages; 0 takes any free one and prints it."""

    workers: int = Field(default=2, ge=1, le=64)
    """Processes that answer HTTP requests. One for each processor core is right."""

    pool_size: int = Field(default=10, ge=1, le=90)
    """Database connections each of these processes may hold at once. The private
    database allows 100 in all."""

    demo: bool = True
    """Make demonstration keys and load the invented sample county when the register
    is empty. Switch it off (0) on a machine with real data."""

    upload_bytes: int = Field(default=2 * 1024**3, ge=1024)
    """Longest survey file that is taken, in bytes."""

    document_bytes: int = Field(default=256 * 1024**2, ge=1024)
    """Longest report or other document that is taken, in bytes."""

    orders_in_hand: int = Field(default=50, ge=1, le=10_000)
    """Batches, screening runs and orders of surveys that one key may have waiting or
    under way at once (project default); one more is refused (429)."""

    scan_command: str = ""
    """Command that is asked about each document with its path as last argument, such as
    ``clamdscan --no-summary --fdpass``; any other answer than 0 refuses it. Empty: no
    scan."""

    session_hours: int = Field(default=10, ge=1, le=24 * 7)
    """Hours after which a person signed in to the pages has to sign in again."""

    secure_cookies: bool = False
    """Send the session cookie over TLS only. Switch it on (1) behind a web server
    with TLS."""

    oidc_issuer: str = ""
    """Identity provider (OpenID Connect) whose tokens are taken beside keys, exactly as
    they write `iss`; https, or http on this machine. Empty: none."""

    oidc_audience: str = ""
    """What a token must name in `aud`: the name this service has at the provider as
    the receiver of tokens, not that of its client below."""

    oidc_client_id: str = Field(default="", pattern=r"^[ -~]*$")
    """Name of this service as a client of the provider: persons then sign in to the
    pages there as well. Register JINGTU_PUBLIC_URL with /sign-in/callback as its
    address to return to, and with /sign-in as that after signing out. Empty: keys
    alone."""

    oidc_client_secret: SecretStr | None = None
    """Secret of that client. Empty: a public client, by PKCE alone."""

    public_url: str = Field(default="", pattern=r"^(https?://[^\s?#]+)?$")
    """Address at which outsiders reach the service, as https://soil.example.gov.cn. The
    QR code on certificates points there. Empty: the address it listens on."""

    public_decimals: int = Field(default=3, ge=0, le=6)
    """Decimals of degrees to which places of plots are rounded in the published
    registers: 3 is about a hundred metres (project default)."""

    signing_key: Annotated[Path | None, NoDecode] = None
    """PKCS #12 file (.p12, .pfx): the bureau's key with its certificate. Certificates
    are then signed electronically (PAdES). Empty: they say they are unsigned."""

    signing_key_password: SecretStr | None = None
    """Password of that file."""

    webhook_networks: str = ""
    """Networks beside the public internet to which notices may be sent, as
    10.20.0.0/16,192.168.7.0/24. With 127.0.0.0/8 among them also http to this
    machine. Empty: none."""

    work_kept_days: int = Field(default=365, ge=30, le=36_500)
    """Days for which notices that were taken and the places of changes that every
    decision was compared with are kept (project default); the ledger keeps all."""

    elevation: Annotated[Path | None, NoDecode] = None
    """Elevation model (GeoTIFF, VRT, …) that runs of the kind `upstream` follow water
    over; CGCS2000 or WGS 84. Empty: the sample county's with demonstration data,
    otherwise none, and only the river network is known."""

    rule_sets: Annotated[Path | None, NoDecode] = None
    """Folder with rule sets of your own (``*.toml`` and ``industry_lists.toml``, begun
    as a copy of ``screening/rule_sets``) in place of those shipped: distances, terms
    and switches that no law fixes, and the dates of local rules. Empty: those
    shipped."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least severity that is written to standard error."""

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        return check_url(value) if value else value

    @model_validator(mode="after")
    def _provider(self) -> Self:
        if bool(self.oidc_issuer) != bool(self.oidc_audience):
            raise ValueError("JINGTU_OIDC_ISSUER and JINGTU_OIDC_AUDIENCE go together")
        if self.oidc_client_id and not (self.oidc_issuer and self.public_url):
            raise ValueError(
                "JINGTU_OIDC_CLIENT_ID needs JINGTU_OIDC_ISSUER and JINGTU_PUBLIC_URL"
            )
        if self.oidc_client_secret and not self.oidc_client_id:
            raise ValueError("JINGTU_OIDC_CLIENT_SECRET needs JINGTU_OIDC_CLIENT_ID")
        return self

    @field_validator("webhook_networks", "proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        parse_networks(value)
        return value

    @property
    def notice_networks(self) -> tuple[Network, ...]:
        """The networks of `webhook_networks`."""
        return parse_networks(self.webhook_networks)

    @property
    def has_own_cluster(self) -> bool:
        """Whether the program runs the private database itself."""
        return self.database_url is None

    @property
    def reached_at(self) -> str:
        """Address of the service for readers of its documents, without final slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def demo_keys_file(self) -> Path:
        """File of the demonstration keys (role → key), mode 600."""
        return self.data_dir / "demo-keys.json"


def read_settings() -> Settings:
    """Return the settings of the environment.

    Raises
    ------
    InvalidSettings
        If a value cannot be used, or a variable is a setting misspelt; the text says
        which and why, never the value (it may be a password).
    """
    lines = list(_misnamed(os.environ))
    try:
        settings = Settings()
    except ValidationError as error:
        lines += [f"{_name(fault['loc'])}{fault['msg']}" for fault in error.errors()]
        raise InvalidSettings("\n".join(lines)) from error
    if lines:
        raise InvalidSettings("\n".join(lines))
    return settings


def _misnamed(names: Iterable[str]) -> Iterator[str]:
    """Tell each variable that is a setting misspelt.

    What was meant would stay as it is by default, and nobody would notice: cookies over
    open lines, demonstration keys on a machine with real data. Other variables with our
    prefix are not ours: container platforms set such for a service of that name.
    """
    known = {_name((field,)).removesuffix(": ") for field in Settings.model_fields}
    for name in sorted(names):
        if not name.startswith(PREFIX) or name.upper() in known | OF_OTHERS:
            continue
        for meant in difflib.get_close_matches(name, known, n=1, cutoff=_MISSPELT):
            yield f"{name}: there is no such setting. Did you mean {meant}?"


def _name(place: tuple[int | str, ...]) -> str:
    return f"{PREFIX}{str(place[0]).upper()}: " if place else ""
