"""What did the declaration leave open, and what closes it? (core).

What the file states is taken; what is guessed makes a proposal, and the file waits.
"""

from __future__ import annotations

from parcels.surveys.proposing import Proposal, make_proposal
from parcels.surveys.raw import RawLayer


def settle(raw: RawLayer) -> Proposal:
    """Return how the file would be read; nothing is to be confirmed if it is sure."""
    return make_proposal(raw.findings)
