"""Two firms of the demo put their records right: an objection and a repair, under their clocks.

The repair is accepted, so the firm's promise stands on the ledger in the open: among what firms and
people promised to the city, and not among the promises of the city.
"""

from collections.abc import Sequence
from datetime import datetime

from yinuo.credit.commands.objections import raise_objection
from yinuo.credit.commands.repairs import accept_repair, ask_repair
from yinuo.credit.commands.subjects import put_subject
from yinuo.credit.matters import MatterView
from yinuo.credit.means import Means
from yinuo.credit.profile.terms import Regime
from yinuo.credit.queries.objections import objections
from yinuo.credit.queries.own_report import public_own_facts
from yinuo.credit.queries.repairs import repairs
from yinuo.credit.queries.subjects import SubjectView, public_subject
from yinuo.credit.regimes.periods import Period
from yinuo.credit.regimes.repair import Conditions
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import civil_date
from yinuo.project.event import instant
from yinuo.project.simulated_credit import PEOPLE, Known
from yinuo.project.simulated_hiring import viewer_named
from yinuo.project.simulated_plants import MISPLACED, REPAIRABLE
from yinuo.project.standin.server import Pretended

RAISED, ASKED, ACCEPTED = instant("2025-01-15"), instant("2025-01-16"), instant("2025-01-17")
WHAT = "这份处罚决定书上的单位名称不是我们，请核对原文。"
DONE = "年度报告已补报并公示，罚款已缴清，见缴款凭证。"
AGENT = "演示经办人丁"
ALL_DONE = Conditions(corrected=True, duties_done=True, promised=True)


def fill(*, known: Known, regime: Regime, periods: tuple[Period, ...], calendar: Calendar) -> None:
    """One objection, waiting for the centre, and one repair that it accepted and has to decide."""
    means = known.centre.means
    wronged = _signed_in(known.wronged, RAISED)
    raise_objection(
        record_id=_record(wronged, MISPLACED, means, regime, RAISED),
        what=WHAT,
        subject=wronged,
        means=means,
        periods=periods,
        calendar=calendar,
        at=RAISED,
    )
    fined = _signed_in(known.fined, ASKED)
    repair = ask_repair(
        record_id=_record(fined, REPAIRABLE, means, regime, ASKED),
        done=DONE,
        conditions=ALL_DONE,
        subject=fined,
        means=means,
        regime=regime,
        periods=periods,
        calendar=calendar,
        at=ASKED,
    )
    accept_repair(repair=repair, means=means, by=known.centre.first, at=ACCEPTED)


def pretended(means: Means) -> tuple[Pretended, ...]:
    """The two firms, as one may pick them at the stand-in for the identity platform."""
    centre = viewer_named(PEOPLE[0][0])
    raised = objections(means=means, viewer=centre, state="all").rows
    asked = repairs(means=means, viewer=centre, state="all").rows
    # The first of each is the demo's own; whoever tries it adds more. An older demo has none.
    first = [one.subject for some in (raised, asked) for one in sorted(some, key=_code)[:1]]
    found = [public_subject(code=code) for code in first]
    return tuple(Pretended(one.kind, one.number, one.name, AGENT) for one in found if one)


def _code(one: MatterView) -> str:
    return one.code


def _signed_in(who: Pretended, at: datetime) -> SubjectView:
    code = put_subject(kind=who.kind, number=who.number, name=who.name, at=at, simulated=True)
    found = public_subject(code=code)
    if found is None:
        raise LookupError(who.name)
    return found


def _record(subject: SubjectView, number: str, means: Means, regime: Regime, at: datetime) -> str:
    """The record of a subject whose paper has this number. Raises `LookupError`."""
    own = public_own_facts(subject=subject, means=means, regime=regime, on=civil_date(at), at=at)
    found: Sequence[str] = [fact.record for fact in own.facts if fact.title == number]
    if not found:
        raise LookupError(number)
    return found[0]
