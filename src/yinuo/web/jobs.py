"""What happens every day by itself and takes more than one package."""

from django.conf import settings

from yinuo.notices.hours import Daily
from yinuo.notices.registry import Due, JobKind, register
from yinuo.web.credit import means
from yinuo.web.outcomes import return_outcomes

NIGHT = Daily(2 * 60 + 20)
"""Before anybody publishes: the next release has it."""


def _outcomes(due: Due) -> None:
    return_outcomes(means=means(), simulated=bool(settings.YINUO_DEMO_DATE), at=due.at)


register(JobKind(name="credit.outcomes", label="承诺结果回流信用数据", run=_outcomes, every=NIGHT))
