"""What happens by itself and takes more than one package, at the times that `jobs` says."""

from django.conf import settings

from yinuo.credit.commands.forgetting_runs import run_forgetting
from yinuo.notices.registry import Due
from yinuo.parties.commands import forget_sign_ins
from yinuo.web.credit import means
from yinuo.web.outcomes import return_outcomes


def outcomes(due: Due) -> None:
    """Land how the promises of this city ended as a source of credit data."""
    return_outcomes(means=means(), simulated=bool(settings.YINUO_DEMO_DATE), at=due.at)


def forget(due: Due) -> None:
    """Carry out a request to forget somebody in credit data."""
    run_forgetting(code=str(due.args["code"]), means=means(), at=due.at)


def forget_old_sign_ins(due: Due) -> None:
    """Delete what was kept long enough of who signed in."""
    forget_sign_ins(at=due.at)
