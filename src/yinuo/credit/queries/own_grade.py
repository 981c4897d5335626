"""The grade of a signed-in subject: apart from its report, with the points that made it."""

from collections.abc import Sequence
from datetime import date, datetime

from yinuo.credit.grade.grade import Grade, PointTable
from yinuo.credit.means import Means
from yinuo.credit.overlay import in_use
from yinuo.credit.profile.figures import Figure
from yinuo.credit.profile.single import given, profile_of
from yinuo.credit.profile.terms import Regime
from yinuo.credit.queries.own_document import public_own
from yinuo.credit.queries.subjects import SubjectView
from yinuo.rules.table import Rulebook


def public_own_grade(
    *,
    subject: SubjectView,
    book: Rulebook,
    means: Means,
    figures: Sequence[Figure],
    regime: Regime,
    on: date,
    at: datetime,
) -> Grade:
    """The grade by the point table `book` on a day, without records that nobody uses any more.

    The look stands in the read log. Raises `NoRelease`, `GradeUnusable`.
    """
    own = public_own(subject=subject, means=means, at=at)
    sources = {
        name: means.sources[name] for name in own.release.counts["facts"] if name in means.sources
    }
    told = profile_of(in_use(own.document), sources=sources, figures=figures, regime=regime, on=on)
    return PointTable(book, on).grade(given(told, str(own.document["kind"])))
