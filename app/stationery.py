"""What this deployment prints certificates with: press, texts, address, signing key."""

from __future__ import annotations

from app.pages.i18n import LANGUAGES, read_catalogue
from app.refusals import InvalidSettings
from app.settings import Settings
from screening.certificate.form import describe_form
from screening.certificate.issue import Stationery
from screening.certificate.signature import Signer, UnusableSigningKey, read_signer
from screening.certificate.typesetting import Press


def make_stationery(settings: Settings) -> Stationery:
    """Return it as the settings say.

    Raises
    ------
    InvalidSettings
        If a signing key is named and cannot be used.
    """
    texts = {language: read_catalogue(language) for language in LANGUAGES}
    return Stationery(
        Press(), texts, find_signer(settings), settings.reached_at, describe_form(texts)
    )


def find_signer(settings: Settings) -> Signer | None:
    """Return the signer of the configured key; None when none is configured.

    Raises
    ------
    InvalidSettings
        If the key cannot be used.
    """
    if settings.signing_key is None:
        return None
    password = settings.signing_key_password
    try:
        return read_signer(
            settings.signing_key, password.get_secret_value() if password else None
        )
    except UnusableSigningKey as error:
        raise InvalidSettings(f"JINGTU_SIGNING_KEY: {error}") from error
