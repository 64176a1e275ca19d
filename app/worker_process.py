"""The process that does what lasts longer than a request.

Jobs: surveys, batches, screening runs. Turns: deadlines, removal of what is left over.
Rounds: sealing the ledger, comparing decisions with changes, sending notices.
"""

from __future__ import annotations

import os

from app.children import end_with_parent
from app.logs import set_up_logging
from app.refusals import told_plainly
from app.settings import read_settings


def usable_cpus() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


def main() -> None:
    """Work through the queue until a stop signal comes."""
    end_with_parent()
    with told_plainly():
        from concurrent.futures import ThreadPoolExecutor

        from app.batch_jobs import batch_jobs
        from app.clearing_jobs import clearing_turns
        from app.deadline_jobs import deadline_turns
        from app.delivery import delivery_rounds
        from app.document_jobs import document_turns
        from app.elevation import find_elevation
        from app.impact import impact_rounds
        from app.own_rule_sets import find_rule_sets
        from app.run_jobs import run_jobs
        from app.sealing import find_ledger_folder, sealing_rounds
        from app.upload_jobs import upload_jobs, upload_turns
        from app.uploads import find_archive, find_documents
        from app.worker import run_worker
        from screening.gate import Gate

        settings = read_settings()
        set_up_logging(settings)
        rule_sets = find_rule_sets(settings)
        gate = Gate(rule_sets)
        archive = find_archive(settings)
        with ThreadPoolExecutor(usable_cpus(), "screening") as executor:
            jobs = (
                *upload_jobs(archive),
                *batch_jobs(gate),
                *run_jobs(rule_sets, executor, find_elevation(settings)),
            )
            turns = [
                *upload_turns(archive),
                *document_turns(find_documents(settings)),
                *deadline_turns(rule_sets),
                *clearing_turns(settings.work_kept_days),
            ]
            run_worker(
                settings,
                jobs,
                lambda database: (
                    sealing_rounds(database, find_ledger_folder(settings)),
                    impact_rounds(database, gate),
                    delivery_rounds(database, settings.notice_networks),
                ),
                turns,
            )


if __name__ == "__main__":
    main()
