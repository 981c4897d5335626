"""How an applicant stands, from the credit data of this installation."""

from django.conf import settings

from yinuo.credit.provider import Knowing
from yinuo.credit.reads.log import ReadLog
from yinuo.credit.standing import CreditStanding
from yinuo.web.clock import now
from yinuo.web.credit import figures, means, regime

STANDING = CreditStanding(
    known=Knowing(means=means, figures=figures, regime=regime),
    log=ReadLog(settings.YINUO_READS),
    now=now,
)
