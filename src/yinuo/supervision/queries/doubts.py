"""Doubts (疑点) for the unit that is asked and for those who watch it; nobody else knows of any."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from yinuo.commitments.queries.sides import (
    Picture,
    Side,
    own_or_watched,
    pictures_seen,
    sides,
    titles_seen,
)
from yinuo.ledger.erased import waiting
from yinuo.ledger.history import Event, texts, thread_events
from yinuo.parties.queries import names, public_roles, public_unit_names
from yinuo.parties.viewer import Viewer
from yinuo.supervision.doubt_life import (
    KIND_LABELS,
    PHOTO_KINDS,
    RESULT_LABELS,
    STATUS_LABELS,
    VERB_LABELS,
    DoubtKind,
    DoubtResult,
    DoubtStatus,
)
from yinuo.supervision.doubt_words import likeness, sentence
from yinuo.supervision.errors.doubts import UnknownDoubt
from yinuo.supervision.models import Doubt, DoubtCursor, Photo, PhotoUse
from yinuo.supervision.todo import ToDo

PAGE = 50
MOST = 200
"""Lines of one kind in an inbox."""
MOST_ASIDE = 50
TEXTS = ("answer_text", "closing_text")
ERASED = "（文字已依法删除）"
LIVE = (DoubtStatus.OPEN, DoubtStatus.ANSWERED)


@dataclass(frozen=True)
class DoubtRow:
    """One doubt in a list."""

    code: str
    kind: str
    kind_label: str
    commitment: str
    title: str
    unit: str
    """Name of the unit that is asked."""
    unit_code: str
    what: str
    """What was noticed, in a sentence."""
    found_date: date
    status: str
    state: str
    """待答复; of a closed one what was found as well."""


def _seen(viewer: Viewer) -> QuerySet[Doubt]:
    """The doubts on commitments that the viewer's unit owes, or that they watch over."""
    if not viewer.signed_in:
        return Doubt.objects.none()
    # Asked of each doubt, because doubts are few and commitments may be a million.
    allowed = own_or_watched(viewer=viewer).filter(pk=OuterRef("commitment"))
    rows = Doubt.objects.filter(Exists(allowed))
    return rows.select_related("commitment", "commitment__lead")


def _newest_first(rows: QuerySet[Doubt]) -> QuerySet[Doubt]:
    return rows.order_by(Length("code").desc(), "-code")


def _state(row: Doubt) -> str:
    label = STATUS_LABELS[DoubtStatus(row.status)]
    return f"{label}：{RESULT_LABELS[DoubtResult(row.result)]}" if row.result else label


def _row(row: Doubt) -> DoubtRow:
    lead = row.commitment.lead
    return DoubtRow(
        code=row.code,
        kind=row.kind,
        kind_label=KIND_LABELS[DoubtKind(row.kind)],
        commitment=row.commitment_id,
        title=row.commitment.title,
        unit=lead.name if lead else "",
        unit_code=lead.code if lead else "",
        what=sentence(row.kind, row.facts),
        found_date=row.found_date,
        status=row.status,
        state=_state(row),
    )


