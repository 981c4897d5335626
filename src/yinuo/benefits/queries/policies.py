"""Policies as the public and their offices read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum

from yinuo.benefits.budget import budget_left
from yinuo.benefits.definition import PolicyDefinition, policy_of
from yinuo.benefits.errors import UnknownPolicy
from yinuo.benefits.life import AWARD_LABELS, AwardState, PolicyState
from yinuo.benefits.models import Award, Clawback, Policy, PolicyVersion, Screening
from yinuo.benefits.permission import of_unit
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

LEAST = 5
"""Below this many nothing is counted in public: it would tell of single firms."""
STATE_LABELS = {
    PolicyState.DRAFT: "草稿",
    PolicyState.PUBLISHED: "施行中",
    PolicyState.ENDED: "已结束",
}


@dataclass(frozen=True, kw_only=True)
class VersionLine:
    """One version of a policy."""

    code: str
    number: int
    state: str
    label: str
    valid_from: date
    valid_until: date
    period: str
    budget: int
    table_publication: int | None
    """Number of the decision table's publication."""
    published_at: datetime | None
    version: int
    """Of the row, to be given with a step."""


@dataclass(frozen=True, kw_only=True)
class PolicyLine:
    """A policy in the public list."""

    code: str
    name: str
    unit_name: str
    about: str
    subject: str
    valid_from: date
    valid_until: date
    budget: int
    in_force: bool
    paid: int | None
    """Money that has arrived, in 分; None where fewer than `LEAST` were paid."""
    paid_count: int | None
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class PolicyView:
    """A policy as everybody may read it."""

    line: PolicyLine
    definition: PolicyDefinition
    versions: tuple[VersionLine, ...]
    """Published ones, the newest first."""


@dataclass(frozen=True, kw_only=True)
class ScreeningView:
    """What one screening came to."""

    code: str
    policy: str
    policy_version: str
    release: int
    table_publication: int
    on: date
    screened: int
    eligible: int
    refused: int
    undetermined: int
    lacking: Mapping[str, int]
    cost: int
    answers_sha256: str
    screened_at: datetime
    trial: bool


@dataclass(frozen=True, kw_only=True)
class StateCount:
    """Awards in one state."""

    state: str
    label: str
    count: int
    amount: int


@dataclass(frozen=True, kw_only=True)
class OfficePolicy:
    """A policy as its office reads it, with what can be done."""

    code: str
    name: str
    unit: str
    unit_name: str
    simulated: bool
    definition: PolicyDefinition
    """Of the newest version."""
    versions: tuple[VersionLine, ...]
    screenings: tuple[ScreeningView, ...]
    states: tuple[StateCount, ...]
    budget_left: int | None
    """Of the version in force."""
    repaid: int
    """Of what was paid, in 分, that came back; it does not return to the budget."""
    unseen: int
    """Proposals that were drawn or are odd, and that nobody has looked at."""
    waiting: int
    """Awards that somebody asked to be approved."""
    acts: bool
    """Whether the viewer is an officer of the unit."""
    may_approve: bool
    """Whether the viewer is another person than who asked."""
    may_publish: str
    """Code of the draft that the viewer may publish; empty for none."""


def public_policies(*, on: date) -> tuple[PolicyLine, ...]:
    """Every policy of which a version was published: those in force first, then by name."""
    versions = _newest(PolicyVersion.objects.exclude(state=PolicyState.DRAFT))
    paid = _paid([row.policy_id for row in versions])
    names = public_unit_names()
    lines = [_line(row, paid.get(row.policy_id), names, on) for row in versions]
    return tuple(sorted(lines, key=lambda line: (not line.in_force, line.name, line.code)))


def public_policy(*, code: str, on: date) -> PolicyView:
    """One published policy. Raises `UnknownPolicy`."""
    rows = list(
        PolicyVersion.objects.select_related("policy")
        .filter(policy=code)
        .exclude(state=PolicyState.DRAFT)
        .order_by("-number")
    )
    if not rows:
        raise UnknownPolicy(code)
    line = _line(rows[0], _paid([code]).get(code), public_unit_names(), on)
    return PolicyView(
        line=line,
        definition=policy_of(rows[0].definition),
        versions=tuple(_version(row) for row in rows),
    )


def policies(*, viewer: Viewer) -> tuple[OfficePolicy, ...]:
    """The policies of the viewer's units, by code."""
    rows = Policy.objects.filter(of_unit(viewer, "unit")).order_by("code")
    return tuple(_office(row, viewer) for row in rows)


def policy(*, code: str, viewer: Viewer) -> OfficePolicy:
    """One policy of the viewer's units. Raises `UnknownPolicy`."""
    row = Policy.objects.filter(of_unit(viewer, "unit"), pk=code).first()
    if row is None:
        raise UnknownPolicy(code)
    return _office(row, viewer)


