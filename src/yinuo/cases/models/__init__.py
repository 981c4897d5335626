"""What stands on the ledger of services and cases."""

from yinuo.cases.models.applicant import Applicant
from yinuo.cases.models.case import (
    Case,
    CaseEvent,
    CaseMaterial,
    CaseSeries,
    CaseWarning,
    Correction,
    ExtensionRequest,
)
from yinuo.cases.models.consent import Consent
from yinuo.cases.models.construction import (
    BuildingProject,
    ProjectStage,
    Reuse,
    SpglAside,
    SpglBatch,
    Works,
)
from yinuo.cases.models.declaration import Declaration
from yinuo.cases.models.deferral import Deferral
from yinuo.cases.models.feed import FeedAside, FeedBatch, FeedCase, FeedEvent, FeedSource
from yinuo.cases.models.item import Item, ItemFile, ItemVersion
from yinuo.cases.models.joint import Joint, JointSilence
from yinuo.cases.models.letter import CreditLetter, LetterSeries
from yinuo.cases.models.problem import (
    Problem,
    ProblemGroup,
    ProblemSeries,
    ProblemTitle,
    TaskForce,
    TaskForceUnit,
)
from yinuo.cases.models.rating import Rating, Rectification
from yinuo.cases.models.utility import UtilityNotice

__all__ = [
    "Applicant",
    "BuildingProject",
    "Case",
    "CaseEvent",
    "CaseMaterial",
    "CaseSeries",
    "CaseWarning",
    "Consent",
    "Correction",
    "CreditLetter",
    "Declaration",
    "Deferral",
    "ExtensionRequest",
    "FeedAside",
    "FeedBatch",
    "FeedCase",
    "FeedEvent",
    "FeedSource",
    "Item",
    "ItemFile",
    "ItemVersion",
    "Joint",
    "JointSilence",
    "LetterSeries",
    "Problem",
    "ProblemGroup",
    "ProblemSeries",
    "ProblemTitle",
    "ProjectStage",
    "Rating",
    "Rectification",
    "Reuse",
    "SpglAside",
    "SpglBatch",
    "TaskForce",
    "TaskForceUnit",
    "UtilityNotice",
    "Works",
]
