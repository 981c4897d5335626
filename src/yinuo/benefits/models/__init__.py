"""What stands on the ledger of money that firms need not apply for."""

from yinuo.benefits.models.award import Award
from yinuo.benefits.models.clawback import Clawback
from yinuo.benefits.models.payout import PayoutBatch, PayoutLine
from yinuo.benefits.models.policy import Policy, PolicyVersion, Screening

__all__ = [
    "Award",
    "Clawback",
    "PayoutBatch",
    "PayoutLine",
    "Policy",
    "PolicyVersion",
    "Screening",
]
