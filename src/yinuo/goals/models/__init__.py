"""The rows of plans and rosters, one noun a module; Django looks for them here."""

from yinuo.goals.models.indicator import Binding, Figure, FigureUpload, Indicator, Load
from yinuo.goals.models.lead import Delegation, Lead, LeadContact, LeadFact, LeadLanding
from yinuo.goals.models.lit import LitRegister
from yinuo.goals.models.plan import Goal, Import, Plan, PlanRow
from yinuo.goals.models.port import PortBatch, PortResult
from yinuo.goals.models.project import (
    Batch,
    Permit,
    Project,
    ProjectExemption,
    ProjectFigure,
    ProjectImport,
    ProjectStage,
    ProjectYear,
)
from yinuo.goals.models.roster import Roster, Upload

__all__ = [
    "Batch",
    "Binding",
    "Delegation",
    "Figure",
    "FigureUpload",
    "Goal",
    "Import",
    "Indicator",
    "Lead",
    "LeadContact",
    "LeadFact",
    "LeadLanding",
    "LitRegister",
    "Load",
    "Permit",
    "Plan",
    "PlanRow",
    "PortBatch",
    "PortResult",
    "Project",
    "ProjectExemption",
    "ProjectFigure",
    "ProjectImport",
    "ProjectStage",
    "ProjectYear",
    "Roster",
    "Upload",
]
