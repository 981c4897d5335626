"""What the lake counts of a signed-in subject, for its own eyes; the look is written down first."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from yinuo.credit.errors.joins import NoRelease, UnknownEntity
from yinuo.credit.means import Means
from yinuo.credit.overlay import in_use
from yinuo.credit.profile.figures import Figure
from yinuo.credit.profile.single import given, profile_of
from yinuo.credit.profile.terms import Regime
from yinuo.credit.queries.subjects import SubjectView
from yinuo.credit.reads.log import LONGEST_FIELDS, Read
from yinuo.credit.released import opened

PURPOSE = "self"


def public_own_figures(
    *,
    subject: SubjectView,
    means: Means,
    figures: Sequence[Figure],
    regime: Regime,
    on: date,
    at: datetime,
) -> Mapping[str, object]:
    """The figures of the subject by name, as of a day; empty without records of it.

    Raises what the read log raises when the look cannot be written down.
    """
    try:
        with opened(means) as release:
            found = release.entity_of_code(subject.number)
            sources = {
                name: means.sources[name]
                for name in release.row.counts["facts"]
                if name in means.sources
            }
    except (NoRelease, UnknownEntity):
        return {}
    look = Read(
        reader=f"subject:{subject.code}",
        capacity=PURPOSE,
        purpose=PURPOSE,
        entity=found.entity,
        fields=[each.name for each in figures][:LONGEST_FIELDS],
    )
    means.reads.append(look, at=at)
    told = profile_of(
        in_use(found.document), sources=sources, figures=figures, regime=regime, on=on
    )
    return given(told, str(found.document["kind"]))
