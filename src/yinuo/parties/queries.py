"""What other packages may ask about units, accounts and duties."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from yinuo.ledger.history import texts
from yinuo.parties.models import Account, Duty, Unit
from yinuo.parties.viewer import NotAllowed, Viewer


@dataclass(frozen=True)
class UnitView:
    """A reporting unit."""

    code: str
    name: str
    kind: str
    gb_code: str
    parent: str | None
    valid_from: date | None
    valid_to: date | None


def public_units() -> tuple[UnitView, ...]:
    """Every reporting unit, by code. Units are public: they are what is judged."""
    return tuple(
        UnitView(
            u.code, u.name, u.get_kind_display(), u.gb_code, u.parent_id, u.valid_from, u.valid_to
        )
        for u in Unit.objects.order_by("code")
    )


def public_unit_kinds() -> dict[str, str]:
    """Kind of unit → its Chinese name."""
    return dict(Unit.Kind.choices)


def public_roles() -> dict[str, str]:
    """Role of a duty → its Chinese name."""
    return dict(Duty.Role.choices)


def public_parent(code: str | None) -> str | None:
    """The code of the unit above, or None."""
    unit = Unit.objects.filter(code=code).first()
    return unit.parent_id if unit else None


def _below(codes: Iterable[str]) -> frozenset[str]:
    """The units and every unit below them."""
    found, edge = set(codes), set(codes)
    while edge:
        edge = set(Unit.objects.filter(parent__in=edge).values_list("code", flat=True)) - found
        found |= edge
    return frozenset(found)


def _in_force() -> Q:
    return Q(approved_at__isnull=False, ended_at=None)


def public_viewer(account_id: int) -> Viewer:
    """The viewer that a signed-in account is, with the duties in force. Opens no data itself."""
    account = Account.objects.get(pk=account_id)
    held: dict[str, set[str]] = {role: set() for role in Duty.Role.values}
    for role, unit in account.duties.filter(_in_force()).values_list("role", "unit_id"):
        held[role].add(unit)
    return Viewer(
        account_id=account.pk,
        username=account.username,
        name=texts([account.name_text]).get(account.name_text, "（姓名已删除）"),
        officer_of=frozenset(held[Duty.Role.OFFICER]),
        supervisor_of=frozenset(held[Duty.Role.SUPERVISOR]),
        administrator_of=_below(held[Duty.Role.ADMINISTRATOR]),
        auditor_of=_below(held[Duty.Role.AUDITOR]),
        held_for=frozenset().union(*held.values()),
    )


def public_viewer_named(username: str) -> Viewer | None:
    """The viewer with this user name, or None; for the command line, whose user names someone."""
    account = Account.objects.filter(username=username, is_active=True).first()
    return public_viewer(account.pk) if account else None


def names(*, actors: Iterable[str], viewer: Viewer) -> dict[str, str]:
    """`account:7` → the person's name, for signed-in viewers; the public sees duties only."""
    if not viewer.signed_in:
        return {}
    ids = [int(a.split(":")[1]) for a in set(actors) if a.startswith("account:")]
    rows = dict(Account.objects.filter(pk__in=ids).values_list("pk", "name_text"))
    found = texts(rows.values())
    return {f"account:{pk}": found.get(ref, "（姓名已删除）") for pk, ref in rows.items()}


@dataclass(frozen=True)
class DutyView:
    """A duty with its two persons."""

    number: int
    username: str
    name: str
    role: str
    unit: str
    asked_by: str
    approved_by: str
    state: str
    """待批准, 生效 or 已结束."""
    may_approve: bool
    """Whether the viewer is a possible second person."""


def duties(*, viewer: Viewer) -> tuple[DutyView, ...]:
    """The duties of the units that the viewer administers or audits, those waiting first."""
    units = viewer.administrator_of | viewer.auditor_of
    if not units:
        raise NotAllowed("只有管理员和审计人可以查看职责")
    rows = list(
        Duty.objects.filter(unit__in=units)
        .select_related("account", "unit")
        .order_by(F("approved_at").asc(nulls_first=True), "pk")
    )
    people = names(
        actors=[f"account:{d.account_id}" for d in rows]
        + [d.asked_by for d in rows]
        + [d.approved_by for d in rows],
        viewer=viewer,
    )
    return tuple(_duty_view(d, people, viewer) for d in rows)


def _duty_view(duty: Duty, people: dict[str, str], viewer: Viewer) -> DutyView:
    holder = f"account:{duty.account_id}"
    waiting = not duty.approved_by and duty.ended_at is None
    return DutyView(
        number=duty.pk,
        username=duty.account.username,
        name=people.get(holder, holder),
        role=duty.get_role_display(),
        unit=duty.unit.name,
        asked_by=people.get(duty.asked_by, "初始设置"),
        approved_by=people.get(duty.approved_by, "初始设置" if duty.approved_by else ""),
        state="已结束" if duty.ended_at else "待批准" if waiting else "生效",
        may_approve=waiting
        and duty.unit_id in viewer.administrator_of
        and viewer.actor not in (duty.asked_by, holder),
    )
