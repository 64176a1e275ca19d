"""What is known of a subject, in the words of the rules? (core).

`derive_facts` turns the extract and the request into `Facts`; every fact is a value or
unknown, and what silence means is fixed fact by fact in `catalogue` (section 8 of the
rule table).
"""

from screening.facts.derive import derive_facts
from screening.facts.model import Facts, FarmlandFacts, PlotFacts, SurveyFacts

__all__ = ["Facts", "FarmlandFacts", "PlotFacts", "SurveyFacts", "derive_facts"]
