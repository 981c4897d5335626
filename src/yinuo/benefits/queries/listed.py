"""The list that is up for everybody to object to (公示): who gets how much, until when."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from yinuo.benefits.errors import UnknownAward, UnknownPolicy
from yinuo.benefits.life import AwardState, PolicyState
from yinuo.benefits.models import Award, PolicyVersion
from yinuo.benefits.naming import masked_name
from yinuo.commitments.wording import short_wording

PAGE = 100


@dataclass(frozen=True, kw_only=True)
class ListedAward:
    """One line of the list."""

    code: str
    name: str
    """Of a person only the first character."""
    credit_code: str
    """Of a firm or trader."""
    amount: int
    """In 分."""
    object_until: date


@dataclass(frozen=True, kw_only=True)
class ListedPage:
    """One page of the list of a policy, by code."""

    policy: str
    name: str
    total: int
    amount: int
    """Of all that are up, in 分."""
    rows: tuple[ListedAward, ...]
    next_cursor: str
    simulated: bool


def public_listed(*, policy: str, on: date, cursor: str = "") -> ListedPage:
    """The awards of a policy that are up on a day. Raises `UnknownPolicy`."""
    version = (
        PolicyVersion.objects.select_related("policy")
        .filter(policy=policy)
        .exclude(state=PolicyState.DRAFT)
        .order_by("-number")
        .first()
    )
    if version is None:
        raise UnknownPolicy(policy)
    rows = Award.objects.filter(policy=policy, state=AwardState.LISTED, object_until__gte=on)
    counted = rows.aggregate(total=Count("pk"), amount=Sum("amount"))
    found = list(rows.filter(code__gt=cursor).order_by("code")[: PAGE + 1])
    shown = found[:PAGE]
    return ListedPage(
        policy=policy,
        name=version.name,
        total=counted["total"],
        amount=counted["amount"] or 0,
        rows=_lines(shown),
        next_cursor=shown[-1].code if len(found) > PAGE else "",
        simulated=version.policy.simulated,
    )


def public_listed_award(*, policy: str, code: str, on: date) -> ListedAward:
    """One of them. Raises `UnknownAward` where it is not up on the day."""
    up = Award.objects.filter(policy=policy, state=AwardState.LISTED, object_until__gte=on)
    row = up.filter(pk=code).first()
    if row is None:
        raise UnknownAward(code)
    return _lines([row])[0]


def _lines(rows: list[Award]) -> tuple[ListedAward, ...]:
    names = short_wording([row.name_text for row in rows])
    found = []
    for row in rows:
        name = names.get(row.name_text, "")
        assert row.object_until is not None  # noqa: S101  # it is listed
        found.append(
            ListedAward(
                code=row.code,
                name=name if row.credit_code or not row.number_text else masked_name(name),
                credit_code=row.credit_code,
                amount=row.amount or 0,
                object_until=row.object_until,
            )
        )
    return tuple(found)
