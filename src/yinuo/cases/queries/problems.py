"""Problems as offices read them: the list with its counts, one problem, what to do, the meeting."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from yinuo.cases.access.problems import desks, owner_of, owns, visible_problems
from yinuo.cases.errors.problems import UnknownProblem
from yinuo.cases.models import Problem, ProblemTitle, TaskForce
from yinuo.cases.problems.life import CHANNELS, OPEN, STATUS_LABELS, ProblemStatus
from yinuo.cases.problems.likeness import Told, like
from yinuo.cases.stories.problems import StoryLine, story_of
from yinuo.commitments.life import Visibility
from yinuo.commitments.wording import short_wording
from yinuo.kernel.instants import civil_date
from yinuo.ledger.history import last_actor
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

PAGE = 50
MOST_COMPARED = 2_000
"""Problems of an area that a new one is compared with, the latest first."""
TOLD = frozenset(verb for _, verb in CHANNELS.values())
"""Verbs of problems that an officer wrote down."""
STATES: Mapping[str, str] = {
    "open": "未清零",
    "raised": "待认领",
    "unowned": "超过一天无人认领",
    "owned": "办理中",
    "late": "逾期未答复",
    "answered": "待提出人确认",
    "up": "已上会，未清零",
    "again": "说过没有解决或重提",
    "zero": "已清零",
    "lapsed": "无回应终结",
    "withdrawn": "提出人撤回",
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Filters as the address has them; empty for all."""

    state: str = ""
    area: str = ""
    owner: str = ""
    force: str = ""
    group: str = ""


