"""What other packages may ask about units, accounts and duties."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q
from django.utils.translation import gettext, gettext_noop

from yinuo.ledger.commands.erasing import ErasureWaiting, TextErased, UnknownErasure
from yinuo.ledger.erased import (
    GROUNDS,
    Request,
    erased,
    request,
    requests,
    threads_naming,
    waiting,
)
from yinuo.ledger.history import TEXT_PREFIX, texts
from yinuo.ledger.remembered import remembered
from yinuo.parties.hierarchy import below
from yinuo.parties.models import Account, Duty, Succession, Unit
from yinuo.parties.protection import acting_for, unit_for_text
from yinuo.parties.successions import heir, in_force, succession_sentence
from yinuo.parties.viewer import NotAllowed, Viewer

NAME_ERASED = gettext_noop("（姓名已删除）")


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


@remembered
def public_units() -> tuple[UnitView, ...]:
    """Every reporting unit, by code. Units are public: they are what is judged."""
    return tuple(
        UnitView(
            u.code, u.name, u.get_kind_display(), u.gb_code, u.parent_id, u.valid_from, u.valid_to
        )
        for u in Unit.objects.order_by("code")
    )


@dataclass(frozen=True)
class SuccessorView:
    """What became of a unit that has ended."""

    unit: str
    """Code of the unit that ended."""
    unit_name: str
    since_date: date
    """The first day on which it was no more."""
    basis: str
    successor: str
    """Code of the unit that owes in its place on the day asked about, down the whole chain."""
    successor_name: str
    sentence: str
    """`甲局 已于 2024-08-01 并入 乙局`."""


@remembered
def public_successor(code: str, on: date) -> SuccessorView | None:
    """Who owes in the place of a unit on that day; None for a unit that has no successor by then.

    For whoever reads an old name: imports, filters, letters. Units are public, so is this.
    """
    first, last = in_force(code, on), heir(code, on)
    if first is None or last is None:
        return None
    return SuccessorView(
        unit=code,
        unit_name=first.unit.name,
        since_date=first.effective_date,
        basis=" ".join(filter(None, (first.basis_title, first.basis_number))),
        successor=last.successor_id,
        successor_name=last.successor.name,
        sentence=succession_sentence(first, last),
    )


@remembered
def public_unit_names() -> Mapping[str, str]:
    """Code → name of every unit, by code."""
    return dict(Unit.objects.order_by("code").values_list("code", "name"))


def public_city_units() -> frozenset[str]:
    """Codes of the units that an installation is for: the city, or whatever has nothing above it.

    A province, a customs house or an enterprise that a plan names stands beside the city, not
    above it.
    """
    tops = [unit for unit in public_units() if unit.parent is None]
    cities = [unit for unit in tops if unit.kind == Unit.Kind.CITY.label]
    return frozenset(unit.code for unit in cities or tops)


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
        name=texts([account.name_text]).get(account.name_text, gettext(NAME_ERASED)),
        officer_of=frozenset(held[Duty.Role.OFFICER]),
        supervisor_of=frozenset(held[Duty.Role.SUPERVISOR]),
        administrator_of=below(held[Duty.Role.ADMINISTRATOR]),
        auditor_of=below(held[Duty.Role.AUDITOR]),
        protector_of=below(held[Duty.Role.PROTECTOR]),
        held_for=frozenset().union(*held.values()),
    )


def public_viewer_named(username: str) -> Viewer | None:
    """The viewer with this user name, or None; for the command line, whose user names someone."""
    account = Account.objects.filter(username=username, is_active=True).first()
    return public_viewer(account.pk) if account else None


def public_accounts_on_duty(
    *, duties: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, ...]]:
    """(role, unit) → the numbers of the open accounts with that duty. Opens no names; to tell them.

    Exactly that unit, not those above or below it.
    """
    wanted = set(duties)
    rows = Duty.objects.filter(
        _in_force(), account__is_active=True, unit__in={unit for _, unit in wanted}
    )
    found: dict[tuple[str, str], set[int]] = {}
    for role, unit, account in rows.values_list("role", "unit_id", "account_id"):
        if (role, unit) in wanted:
            found.setdefault((role, unit), set()).add(account)
    return {duty: tuple(sorted(accounts)) for duty, accounts in found.items()}


def public_active_accounts(*, accounts: Iterable[int]) -> frozenset[int]:
    """Which of these numbers are accounts that are still open. Opens nothing else about them."""
    found = Account.objects.filter(pk__in=set(accounts), is_active=True)
    return frozenset(found.values_list("pk", flat=True))


def administered_account(*, username: str, viewer: Viewer) -> int | None:
    """The number of an open account, if the viewer administers a unit for which it has a duty.

    None for an account without any duty in force, as for one that does not exist.
    """
    held = Duty.objects.filter(
        _in_force(),
        account__username=username,
        account__is_active=True,
        unit__in=viewer.administrator_of,
    )
    return held.values_list("account_id", flat=True).first()


def names(*, actors: Iterable[str], viewer: Viewer) -> dict[str, str]:
    """`account:7` → the person's name, for signed-in viewers; the public sees duties only."""
    if not viewer.signed_in:
        return {}
    ids = [int(a.split(":")[1]) for a in set(actors) if a.startswith("account:")]
    rows = dict(Account.objects.filter(pk__in=ids).values_list("pk", "name_text"))
    found = texts(rows.values())
    return {f"account:{pk}": found.get(ref, gettext(NAME_ERASED)) for pk, ref in rows.items()}


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
    rows = Duty.objects.filter(unit__in=units).select_related("account", "unit")
    waiting_first = rows.order_by(F("approved_at").asc(nulls_first=True), "pk")
    return _duty_views(list(waiting_first), viewer)


