"""Problems counted by the database: what came of those of an owner, of an area, of all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, gettext_noop

from yinuo.cases.models import Problem, ProblemGroup
from yinuo.cases.problems.life import OPEN, ProblemStatus
from yinuo.cases.problems.likeness import recurrences
from yinuo.kernel.instants import SHANGHAI
from yinuo.parties.queries import public_unit_names

AGES = ((0, 5), (6, 15), (16, 30), (31, None))
"""Calendar days since it was raised, both ends included; the last is open."""
OWNER = Coalesce("commitment__lead", "asked")
NOBODY = gettext_noop("还没有指定单位")


@dataclass(frozen=True)
class Counts:
    """What came of the problems of one owner or area, or of all."""

    code: str
    name: str
    raised: int
    judged: int
    """Of those: owned, or past the day in which they were to be; the base of `in_a_day`."""
    in_a_day: int
    zero: int
    open: int
    late: int
    """Open and past the day of the answer."""
    again: int
    """Said not to be solved, or raised again, at least once."""
    up: int
    """Sent to the joint meeting, whatever came of it."""
    lapsed: int
    withdrawn: int
    ages: tuple[int, ...]
    """Open ones by `AGES`."""

    @property
    def by_age(self) -> tuple[tuple[str, int], ...]:
        """How long ago in words, in the language of the page → open ones."""
        return tuple(zip((_age_words(*age) for age in AGES), self.ages, strict=True))


def _age_words(least: int, most: int | None) -> str:
    if most is None:
        return gettext("%(n)s 天以上") % {"n": least - 1}
    return gettext("%(least)s—%(most)s 天") % {"least": least, "most": most}


def _sums(today: date) -> dict[str, Count]:
    """Aggregates by the names of `Counts`."""
    live = Q(status__in=list(OPEN))
    own = Q(owned_at__isnull=False)
    conditions = {
        "raised_n": Q(),
        "judged_n": own | Q(own_due__lt=today),
        "in_a_day_n": own & Q(owned_late=False),
        "zero_n": Q(status=ProblemStatus.ZERO),
        "open_n": live,
        "late_n": Q(status=ProblemStatus.OWNED, commitment__due__lt=today),
        "again_n": Q(not_solved__gt=0) | Q(reopened__gt=0),
        "up_n": Q(up_at__isnull=False),
        "lapsed_n": Q(status=ProblemStatus.LAPSED),
        "withdrawn_n": Q(status=ProblemStatus.WITHDRAWN),
    }
    for place, (least, most) in enumerate(AGES):
        aged = live & Q(raised_at__lt=_midnight(today - timedelta(days=least - 1)))
        if most is not None:
            aged &= Q(raised_at__gte=_midnight(today - timedelta(days=most)))
        conditions[f"age_{place}"] = aged
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def _counts(code: str, name: str, found: Mapping[str, int]) -> Counts:
    return Counts(
        code=code,
        name=name,
        raised=found["raised_n"],
        judged=found["judged_n"],
        in_a_day=found["in_a_day_n"],
        zero=found["zero_n"],
        open=found["open_n"],
        late=found["late_n"],
        again=found["again_n"],
        up=found["up_n"],
        lapsed=found["lapsed_n"],
        withdrawn=found["withdrawn_n"],
        ages=tuple(found[f"age_{place}"] for place in range(len(AGES))),
    )


def counts_by(
    rows: QuerySet[Problem], column: str, today: date, name_of: Callable[[str], str]
) -> tuple[Counts, ...]:
    """One line a value of a column, most open first."""
    found = rows.order_by().values(column).annotate(**_sums(today))
    lines = [_counts(row[column] or "", name_of(row[column] or ""), row) for row in found]
    return tuple(sorted(lines, key=lambda line: (-line.open, -line.raised, line.name)))


def recurrences_in(rows: QuerySet[Problem]) -> int:
    """How often problems came again, by the groups that a person confirmed."""
    groups = ProblemGroup.objects.filter(pk__in=rows.values("group"))
    sizes = groups.annotate(n=Count("problems")).values_list("n", flat=True)
    return recurrences(sizes)


def counts_of(rows: QuerySet[Problem], today: date) -> Counts:
    """All of them together."""
    return _counts("", "合计", rows.order_by().aggregate(**_sums(today)))


def counts_by_owner(rows: QuerySet[Problem], today: date) -> tuple[Counts, ...]:
    """One line an owner, or unit asked; most open first."""
    names = public_unit_names()
    held = rows.annotate(holder=OWNER)
    return counts_by(held, "holder", today, lambda code: names.get(code) or gettext(NOBODY))