# ── the list ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Choice:
    """A filter with how many it leaves."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Aside:
    """A picture that could not be looked at, and why."""

    evidence: str
    commitment: str
    number: int
    why: str


@dataclass(frozen=True)
class Asides:
    """What could not be compared, as far as the viewer may know."""

    faults: tuple[Aside, ...]
    """The first of them."""
    fault_count: int
    flat_count: int
    """Too little in the picture; only the very same file is found again."""


@dataclass(frozen=True)
class DoubtPage:
    """A page of the list."""

    rows: tuple[DoubtRow, ...]
    next_cursor: str
    """Empty on the last page."""
    total: int
    """Under all filters."""
    states: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    units: tuple[Choice, ...]
    asides: Asides
    looked_to: int
    """Number of the first entry of the log that was not looked at."""


STATES = {"live": "待处理", "open": "待答复", "answered": "已答复，待核对", "closed": "已关闭"}
"""The filters of the list; without one all are shown."""


def _state_filter(state: str) -> Q:
    if state == "live":
        return Q(status__in=LIVE)
    return Q(status=state) if state in STATES else Q()


def doubt_page(
    *, viewer: Viewer, state: str = "", kind: str = "", unit: str = "", cursor: str = ""
) -> DoubtPage:
    """The doubts that the viewer may see, newest first; filters count under the others.

    `cursor` is the place after which to go on, as the page before gave it.
    """
    rows = _seen(viewer)
    by_state, by_kind, by_unit = (
        _state_filter(state),
        Q(kind=kind) if kind in set(DoubtKind) else Q(),
        Q(commitment__lead=unit) if unit else Q(),
    )
    chosen = rows.filter(by_state, by_kind, by_unit)
    start = int(cursor) if cursor.isdecimal() and len(cursor) < 10 else 0  # noqa: PLR2004  # digits
    found = list(_newest_first(chosen)[start : start + PAGE + 1])
    mark = DoubtCursor.objects.first()
    return DoubtPage(
        rows=tuple(_row(row) for row in found[:PAGE]),
        next_cursor=str(start + PAGE) if len(found) > PAGE else "",
        total=chosen.count(),
        states=_states(rows.filter(by_kind, by_unit)),
        kinds=_kinds(rows.filter(by_state, by_unit)),
        units=_units(rows.filter(by_state, by_kind)),
        asides=_asides(viewer),
        looked_to=mark.place if mark else 0,
    )


def _counted(rows: QuerySet[Doubt], column: str) -> dict[str, int]:
    found = rows.order_by().values_list(column).annotate(n=Count("pk"))
    return {str(value): n for value, n in found}


def _states(rows: QuerySet[Doubt]) -> tuple[Choice, ...]:
    counts = _counted(rows, "status")
    live = sum(counts.get(status, 0) for status in LIVE)
    return tuple(
        Choice(name, label, live if name == "live" else counts.get(name, 0))
        for name, label in STATES.items()
    )


def _kinds(rows: QuerySet[Doubt]) -> tuple[Choice, ...]:
    counts = _counted(rows, "kind")
    return tuple(Choice(k, label, counts[k]) for k, label in KIND_LABELS.items() if k in counts)


def _units(rows: QuerySet[Doubt]) -> tuple[Choice, ...]:
    found = rows.order_by().values_list("commitment__lead", "commitment__lead__name")
    counted = found.annotate(n=Count("pk"))
    choices = [Choice(str(code), str(name), n) for code, name, n in counted if code]
    return tuple(sorted(choices, key=lambda each: (-each.count, each.value)))


def _asides(viewer: Viewer) -> Asides:
    watched = own_or_watched(viewer=viewer).filter(pk=OuterRef("evidence__commitment"))
    uses = PhotoUse.objects.filter(Exists(watched))
    broken = uses.exclude(photo__fault="").order_by("evidence")
    rows = broken.values_list("evidence_id", "evidence__commitment_id", "photo__fault")
    return Asides(
        faults=tuple(
            Aside(code, commitment, int(code.rpartition("/E")[2]), why)
            for code, commitment, why in rows[:MOST_ASIDE]
        ),
        fault_count=broken.count(),
        flat_count=uses.filter(photo__flat=True).count(),
    )


# ── one doubt ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class SeriesPoint:
    """A figure of the series that is shown as evidence."""

    report: str
    day: date
    value: str
    """Canonical decimal."""
    marked: bool
    """Whether it is what is asked about."""


@dataclass(frozen=True)
class Stated:
    """A figure under a commitment, as far as the viewer may know of it."""

    commitment: str
    """Empty for one that the viewer may not see."""
    title: str
    value: str
    """Canonical decimal; empty for one that the viewer may not see."""


@dataclass(frozen=True)
class EndDigit:
    """How many figures end in one digit."""

    digit: int
    count: int
    marked: bool


@dataclass(frozen=True)
class StoryLine:
    """One step, as told from the ledger."""

    at: datetime
    label: str
    who: str
    why: str
    texts: tuple[str, ...]
    """References of its texts whose erasure by law can still be asked for."""
    leaf_index: int | None


@dataclass(frozen=True)
class DoubtDetail:
    """One doubt with its evidence side by side."""

    row: DoubtRow
    version: int
    rules_name: str
    """File of the thresholds by which it was noticed."""
    rules_edition: str
    office: str
    """Name of the unit that decides."""
    photo: Picture | None
    other: Picture | None
    likeness: str
    """How like the two are; empty where no likeness is the question."""
    more: tuple[Picture, ...]
    skipped: int
    series: tuple[SeriesPoint, ...]
    unit: str
    """Of the figures."""
    target: str
    stated: tuple[Stated, ...]
    digits: tuple[EndDigit, ...]
    answer: str
    closing: str
    steps: tuple[str, ...]
    """What the viewer may do now: answer, close, reopen."""
    story: tuple[StoryLine, ...]
    """Newest first."""
    protects: bool
    """Whether the viewer may ask that texts of it be erased by law."""


def doubt(*, code: str, viewer: Viewer) -> DoubtDetail:
    """One doubt. Raises `UnknownDoubt` for one not to be seen."""
    row = _seen(viewer).filter(code=code).first()
    if row is None:
        raise UnknownDoubt(code)
    side = sides(commitments=[row.commitment_id], viewer=viewer)[row.commitment_id]
    facts: Mapping[str, Any] = row.facts
    seen = _pictures(facts, viewer) if row.kind in PHOTO_KINDS else {}
    said = _said([row.answer_text, row.closing_text])
    rules_name, _, edition = row.rules.partition("#")
    return DoubtDetail(
        row=_row(row),
        version=row.version,
        rules_name=rules_name,
        rules_edition=edition,
        office=side.office_name,
        photo=seen.get(facts.get("photo", "")),
        other=seen.get(facts.get("other", "")),
        likeness=likeness(facts) if row.kind == DoubtKind.PHOTO_REUSED else "",
        more=tuple(seen[each] for each in facts.get("more", ()) if each in seen),
        skipped=facts.get("skipped", 0),
        series=tuple(
            SeriesPoint(p["report"], date.fromisoformat(p["day"]), p["value"], p["marked"])
            for p in facts.get("series", ())
        ),
        unit=facts.get("unit", ""),
        target=facts.get("target", ""),
        stated=_stated(row.kind, facts, viewer),
        digits=_digits(row.kind, facts),
        answer=said.get(row.answer_text, ""),
        closing=said.get(row.closing_text, ""),
        steps=_steps(row, side),
        story=_story(row, viewer),
        protects=bool(row.answering_units & viewer.protector_of),
    )


def _pictures(facts: Mapping[str, Any], viewer: Viewer) -> dict[str, Picture]:
    codes = [facts["photo"], facts.get("other", ""), *facts.get("more", ())]
    return pictures_seen(evidence=[code for code in codes if code], viewer=viewer)


def _stated(kind: str, facts: Mapping[str, Any], viewer: Viewer) -> tuple[Stated, ...]:
    """The other commitments that are part of the evidence; what is closed stays closed."""
    found: Sequence[Mapping[str, str]] = facts.get("parts") or facts.get("same") or ()
    known = titles_seen(commitments=[each["commitment"] for each in found], viewer=viewer)
    value = facts.get("value", "")
    return tuple(
        Stated(each["commitment"], known[each["commitment"]], each.get("value", value))
        if each["commitment"] in known
        else Stated("", "", value if kind == DoubtKind.PASTED else "")
        for each in found
    )


def _digits(kind: str, facts: Mapping[str, Any]) -> tuple[EndDigit, ...]:
    if kind != DoubtKind.DIGITS:
        return ()
    return tuple(
        EndDigit(digit, count, digit == facts["digit"])
        for digit, count in enumerate(facts["counts"])
    )


def _steps(row: Doubt, side: Side) -> tuple[str, ...]:
    found = []
    if side.owes and row.status == DoubtStatus.OPEN:
        found.append("answer")
    if side.supervises:
        found.append("reopen" if row.status == DoubtStatus.CLOSED else "close")
    return tuple(found)


def _said(references: Iterable[str]) -> dict[str, str]:
    """The texts; of an erased one that it was erased."""
    wanted = [reference for reference in references if reference]
    found = texts(wanted)
    return {reference: found.get(reference, ERASED) for reference in wanted}


def _story(row: Doubt, viewer: Viewer) -> tuple[StoryLine, ...]:
    events = thread_events(row.subject)[::-1]
    given = {event.entry_id: _given(event) for event in events}
    references = [reference for some in given.values() for reference in some]
    said, there = _said(references), frozenset(texts(references))
    erasable = there - waiting(there).keys()
    people = names(actors=[event.actor for event in events], viewer=viewer)
    units, roles = public_unit_names(), public_roles()
    return tuple(
        StoryLine(
            at=event.at,
            label=VERB_LABELS[event.verb],
            who=_who(event, people, units, roles),
            why="；".join(said[reference] for reference in given[event.entry_id]),
            texts=tuple(r for r in given[event.entry_id] if r in erasable),
            leaf_index=event.leaf_index,
        )
        for event in events
    )


def _given(event: Event) -> list[str]:
    """The texts given with this very entry."""
    before, after = event.before, event.after
    return [str(after[c]) for c in TEXTS if after.get(c) and after.get(c) != before.get(c)]


def _who(
    event: Event, people: Mapping[str, str], units: Mapping[str, str], roles: Mapping[str, str]
) -> str:
    role, _, unit = event.capacity.partition(":")
    if not role:
        return "系统自动比对"
    duty = " ".join(filter(None, (units.get(unit, unit), roles.get(role, ""))))
    person = people.get(event.actor, "").strip("（）()")
    return f"{duty}（{person}）" if person else duty


# ── elsewhere ────────────────────────────────────────────────────────────────────────────────────


def doubts_of(*, commitment: str, viewer: Viewer) -> tuple[DoubtRow, ...]:
    """The doubts on one commitment that are not closed, newest first."""
    rows = _seen(viewer).filter(commitment=commitment, status__in=LIVE)
    return tuple(_row(row) for row in _newest_first(rows))


def to_do(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Doubts that the viewer's units have to answer, and answered ones for them to close."""
    del today  # nothing here has a day by which it is due
    answer = _seen(viewer).filter(status=DoubtStatus.OPEN, commitment__lead__in=viewer.officer_of)
    close = _seen(viewer).filter(
        status=DoubtStatus.ANSWERED, commitment__creditor_unit__in=viewer.supervisor_of
    )
    lines = [_to_do(row, "答复疑点") for row in _newest_first(answer)[:MOST]]
    found = list(_newest_first(close)[:MOST])
    known = sides(commitments={row.commitment_id for row in found}, viewer=viewer)
    judged = [row for row in found if known[row.commitment_id].supervises]
    return (*lines, *(_to_do(row, "核对疑点") for row in judged))


