"""The rows of plans and rosters, one noun a module; Django looks for them here."""

from yinuo.goals.models.plan import Goal, Import, Plan, PlanRow
from yinuo.goals.models.roster import Roster, Upload

__all__ = ["Goal", "Import", "Plan", "PlanRow", "Roster", "Upload"]
