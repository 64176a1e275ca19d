"""Which status has an error? A table for each part of the program.

The text is the error's own; only this package and `app.errors` know HTTP.
"""

from __future__ import annotations

from typing import Final

from app.error_catalogue import access, database, register, requests, screening, surveys
from app.error_catalogue.entry import Catalogue

TABLE: Final[Catalogue] = {
    **access.ERRORS,
    **requests.ERRORS,
    **register.ERRORS,
    **surveys.ERRORS,
    **screening.ERRORS,
    **database.ERRORS,
}
