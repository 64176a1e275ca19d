"""What the processes write to standard error: one line an event, time in UTC."""

from __future__ import annotations

import logging
import time

from app.settings import Settings

LINE = "%(asctime)sZ %(levelname)s %(name)s [%(process)d] %(message)s"


def set_up_logging(settings: Settings) -> None:
    """Write everything of the set level and above; libraries only from warnings on."""
    formatter = logging.Formatter(LINE, datefmt="%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    level = settings.log_level.upper()
    logging.root.handlers = [handler]
    logging.root.setLevel(max(logging.getLevelName(level), logging.WARNING))
    for own in ("app", "parcels", "screening"):
        logging.getLogger(own).setLevel(level)