def _duty_views(rows: Sequence[Duty], viewer: Viewer) -> tuple[DutyView, ...]:
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


@dataclass(frozen=True)
class SuccessionView:
    """A request that units end and another owe in their place."""

    number: int
    units: tuple[tuple[str, str], ...]
    """(code, name) of each unit that ends."""
    successor: str
    successor_name: str
    effective_date: date
    basis_title: str
    basis_number: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    refusal: str
    """Why it was refused; empty otherwise."""
    state: str
    """待批准, 已生效 or 未批准."""
    waiting: bool
    may_decide: bool
    """Whether the viewer is a possible second person."""


def successions(*, viewer: Viewer) -> tuple[SuccessionView, ...]:
    """Every request about units the viewer administers or audits, those that wait first.

    Raises `NotAllowed`.
    """
    seen = viewer.administrator_of | viewer.auditor_of
    if not seen:
        raise NotAllowed("只有管理员和审计人可以查看单位的承接")
    rows = Succession.objects.select_related("unit", "successor").order_by("number", "code")
    groups: dict[int, list[Succession]] = {}
    for row in rows:
        groups.setdefault(row.number, []).append(row)
    shown = [group for group in groups.values() if any(row.unit_id in seen for row in group)]
    firsts = [group[0] for group in shown]
    people = names(actors=[a for f in firsts for a in (f.asked_by, f.decided_by)], viewer=viewer)
    refusals = texts(f.decision_text for f in firsts)
    views = [_succession_view(group, people, refusals, viewer) for group in shown]
    return tuple(sorted(views, key=lambda view: (not view.waiting, -view.number)))


def _succession_view(
    group: Sequence[Succession], people: dict[str, str], refusals: dict[str, str], viewer: Viewer
) -> SuccessionView:
    first = group[0]
    waiting = first.status == Succession.Status.ASKED
    concerned = {first.successor_id, *(row.unit_id for row in group)}
    return SuccessionView(
        number=first.number,
        units=tuple((row.unit_id, row.unit.name) for row in group),
        successor=first.successor_id,
        successor_name=first.successor.name,
        effective_date=first.effective_date,
        basis_title=first.basis_title,
        basis_number=first.basis_number,
        asked_by=people.get(first.asked_by, first.asked_by),
        asked_at=first.asked_at,
        decided_by=people.get(first.decided_by, first.decided_by),
        decided_at=first.decided_at,
        refusal=refusals.get(first.decision_text, ""),
        state=first.get_status_display(),
        waiting=waiting,
        may_decide=waiting
        and concerned <= viewer.administrator_of
        and viewer.actor != first.asked_by,
    )


def succession(*, number: int, viewer: Viewer) -> SuccessionView | None:
    """One request, or None where the viewer may see none of that number. Raises `NotAllowed`."""
    return next((s for s in successions(viewer=viewer) if s.number == number), None)


def duties_in_force(*, units: Iterable[str], viewer: Viewer) -> tuple[DutyView, ...]:
    """The duties in force for exactly those of the units that the viewer administers or audits."""
    seen = set(units) & (viewer.administrator_of | viewer.auditor_of)
    held = Duty.objects.filter(_in_force(), unit__in=seen).select_related("account", "unit")
    return _duty_views(list(held.order_by("unit", "role", "pk")), viewer)


def public_grounds() -> dict[str, str]:
    """Ground of an erasure → the item of 个人信息保护法 第四十七条第一款 in words."""
    return dict(GROUNDS)


