"""The registers from which an indicator can be counted, by name."""

from collections.abc import Mapping

from yinuo.goals.counting import Count
from yinuo.goals.queries.lead_counts import COUNTS as OF_LEADS
from yinuo.goals.queries.project_counts import COUNTS as OF_PROJECTS

REGISTERS: Mapping[str, Count] = {**OF_PROJECTS, **OF_LEADS}
"""`projects.started` → what counts it."""
