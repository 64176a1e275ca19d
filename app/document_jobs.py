"""What is done with documents from time to time."""

from __future__ import annotations

import logging
from functools import partial

from app.database import Database
from app.jobs import Periodic
from parcels.documents.orphans import remove_orphans
from parcels.surveys.archive import Archive

log = logging.getLogger(__name__)


def document_turns(archive: Archive) -> list[Periodic]:
    """Return the turns that keep the archive of documents in order."""

    def remove(database: Database) -> None:
        removed = remove_orphans(archive, partial(database.transaction, None))
        if removed:
            log.info("%s file(s) that no document speaks of were removed", removed)

    return [Periodic("remove_orphan_documents", "37 3 * * *", remove)]
