"""The rows of commitments, one noun a module; Django looks for them here."""

from yinuo.commitments.models.assignment import Assignment
from yinuo.commitments.models.change import Change
from yinuo.commitments.models.commitment import Commitment, Cooperation
from yinuo.commitments.models.curve import PlanCurve
from yinuo.commitments.models.document import Document
from yinuo.commitments.models.evidence import Evidence
from yinuo.commitments.models.light import Light, LightTally
from yinuo.commitments.models.observation import Observation
from yinuo.commitments.models.report import Report
from yinuo.commitments.models.searching import Searchable
from yinuo.commitments.models.signing import Signing
from yinuo.commitments.models.tally import News, Projection, Tally
from yinuo.commitments.models.wait import Wait

__all__ = [
    "Assignment",
    "Change",
    "Commitment",
    "Cooperation",
    "Document",
    "Evidence",
    "Light",
    "LightTally",
    "News",
    "Observation",
    "PlanCurve",
    "Projection",
    "Report",
    "Searchable",
    "Signing",
    "Tally",
    "Wait",
]
