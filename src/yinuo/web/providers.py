"""What this package provides to those below: who says how an applicant stands."""

from django.conf import settings

from yinuo.commitments.standing import provide
from yinuo.credit.provider import Knowing
from yinuo.credit.reads.log import ReadLog
from yinuo.credit.standing import CreditStanding
from yinuo.web.clock import now
from yinuo.web.credit import figures, means, regime

provide(
    CreditStanding(
        known=Knowing(means=means, figures=figures, regime=regime),
        log=ReadLog(settings.YINUO_READS),
        now=now,
    )
)