@dataclass(frozen=True)
class Option:
    """One value of a filter, with what it would find."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class ProblemRow:
    """One problem in a list."""

    code: str
    title: str
    area: str
    """Name of the area."""
    owner: str
    """Name of the unit that owns it or was asked; empty while the office chooses."""
    status: str
    label: str
    raised_date: date
    age: int
    """Calendar days since it was raised, until today or its end."""
    own_due: date
    due: date | None
    late: bool
    """Past the day of its answer, and not answered."""
    unowned: bool
    """Whether nobody owned it within the day of the table."""
    again: int
    """How often it was said not to be solved, and raised again."""
    passed: int
    up: str
    """Where it was sent; empty for nowhere."""
    recurrences: int
    """Other problems of its group."""
    force: str
    public: bool
    simulated: bool


@dataclass(frozen=True)
class ProblemPage:
    """One page of the list, the longest open first."""

    total: int
    rows: tuple[ProblemRow, ...]
    next_cursor: str
    options: Mapping[str, tuple[Option, ...]]


def _rows_seen(viewer: Viewer) -> QuerySet[Problem]:
    rows = Problem.objects.filter(
        pk__in=Problem.objects.filter(visible_problems(viewer)).values("pk")
    )
    return rows.annotate(owner=Coalesce("commitment__lead", "asked"))


def _state_of(state: str, today: date) -> Q:
    """The condition of a state in `STATES`; everything for none."""
    ways = {
        "open": Q(status__in=list(OPEN)),
        "unowned": Q(status=ProblemStatus.RAISED, own_due__lt=today),
        "late": Q(status=ProblemStatus.OWNED, commitment__due__lt=today),
        "up": Q(status__in=list(OPEN), up_at__isnull=False),
        "again": Q(status__in=list(OPEN)) & (Q(not_solved__gt=0) | Q(reopened__gt=0)),
    }
    if state in ways:
        return ways[state]
    return Q(status=state) if state in STATES else Q()


def _but(wanted: Wanted, today: date, leave: str = "") -> Q:
    tests = {
        "state": _state_of(wanted.state, today),
        "area": Q(area=wanted.area) if wanted.area else Q(),
        "owner": Q(owner=wanted.owner) if wanted.owner else Q(),
        "force": Q(force=wanted.force) if wanted.force else Q(),
        "group": Q(group=wanted.group) if wanted.group else Q(),
    }
    found = Q()
    for name, test in tests.items():
        found &= Q() if name == leave else test
    return found


def problems(
    *, viewer: Viewer, today: date, wanted: Wanted = Wanted(), cursor: str = "", size: int = PAGE
) -> ProblemPage:
    """The problems that the viewer may see, the newest first, with counts on the filters."""
    seen = _rows_seen(viewer)
    known = seen.filter(_but(wanted, today))
    page = known.filter(code__lt=cursor) if cursor else known
    found = list(_with_all(page.order_by("-code"))[: size + 1])
    return ProblemPage(
        total=known.count(),
        rows=_shown(found[:size], today),
        next_cursor=found[size - 1].code if len(found) > size else "",
        options={
            "state": _states(seen.filter(_but(wanted, today, "state")), today),
            "area": _by(seen.filter(_but(wanted, today, "area")), "area", "area_name"),
            "owner": _owners(seen.filter(_but(wanted, today, "owner"))),
            "force": _by(seen.filter(_but(wanted, today, "force")), "force", "force__title"),
        },
    )


def _with_all(rows: QuerySet[Problem]) -> QuerySet[Problem]:
    return rows.select_related("commitment", "force", "public_title", "applicant")


def _states(rows: QuerySet[Problem], today: date) -> tuple[Option, ...]:
    counts = {name: Count("pk", filter=_state_of(name, today)) for name in STATES}
    found = rows.aggregate(**{f"n_{name}": count for name, count in counts.items()})
    return tuple(
        Option(name, label, found[f"n_{name}"])
        for name, label in STATES.items()
        if found[f"n_{name}"]
    )


def _by(rows: QuerySet[Problem], value: str, label: str) -> tuple[Option, ...]:
    counted = rows.exclude(**{value: None}).order_by().values_list(value, label)
    found = counted.annotate(n=Count("pk")).order_by("-n", value)
    return tuple(Option(str(code), str(name), n) for code, name, n in found)


def _owners(rows: QuerySet[Problem]) -> tuple[Option, ...]:
    names = public_unit_names()
    held = rows.annotate(holder=Coalesce("commitment__lead", "asked")).exclude(holder=None)
    found = held.order_by().values_list("holder").annotate(n=Count("pk"))
    return tuple(
        Option(code, names.get(code, code), n) for code, n in found.order_by("-n", "holder")
    )


def _sizes(groups: Iterable[str | None]) -> dict[str, int]:
    wanted = {group for group in groups if group}
    rows = Problem.objects.filter(group__in=wanted).order_by().values_list("group")
    return dict(rows.annotate(n=Count("pk"))) if wanted else {}


def _shown(rows: Sequence[Problem], today: date) -> tuple[ProblemRow, ...]:
    said = short_wording(row.title_text for row in rows)
    names, sizes = public_unit_names(), _sizes(row.group_id for row in rows)
    return tuple(_row(row, said, names, sizes, today) for row in rows)


def _row(
    row: Problem,
    said: Mapping[str, str],
    names: Mapping[str, str],
    sizes: Mapping[str, int],
    today: date,
) -> ProblemRow:
    owner, title = owner_of(row) or "", getattr(row, "public_title", None)
    raised = civil_date(row.raised_at)
    due = row.commitment.due if row.commitment else row.answer_due
    return ProblemRow(
        code=row.code,
        title=said[row.title_text],
        area=row.area_name,
        owner=names.get(owner, owner),
        status=row.status,
        label=STATUS_LABELS[ProblemStatus(row.status)],
        raised_date=raised,
        age=((civil_date(row.ended_at) if row.ended_at else today) - raised).days,
        own_due=row.own_due,
        due=due,
        late=row.status == ProblemStatus.OWNED and due is not None and due < today,
        unowned=row.status == ProblemStatus.RAISED and row.own_due < today,
        again=row.not_solved + row.reopened,
        passed=row.passed,
        up=row.up_where,
        recurrences=max(sizes.get(row.group_id or "", 1) - 1, 0),
        force=row.force.title if row.force else "",
        public=title is not None and title.visibility == Visibility.PUBLIC,
        simulated=row.simulated,
    )


# ── one problem ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Alike:
    """Another problem that may be the same one coming again."""

    row: ProblemRow
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class ProblemDetail:
    """One problem whole, for those whom a duty opens it."""

    row: ProblemRow
    version: int
    area: str
    """Code of the area."""
    office: str
    """Name of the office that keeps it."""
    asked: str
    """Code of the unit asked or owning; empty for none."""
    said: str
    raiser: str
    """Name of who raised it, for the owner and the office."""
    contact: str
    about: str
    channel: str
    """How it came where an officer wrote it down, and for which unit; empty where it was raised
    on the page."""
    commitment: str
    """Code of the promise; empty before it is owned."""
    owned_at: datetime | None
    answered_at: datetime | None
    confirm_due: date | None
    up_rule: str
    not_solved: int
    reopened: int
    group: str
    group_title: str
    group_rows: tuple[ProblemRow, ...]
    """The others of its group."""
    alike: tuple[Alike, ...]
    """Those a person may look at; only for the office."""
    force: str
    """Name, lead and units of the task force; empty for none."""
    public_title: str
    may_publish: bool
    """Whether the viewer is a possible second person for the title."""
    steps: tuple[str, ...]
    """What the viewer may do now, the next step first."""
    story: tuple[StoryLine, ...]
    """Newest first."""


def problem(*, code: str, viewer: Viewer, today: date) -> ProblemDetail:
    """One problem. Raises `UnknownProblem` for one not to be seen."""
    row = _with_all(_rows_seen(viewer)).filter(code=code).first()
    if row is None:
        raise UnknownProblem(code)
    said = short_wording([row.said_text, row.contact_text, row.applicant.name_text])
    title = getattr(row, "public_title", None)
    desk = desks(row, viewer)
    story = story_of(row.subject, viewer=viewer)
    knows = desk or owns(row, viewer) or row.office_id in viewer.supervisor_of
    return ProblemDetail(
        row=_shown([row], today)[0],
        version=row.version,
        area=row.area,
        office=public_unit_names()[row.office_id],
        asked=row.asked_id or "",
        said=said[row.said_text],
        raiser=said[row.applicant.name_text] if knows else "",
        contact=said.get(row.contact_text, "") if knows else "",
        about=row.about,
        channel=_channel(story),
        commitment=row.commitment_id or "",
        owned_at=row.owned_at,
        answered_at=row.answered_at,
        confirm_due=row.confirm_due,
        up_rule=row.up_rule,
        not_solved=row.not_solved,
        reopened=row.reopened,
        group=row.group_id or "",
        group_title=row.group.title if row.group else "",
        group_rows=_others(row, viewer, today),
        alike=_alike(row, today) if desk else (),
        force=_force_words(row.force),
        public_title=title.title if title else "",
        may_publish=desk and title is not None and _second(title, viewer),
        steps=_steps(row, viewer, desk=desk, title=title),
        story=story,
    )


def _channel(story: Sequence[StoryLine]) -> str:
    first = story[-1]
    return f"{first.label}：{first.who}" if first.verb in TOLD else ""


def _second(title: ProblemTitle, viewer: Viewer) -> bool:
    return last_actor(title.subject, "problem_title.written") != viewer.actor


def _steps(
    row: Problem, viewer: Viewer, *, desk: bool, title: ProblemTitle | None
) -> tuple[str, ...]:
    found: list[str] = []
    if row.status == ProblemStatus.RAISED:
        if row.asked_id is None or row.asked_id in viewer.officer_of:
            found += ["own"] if viewer.officer_of else []
        if row.asked_id is not None and row.asked_id in viewer.officer_of:
            found.append("pass_on")
        found += ["ask"] if desk else []
    if row.status == ProblemStatus.OWNED:
        found += ["answer"] if owns(row, viewer) else []
        found += ["hand_over"] if desk else []
    if desk:
        found += ["group", "force", "title"]
    if desk and title is not None and _second(title, viewer):
        found.append("publish")
    return tuple(found)


def _others(row: Problem, viewer: Viewer, today: date) -> tuple[ProblemRow, ...]:
    if row.group_id is None:
        return ()
    seen = _rows_seen(viewer).filter(group=row.group_id).exclude(code=row.code)
    return _shown(list(_with_all(seen.order_by("code"))), today)


def _told(row: Problem, said: Mapping[str, str]) -> Told:
    return Told(row.code, row.area, owner_of(row) or "", said[row.title_text])


def _alike(row: Problem, today: date) -> tuple[Alike, ...]:
    """Of the same office and area, the likeliest first; those of its group left out."""
    near = Problem.objects.filter(office=row.office_id, area=row.area).exclude(code=row.code)
    if row.group_id:
        near = near.exclude(group=row.group_id)
    rows = list(_with_all(near.order_by("-code"))[:MOST_COMPARED])
    said = short_wording(each.title_text for each in [row, *rows])
    found = like(_told(row, said), [_told(each, said) for each in rows])
    by_code = {each.code: each for each in rows}
    pairs = [(one.first if one.first != row.code else one.second, one) for one in found]
    shown = {each.code: each for each in _shown([by_code[code] for code, _ in pairs], today)}
    return tuple(Alike(shown[code], one.score, one.reasons) for code, one in pairs)


def _force_words(force: TaskForce | None) -> str:
    if force is None:
        return ""
    names = public_unit_names()
    others = [names[unit] for unit in force.units.order_by("pk").values_list("unit_id", flat=True)]
    with_whom = f"，{'、'.join(others)}" if others else ""
    return f"{force.title}（{names[force.lead_id]}牵头{with_whom}）"


# ── elsewhere ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ProblemToDo:
    """Something about a problem that waits for the viewer."""

    what: str
    row: ProblemRow
    due: date | None


def to_do(*, viewer: Viewer, today: date, most: int = PAGE) -> tuple[ProblemToDo, ...]:
    """What waits: to own, to answer, and for the office to ask somebody."""
    seen = _with_all(_rows_seen(viewer))
    raised, owned = ProblemStatus.RAISED, ProblemStatus.OWNED
    ways: tuple[tuple[str, Q], ...] = (
        ("认领问题", Q(status=raised, asked__in=viewer.officer_of)),
        ("答复问题", Q(status=owned, commitment__lead__in=viewer.officer_of)),
        ("指定单位", Q(status=raised, asked=None, office__in=viewer.supervisor_of)),
        (
            "督促认领",
            Q(status=raised, asked__isnull=False, own_due__lt=today)
            & Q(office__in=viewer.supervisor_of),
        ),
    )
    found: list[ProblemToDo] = []
    for what, condition in ways:
        rows = _shown(list(seen.filter(condition).order_by("own_due", "code")[:most]), today)
        answers = what == "答复问题"
        found += [ProblemToDo(what, row, row.due if answers else row.own_due) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.due or date.max, one.row.code)))


def meeting(*, viewer: Viewer, today: date) -> tuple[ProblemRow, ...]:
    """What is not at zero for the joint meeting: those sent up first, then the oldest."""
    rows = _with_all(_rows_seen(viewer).filter(status__in=list(OPEN)))
    shown = _shown(list(rows.order_by("raised_at", "code")), today)
    return tuple(sorted(shown, key=lambda row: (not row.up, -row.age, row.code)))


def task_forces(*, viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """Code and title of the task forces of the offices for which the viewer supervises."""
    rows = TaskForce.objects.filter(office__in=viewer.supervisor_of).order_by("-code")
    return tuple(rows.values_list("code", "title"))


def may_see(*, viewer: Viewer) -> bool:
    """Whether the list is for the viewer at all."""
    held: Any = viewer.officer_of | viewer.supervisor_of | viewer.administrator_of
    return bool(held | viewer.auditor_of | viewer.protector_of)