def _to_do(row: Doubt, what: str) -> ToDo:
    shown = _row(row)
    return ToDo(
        due=None,
        what=what,
        title=f"{shown.kind_label}：{shown.title}",
        under=shown.what,
        page="doubt",
        args=(row.code,),
    )


@dataclass(frozen=True)
class DoubtCount:
    """How many doubts of one kind a unit has."""

    unit: str
    kind: str
    open: int
    answered: int
    closed: int


def doubt_counts(*, viewer: Viewer) -> tuple[DoubtCount, ...]:
    """Doubts by unit and kind, as far as the viewer may see them."""
    rows = _seen(viewer).order_by().values_list("commitment__lead", "kind", "status")
    found: dict[tuple[str, str], dict[str, int]] = {}
    for unit, kind, status, n in rows.annotate(n=Count("pk")):
        if unit:
            found.setdefault((str(unit), kind), {})[status] = n
    return tuple(
        DoubtCount(
            unit=unit,
            kind=kind,
            open=counts.get(DoubtStatus.OPEN, 0),
            answered=counts.get(DoubtStatus.ANSWERED, 0),
            closed=counts.get(DoubtStatus.CLOSED, 0),
        )
        for (unit, kind), counts in sorted(found.items())
    )


# ── totals, for the one who runs the machine ─────────────────────────────────────────────────────


