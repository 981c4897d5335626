"""What stands on the ledger of services and cases."""

from yinuo.cases.models.applicant import Applicant
from yinuo.cases.models.case import Case, CaseEvent, CaseMaterial, CaseSeries, Correction
from yinuo.cases.models.construction import BuildingProject
from yinuo.cases.models.item import Item, ItemVersion
from yinuo.cases.models.joint import Joint

__all__ = [
    "Applicant",
    "BuildingProject",
    "Case",
    "CaseEvent",
    "CaseMaterial",
    "CaseSeries",
    "Correction",
    "Item",
    "ItemVersion",
    "Joint",
]