def may_keep(*, viewer: Viewer) -> bool:
    """Whether the viewer may draft a policy: an officer of any unit."""
    return bool(viewer.officer_of)


def _newest(rows: QuerySet[PolicyVersion]) -> list[PolicyVersion]:
    ordered = rows.select_related("policy").order_by("policy", "number")
    return list({row.policy_id: row for row in ordered}.values())


def _paid(policies: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Policy → how many were paid, and how much."""
    rows = Award.objects.filter(policy__in=policies, state=AwardState.PAID)
    counted = rows.values("policy").annotate(n=Count("pk"), money=Sum("amount"))
    return {row["policy"]: (row["n"], row["money"]) for row in counted}


def _line(
    row: PolicyVersion, paid: tuple[int, int] | None, names: Mapping[str, str], on: date
) -> PolicyLine:
    made = policy_of(row.definition)
    shown = paid if paid and paid[0] >= LEAST else None
    return PolicyLine(
        code=row.policy_id,
        name=row.name,
        unit_name=names.get(made.unit, made.unit),
        about=made.about,
        subject=made.subject,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        budget=row.budget,
        in_force=row.state == PolicyState.PUBLISHED and row.valid_from <= on <= row.valid_until,
        paid=shown[1] if shown else None,
        paid_count=shown[0] if shown else None,
        simulated=row.policy.simulated,
    )


def _version(row: PolicyVersion) -> VersionLine:
    return VersionLine(
        code=row.code,
        number=row.number,
        state=row.state,
        label=STATE_LABELS[PolicyState(row.state)],
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        period=row.period,
        budget=row.budget,
        table_publication=row.table_publication,
        published_at=row.published_at,
        version=row.version,
    )


def _screening_view(row: Screening) -> ScreeningView:
    """A screening as pages read it."""
    return ScreeningView(
        code=row.code,
        policy=row.policy_version.policy_id,
        policy_version=row.policy_version_id,
        release=row.release,
        table_publication=row.table_publication,
        on=row.on,
        screened=row.screened,
        eligible=row.eligible,
        refused=row.refused,
        undetermined=row.undetermined,
        lacking=row.lacking,
        cost=row.cost,
        answers_sha256=row.answers_sha256,
        screened_at=row.screened_at,
        trial=row.trial,
    )


def _office(row: Policy, viewer: Viewer) -> OfficePolicy:
    versions = list(row.versions.order_by("-number"))
    awards = Award.objects.filter(policy=row)
    published = next((one for one in versions if one.state == PolicyState.PUBLISHED), None)
    draft = next((one for one in versions if one.state == PolicyState.DRAFT), None)
    acts = row.unit_id in viewer.officer_of
    askers = set(awards.filter(_asked()).values_list("asked_by", flat=True).distinct())
    seen = Screening.objects.select_related("policy_version").filter(policy_version__policy=row)
    return OfficePolicy(
        code=row.code,
        name=versions[0].name,
        unit=row.unit_id,
        unit_name=public_unit_names().get(row.unit_id, row.unit_id),
        simulated=row.simulated,
        definition=policy_of(versions[0].definition),
        versions=tuple(_version(one) for one in versions),
        screenings=tuple(_screening_view(one) for one in seen.order_by("-code")),
        states=_states(row),
        budget_left=budget_left(row, published.period, published.budget) if published else None,
        repaid=_repaid(row),
        unseen=awards.filter(_unseen()).count(),
        waiting=awards.filter(_asked()).count(),
        acts=acts,
        may_approve=acts and bool(askers) and viewer.actor not in askers,
        may_publish=draft.code if draft and acts and draft.asked_by != viewer.actor else "",
    )


def _repaid(policy: Policy) -> int:
    found = Clawback.objects.filter(award__policy=policy).aggregate(fen=Sum("repaid"))
    return found["fen"] or 0


def _asked() -> Q:
    return Q(state=AwardState.LISTED) & ~Q(asked_by="")


def _unseen() -> Q:
    early = Q(state__in=[AwardState.PROPOSED, AwardState.LISTED], cleared_by="")
    return early & (Q(sampled=True) | ~Q(odd=[]))


def _states(policy: Policy) -> tuple[StateCount, ...]:
    rows = (
        Award.objects.filter(policy=policy)
        .values("state")
        .annotate(n=Count("pk"), money=Sum("amount"))
    )
    found = {row["state"]: (row["n"], row["money"] or 0) for row in rows}
    return tuple(
        StateCount(
            state=state, label=AWARD_LABELS[state], count=found[state][0], amount=found[state][1]
        )
        for state in AwardState
        if state in found
    )
