"""The rows of the credit lake, one noun a module; Django looks for them here."""

from yinuo.credit.models.batch import CreditBatch
from yinuo.credit.models.bulk_letter import BulkLetters
from yinuo.credit.models.consent import CreditConsent
from yinuo.credit.models.deferred_payment import DeferredPayment
from yinuo.credit.models.deletion import CreditDeletion
from yinuo.credit.models.exchange import ExchangePackage
from yinuo.credit.models.forgetting import CreditForgetting
from yinuo.credit.models.forgetting_run import ForgettingRun
from yinuo.credit.models.judgement import JoinJudgement
from yinuo.credit.models.objection import CreditObjection
from yinuo.credit.models.quarantine import QuarantineDecision
from yinuo.credit.models.read_root import ReadRoot
from yinuo.credit.models.release import CreditRelease
from yinuo.credit.models.repair import CreditRepair
from yinuo.credit.models.report import CreditReport
from yinuo.credit.models.subject import Subject

__all__ = [
    "BulkLetters",
    "CreditBatch",
    "CreditConsent",
    "CreditDeletion",
    "CreditForgetting",
    "CreditObjection",
    "CreditRelease",
    "CreditRepair",
    "CreditReport",
    "DeferredPayment",
    "ExchangePackage",
    "ForgettingRun",
    "JoinJudgement",
    "QuarantineDecision",
    "ReadRoot",
    "Subject",
]