@dataclass(frozen=True)
class ErasureView:
    """A request to erase a text, or all that names a person, by law."""

    code: str
    """Of a person the first of `codes`."""
    codes: tuple[str, ...]
    number: int
    """The number in the code."""
    what: str
    """一段文字, or whose name and user name."""
    person: str
    ground: str
    state: str
    """待批准, 已删除 or 不予删除."""
    waiting: bool
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    refusal: str
    """Why it was refused; empty otherwise."""
    hashes: tuple[str, ...]
    """Salted hashes of the texts, which stay."""


def erasures(*, viewer: Viewer) -> tuple[ErasureView, ...]:
    """Every request, those that wait first. Tells no content. Raises `NotAllowed`."""
    if not (viewer.protector_of or viewer.administrator_of or viewer.auditor_of):
        raise NotAllowed("只有个人信息保护负责人、管理员和审计人可以查看依法删除的申请")
    groups: dict[tuple[str, str, datetime], list[Request]] = {}
    for one in requests():
        alone = "" if one.person else one.code
        groups.setdefault((alone, one.person, one.asked_at), []).append(one)
    return _erasure_views(groups.values(), viewer)


def _erasure_views(groups: Iterable[Sequence[Request]], viewer: Viewer) -> tuple[ErasureView, ...]:
    firsts = [(group[0], group) for group in groups]
    people = names(
        actors=[a for one, _ in firsts for a in (one.asked_by, one.decided_by, one.person)],
        viewer=viewer,
    )
    refusals = texts(one.refusal_text for one, _ in firsts)
    return tuple(
        ErasureView(
            code=one.code,
            codes=tuple(each.code for each in group),
            number=int(one.code[1:]),
            what=f"{people.get(one.person, '')}的姓名和用户名" if one.person else "一段文字",
            person=one.person,
            ground=one.ground,
            state=one.state,
            waiting=one.waiting,
            asked_by=people.get(one.asked_by, one.asked_by),
            asked_at=one.asked_at,
            decided_by=people.get(one.decided_by, one.decided_by),
            decided_at=one.decided_at,
            refusal=refusals.get(one.refusal_text, ""),
            hashes=tuple(each.text.removeprefix(TEXT_PREFIX) for each in group),
        )
        for one, group in firsts
    )


@dataclass(frozen=True)
class ToErase:
    """What would go, for the two persons who decide, and for nobody else."""

    words: tuple[str, ...]
    """The texts as they stand."""
    threads: tuple[str, ...]
    """On whose pages they stand, such as `commitment:DL2024-015`."""
    duties: tuple[str, ...]
    """Of a person: the duties that would end."""


@dataclass(frozen=True)
class ErasureDetail:
    """One request with what it is about."""

    view: ErasureView
    to_erase: ToErase | None
    """None once it is decided, and for viewers who only watch."""
    may_decide: bool


def erasure(*, code: str, viewer: Viewer) -> ErasureDetail:
    """One request. Raises `NotAllowed`, `UnknownErasure`."""
    shown = next((view for view in erasures(viewer=viewer) if code in view.codes), None)
    if shown is None:
        raise UnknownErasure(code)
    found = request(code)
    assert found is not None  # noqa: S101  # `shown` tells of it
    entitled = shown.waiting and unit_for_text(found.text, viewer) is not None
    return ErasureDetail(
        view=shown,
        to_erase=_to_erase(shown.hashes, shown.person) if entitled else None,
        may_decide=entitled and viewer.actor not in (found.asked_by, shown.person),
    )


def _to_erase(hashes: Sequence[str], person: str) -> ToErase:
    references = [TEXT_PREFIX + digest for digest in hashes]
    found = texts(references)
    account = int(person.partition(":")[2]) if person else 0
    held = Duty.objects.filter(account_id=account, ended_at=None).select_related("unit")
    return ToErase(
        words=tuple(found[r] for r in references if r in found),
        threads=threads_naming(references[0]),
        duties=tuple(f"{d.unit.name} {d.get_role_display()}" for d in held.order_by("pk")),
    )


def text_to_erase(*, text: str, viewer: Viewer) -> ToErase:
    """A text (`text:<hash>`) before somebody asks that it be erased.

    Raises `NotAllowed`, `UnknownText`, `TextErased`, `ErasureWaiting`.
    """
    acting_for(unit_for_text(text, viewer), viewer, text[:17])
    if text in erased([text]):
        raise TextErased(text)
    for code in waiting([text]).values():
        raise ErasureWaiting(code)
    return _to_erase([text.removeprefix(TEXT_PREFIX)], "")