@dataclass(frozen=True)
class KindTotal:
    """How many doubts of one kind there are."""

    kind: str
    label: str
    states: Mapping[str, int]
    """State → how many; all three states."""


@dataclass(frozen=True)
class DoubtTotals:
    """Numbers without what they are about."""

    kinds: tuple[KindTotal, ...]
    photos: int
    broken: int
    flat: int

    def as_dict(self) -> dict[str, Any]:
        """As data, for `--json`."""
        return {
            "kinds": {each.kind: dict(each.states) for each in self.kinds},
            "photos": self.photos,
            "broken": self.broken,
            "flat": self.flat,
        }


def public_doubt_totals() -> DoubtTotals:
    """How many there are, by kind and state; nothing of what they are about or of whom they ask."""
    found: dict[str, dict[str, int]] = {}
    rows = Doubt.objects.order_by().values_list("kind", "status")
    for kind, status, n in rows.annotate(n=Count("pk")):
        found.setdefault(kind, dict.fromkeys(map(str, DoubtStatus), 0))[status] = n
    return DoubtTotals(
        kinds=tuple(
            KindTotal(kind, label, found[kind])
            for kind, label in KIND_LABELS.items()
            if kind in found
        ),
        photos=Photo.objects.count(),
        broken=Photo.objects.exclude(fault="").count(),
        flat=Photo.objects.filter(flat=True).count(),
    )
