"""The rows of the credit lake, one noun a module; Django looks for them here."""

from yinuo.credit.models.batch import CreditBatch
from yinuo.credit.models.judgement import JoinJudgement
from yinuo.credit.models.quarantine import QuarantineDecision
from yinuo.credit.models.release import CreditRelease

__all__ = ["CreditBatch", "CreditRelease", "JoinJudgement", "QuarantineDecision"]
