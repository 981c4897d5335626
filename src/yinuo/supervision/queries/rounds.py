"""Rounds as offices and units see them: who reported, who is late, what is still to be filled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet

from yinuo.commitments.life import Outcome, Status
from yinuo.commitments.queries.asking import Known, Said, known, said
from yinuo.commitments.words import outcome_label
from yinuo.ledger.history import texts
from yinuo.parties.queries import names as people_named
from yinuo.parties.queries import public_parent, public_unit_names
from yinuo.parties.viewer import Viewer
from yinuo.supervision.errors.rounds import UnknownRound, UnknownSheet
from yinuo.supervision.models import Asked, Round, Sheet
from yinuo.supervision.queries.burden import burden_of_round
from yinuo.supervision.rounds.burden import Burden
from yinuo.supervision.rounds.life import (
    LINE_LABELS,
    ROUND_LABELS,
    SORT_LABELS,
    LineState,
    RoundSort,
    RoundState,
    Twice,
)
from yinuo.supervision.todo import ToDo

PAGE = 50
"""Lines of one page of a sheet."""
MOST_ROUNDS = 200
IN = (Status.DELIVERED, Status.KEPT)
TWICE_WORDS = {Twice.HELD: "已有截至日之后的进展", Twice.ASKED: "别期同月也在要"}
SHOWN = {"": "全部", "todo": "要填的", "returned": "退回的", "answered": "已报的"}
"""Which lines of a sheet to show."""
IN_ORDER = (F("commitment__due").asc(nulls_last=True), F("commitment"))


def _offices(viewer: Viewer) -> frozenset[str]:
    """The offices all of whose rounds the viewer may read."""
    return viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of


def _rounds(viewer: Viewer) -> QuerySet[Round]:
    """The rounds a viewer may know of: of one's office, and those that ask one's unit."""
    if not viewer.signed_in:
        return Round.objects.none()
    asked = Sheet.objects.filter(commitment__lead__in=viewer.officer_of)
    own = Asked.objects.filter(commitment__lead__in=viewer.officer_of)
    seen = Q(office__in=_offices(viewer))
    if viewer.officer_of:
        seen |= Q(pk__in=asked.values("round")) | Q(pk__in=own.values("round"))
    return Round.objects.filter(seen)


# ── the list ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class RoundLine:
    """One round as a line of the list."""

    code: str
    title: str
    sort_label: str
    office: str
    office_name: str
    as_of_date: date
    due: date
    status: str
    label: str
    sheets: int
    """Of the whole round for its office, else of the viewer's units."""
    handed_in: int
    late: int
    """Not in and past the last day, or handed in after it."""


def _line(row: Round, counts: Mapping[str, tuple[int, int, int]]) -> RoundLine:
    sheets, handed_in, late = counts.get(row.pk, (0, 0, 0))
    return RoundLine(
        code=row.code,
        title=row.title,
        sort_label=SORT_LABELS[RoundSort(row.sort)],
        office=row.office_id,
        office_name=row.office.name,
        as_of_date=row.as_of_date,
        due=row.due,
        status=row.status,
        label=ROUND_LABELS[RoundState(row.status)],
        sheets=sheets,
        handed_in=handed_in,
        late=late,
    )


def _is_late(today: date) -> Q:
    """Sheets that are late: still out, or in after their last day."""
    out = Q(commitment__status=Status.OPEN, commitment__due__lt=today)
    return out | Q(commitment__delivered_date__gt=F("commitment__due"))


def rounds(*, viewer: Viewer, today: date) -> tuple[RoundLine, ...]:
    """The rounds that the viewer may know of, the latest first."""
    rows = list(_rounds(viewer).select_related("office").order_by("-opened_at", "-pk"))[
        :MOST_ROUNDS
    ]
    offices = _offices(viewer)
    seen = Q(round__office__in=offices) | Q(commitment__lead__in=viewer.officer_of)
    sheets = Sheet.objects.filter(seen, round__in=[row.pk for row in rows]).order_by()
    counted = sheets.values_list("round").annotate(
        n=Count("pk"),
        handed=Count("pk", filter=Q(commitment__status__in=IN)),
        late=Count("pk", filter=_is_late(today)),
    )
    counts = {code: (n, handed, late) for code, n, handed, late in counted}
    return tuple(_line(row, counts) for row in rows)


# ── one round ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class SheetLine:
    """How one unit stands in a round."""

    code: str
    unit: str
    unit_name: str
    asked_name: str
    """Of the unit that was asked, where another answers in its place by now; else empty."""
    due: date | None
    lines: int
    answered: int
    returned: int
    needless: int
    """Lines not answered that need no answer here: merged, ended or transferred."""
    status: str
    label: str
    late_days: int
    """Days after the last one, so far or when it was handed in; 0 in time."""
    delivered_date: date | None
    may_open: bool
    """Whether the viewer may look into the sheet."""
    may_judge: bool

    @property
    def missing(self) -> int:
        """Lines still to be answered by this unit."""
        return self.lines - self.answered - self.needless


@dataclass(frozen=True)
class RoundPage:
    """One round whole."""

    line: RoundLine
    opened_at: datetime
    opened_by: str
    note: str
    overruled: str
    """Why it was opened although it asks too much."""
    burden: Burden
    held: int
    """Fields asked for that were held already."""
    asked: int
    """Fields asked for that another round was asking for."""
    burden_edition: int
    sheets: tuple[SheetLine, ...]
    """Late ones first, then those still out, then those to be checked, then the accepted."""
    reopening_by: str
    """Name of the person who asks to open it again; empty while nobody does."""
    reopening_reason: str
    """Why it is, or was last, to be opened again."""
    reopened_count: int
    directs: bool
    """Whether the viewer supervises for the office."""
    may_decide_reopening: bool
    own_reopening: bool
    """Whether the viewer asked for it and so must wait for another person."""

    @property
    def is_closed(self) -> bool:
        """Whether nothing is reported into it any more."""
        return self.line.status == RoundState.CLOSED

    def count(self, *statuses: str) -> int:
        """How many sheets are in one of these states."""
        return sum(sheet.status in statuses for sheet in self.sheets)

    @property
    def waiting(self) -> int:
        """Sheets to be checked."""
        return self.count(Status.DELIVERED)

    @property
    def acceptable(self) -> tuple[str, ...]:
        """Codes of the sheets that the viewer may accept."""
        return tuple(s.code for s in self.sheets if s.may_judge and s.status == Status.DELIVERED)

    @property
    def accepted(self) -> int:
        """Sheets accepted."""
        return self.count(Status.KEPT)

    @property
    def partly(self) -> int:
        """Sheets still out with some lines answered."""
        return sum(s.status == Status.OPEN and s.answered > 0 for s in self.sheets)

    @property
    def nothing(self) -> int:
        """Sheets still out with no line answered."""
        return sum(s.status == Status.OPEN and not s.answered for s in self.sheets)

    @property
    def late(self) -> int:
        """Sheets late, in or out."""
        return sum(s.late_days > 0 for s in self.sheets)


def round_page(*, code: str, viewer: Viewer, today: date) -> RoundPage:
    """One round. Units see their own sheets, and all of them once it is released.

    Raises `UnknownRound`.
    """
    row = _rounds(viewer).select_related("office").filter(pk=code).first()
    if row is None:
        raise UnknownRound(code)
    watches = row.office_id in _offices(viewer)
    sheets = Sheet.objects.filter(round=row).select_related("commitment__lead", "unit_asked")
    if not watches and row.status == RoundState.OPEN:
        mine = Asked.objects.filter(round=row, commitment__lead__in=viewer.officer_of)
        own = Q(commitment__lead__in=viewer.officer_of) | Q(pk__in=mine.values("sheet"))
        sheets = sheets.filter(own)
    lines = _sheet_lines(sheets, viewer, today, watches=watches)
    directs = row.office_id in viewer.supervisor_of
    people = people_named(actors=[row.opened_by, row.reopening_by], viewer=viewer)
    words = texts(filter(None, (row.note_text, row.overruled_text, row.reopening_text)))
    asked = burden_of_round(code=code, viewer=viewer)
    own_reopening = bool(row.reopening_by) and row.reopening_by == viewer.actor
    late = sum(line.late_days > 0 for line in lines)
    handed = sum(line.status in IN for line in lines)
    return RoundPage(
        line=_line(row, {row.pk: (len(lines), handed, late)}),
        opened_at=row.opened_at,
        opened_by=people.get(row.opened_by, ""),
        note=words.get(row.note_text, ""),
        overruled=words.get(row.overruled_text, ""),
        burden=asked.total,
        held=asked.held,
        asked=asked.asked,
        burden_edition=row.burden_edition,
        sheets=tuple(sorted(lines, key=_urgency)),
        reopening_by=people.get(row.reopening_by, "") if row.reopening_by else "",
        reopening_reason=words.get(row.reopening_text, ""),
        reopened_count=row.reopened_count,
        directs=directs,
        may_decide_reopening=directs and bool(row.reopening_by) and not own_reopening,
        own_reopening=own_reopening,
    )


def _urgency(sheet: SheetLine) -> tuple[int, int, str]:
    order = {Status.OPEN: 0, Status.DELIVERED: 1}
    return order.get(Status(sheet.status), 2), -sheet.late_days, sheet.unit


def _sheet_lines(
    sheets: QuerySet[Sheet], viewer: Viewer, today: date, *, watches: bool
) -> list[SheetLine]:
    found = list(sheets)
    gone = ~Q(commitment__status=Status.OPEN) | ~Q(commitment__lead=F("sheet__commitment__lead"))
    grouped = Asked.objects.filter(sheet__in=[s.pk for s in found]).order_by().values("sheet")
    counts = {
        row["sheet"]: {
            "n": int(row["n"]),
            "answered": int(row["answered"]),
            "returned": int(row["returned"]),
            "needless": int(row["needless"]),
        }
        for row in grouped.annotate(
            n=Count("pk"),
            answered=Count("pk", filter=Q(status=LineState.ANSWERED)),
            returned=Count("pk", filter=Q(status=LineState.RETURNED)),
            needless=Count("pk", filter=gone & ~Q(status=LineState.ANSWERED)),
        )
    }
    return [_sheet_line(s, counts[s.pk], viewer, today, watches=watches) for s in found]


def _sheet_line(
    row: Sheet, counts: Mapping[str, int], viewer: Viewer, today: date, *, watches: bool
) -> SheetLine:
    promise = row.commitment
    lead = str(promise.lead_id)
    debtors = {lead, public_parent(lead)} - {None}
    return SheetLine(
        code=promise.code,
        unit=lead,
        unit_name=promise.lead.name if promise.lead else "",
        asked_name=row.unit_asked.name if row.unit_asked_id != lead else "",
        due=promise.due,
        lines=counts["n"],
        answered=counts["answered"],
        returned=counts["returned"],
        needless=counts["needless"],
        status=promise.status,
        label=_label(row, counts),
        late_days=_late_days(promise.due, promise.delivered_date, promise.status, today),
        delivered_date=promise.delivered_date,
        may_open=watches or lead in viewer.officer_of,
        may_judge=watches
        and promise.creditor_unit_id in viewer.supervisor_of
        and not debtors & viewer.held_for,
    )


def _label(row: Sheet, counts: Mapping[str, int]) -> str:
    """How a sheet stands, in words."""
    promise = row.commitment
    if promise.status == Status.DELIVERED:
        return "待审核"
    if promise.status == Status.KEPT:
        late = promise.outcome == Outcome.KEPT_LATE
        return "已通过（迟报）" if late else "已通过"
    if promise.status != Status.OPEN:
        return outcome_label(promise.outcome) or "终止"
    if row.returned_text:
        return "已退回补充"
    needed = counts["n"] - counts["needless"]
    if not counts["answered"]:
        return "未填"
    return "填完未提交" if counts["answered"] >= needed else "部分填报"


def _late_days(due: date | None, delivered: date | None, status: str, today: date) -> int:
    end = delivered or (today if status == Status.OPEN else None)
    return max((end - due).days, 0) if due and end else 0


# ── one sheet ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Line:
    """One commitment on a sheet."""

    commitment: str
    number: int
    """Place on the whole sheet, from 1."""
    known: Known | None
    """None where the viewer may not see the commitment any more."""
    status: str
    label: str
    answer: Said | None
    """The report that answers; of a returned line the one that did not do."""
    reason: str
    """Why it was returned."""
    held: Said | None
    """A report of the day asked about or later, which needs only to be confirmed."""
    twice: str
    obstacle: str
    """Why it cannot be filled in here any more; empty where it can."""
    may_fill: bool

    @property
    def is_answered(self) -> bool:
        """Whether it is reported."""
        return self.status == LineState.ANSWERED


@dataclass(frozen=True)
class SheetPage:
    """A unit's sheet with a page of its lines."""

    round: RoundLine
    note: str
    """What the office wants units to heed."""
    sheet: SheetLine
    version: int
    """Of the commitment that the sheet is."""
    lines: tuple[Line, ...]
    total: int
    """Lines under the filter."""
    pages: int
    page: int
    show: str
    counts: Mapping[str, int]
    """How many each of `SHOWN` would list."""
    remark: str
    """What was said with the last step: the reason of a return, the note of a handing in."""
    answers: bool
    """Whether the viewer reports for the unit of the sheet."""
    may_fill: bool
    may_hand_in: bool
    directs: bool
    """Whether the viewer supervises for the office."""


def sheet_page(
    *,
    code: str,
    viewer: Viewer,
    today: date,
    show: str = "",
    page: int = 1,
    size: int = PAGE,
    codes: Sequence[str] = (),
) -> SheetPage:
    """A sheet as its unit fills it and the office checks it. Raises `UnknownSheet`.

    `size` 0 gives every line at once, `codes` the lines of these commitments. A unit that only
    took over single commitments sees those.
    """
    rows = Sheet.objects.select_related("commitment__lead", "unit_asked", "round__office")
    row = rows.filter(pk=code).first() if viewer.signed_in else None
    if row is None:
        raise UnknownSheet(code)
    watches = row.round.office_id in _offices(viewer)
    answers = row.commitment.lead_id in viewer.officer_of
    asked = Asked.objects.filter(sheet=row)
    if not watches and not answers:
        asked = asked.filter(commitment__lead__in=viewer.officer_of)
        if not asked.exists():
            raise UnknownSheet(code)
    live = row.round.status != RoundState.CLOSED
    counts = _line_counts(asked)
    shown = asked.filter(commitment__in=codes) if codes else _show(asked, show)
    found = list(shown.order_by(*IN_ORDER).select_related("commitment"))
    pages = max(-(-len(found) // size), 1) if size else 1
    page = min(max(page, 1), pages)
    first = (page - 1) * size
    some = found[first : first + size] if size else found
    (line,) = _sheet_lines(
        Sheet.objects.filter(pk=row.pk).select_related("commitment__lead", "unit_asked"),
        viewer,
        today,
        watches=watches,
    )
    words = texts(filter(None, (row.round.note_text, row.commitment.remark_text)))
    return SheetPage(
        round=_line(row.round, {}),
        note=words.get(row.round.note_text, ""),
        sheet=line,
        version=row.commitment.version,
        lines=_lines(some, row, viewer, today, first=first),
        total=len(found),
        pages=pages,
        page=page,
        show=show,
        counts=counts,
        remark=words.get(row.commitment.remark_text, ""),
        answers=answers,
        may_fill=live and any(_may_fill(each, row, viewer) for each in found),
        may_hand_in=live and answers and row.commitment.status == Status.OPEN,
        directs=row.round.office_id in viewer.supervisor_of,
    )


TO_DO = Q(commitment__status=Status.OPEN) & ~Q(status=LineState.ANSWERED)
"""Lines that still have to be answered by whoever owes them now."""


def _show(asked: QuerySet[Asked], show: str) -> QuerySet[Asked]:
    wanted = {
        "todo": TO_DO,
        "returned": Q(status=LineState.RETURNED),
        "answered": Q(status=LineState.ANSWERED),
    }
    return asked.filter(wanted.get(show, Q()))


def _line_counts(asked: QuerySet[Asked]) -> Mapping[str, int]:
    counted = asked.order_by().aggregate(
        n_=Count("pk"),
        n_todo=Count("pk", filter=TO_DO),
        n_returned=Count("pk", filter=Q(status=LineState.RETURNED)),
        n_answered=Count("pk", filter=Q(status=LineState.ANSWERED)),
    )
    return {name: counted[f"n_{name}"] for name in SHOWN}


def _may_fill(line: Asked, row: Sheet, viewer: Viewer) -> bool:
    promise = line.commitment
    if promise.lead_id not in viewer.officer_of or promise.status != Status.OPEN:
        return False
    own = promise.lead_id == row.commitment.lead_id
    return not own or row.commitment.status == Status.OPEN


def _lines(
    some: Sequence[Asked], row: Sheet, viewer: Viewer, today: date, *, first: int
) -> tuple[Line, ...]:
    as_of = row.round.as_of_date
    codes = [line.commitment_id for line in some]
    facts = known(codes=codes, as_of=as_of, today=today, viewer=viewer)
    reports = said(reports=[line.report_id for line in some if line.report_id], viewer=viewer)
    reasons = texts(line.reason_text for line in some if line.reason_text)
    units = public_unit_names()
    live = row.round.status != RoundState.CLOSED
    found = []
    for number, line in enumerate(some, start=first + 1):
        about = facts.get(line.commitment_id)
        last = about.last if about else None
        found.append(
            Line(
                commitment=line.commitment_id,
                number=number,
                known=about,
                status=line.status,
                label=LINE_LABELS[LineState(line.status)],
                answer=reports.get(line.report_id or ""),
                reason=reasons.get(line.reason_text, ""),
                held=last if last and last.as_of_date >= as_of else None,
                twice=TWICE_WORDS[Twice(line.twice)] if line.twice else "",
                obstacle=_obstacle(line, row, about, units),
                may_fill=live and _may_fill(line, row, viewer),
            )
        )
    return tuple(found)


def _obstacle(line: Asked, row: Sheet, about: Known | None, units: Mapping[str, str]) -> str:
    promise = line.commitment
    if promise.merged_into_id:
        into = f" {about.merged_into}" if about and about.merged_into else "另一项承诺"
        return f"已并入{into}，不必在这里报"
    if promise.lead_id != row.commitment.lead_id:
        name = units.get(str(promise.lead_id), "其他单位")
        return f"已移交{name}，由{name}报送"
    if promise.status != Status.OPEN and line.status != LineState.ANSWERED:
        return f"{about.status_label if about else '已结束'}，不必再报"
    return ""


# ── the inbox ────────────────────────────────────────────────────────────────────────────────────


def to_do(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """What waits for the viewer in rounds: sheets to fill, to check, rounds to close."""
    return (
        *_to_report(viewer),
        *_to_take_over(viewer),
        *_to_check(viewer),
        *_to_end(viewer, today),
    )


def _to_report(viewer: Viewer) -> list[ToDo]:
    if not viewer.officer_of:
        return []
    rows = Sheet.objects.filter(
        commitment__lead__in=viewer.officer_of, commitment__status=Status.OPEN
    )
    live = rows.exclude(round__status=RoundState.CLOSED)
    return [
        ToDo(
            due=row.commitment.due,
            what="补报" if row.returned_text else "报送",
            title=row.round.title,
            under=f"{row.round.code} · {row.round.office.name}"
            + (" · 退回补充" if row.returned_text else ""),
            page="round_sheet",
            args=(row.pk,),
        )
        for row in live.select_related("commitment", "round__office").order_by("commitment__due")
    ]


def _to_take_over(viewer: Viewer) -> list[ToDo]:
    """Lines of other units' sheets whose commitments went to the viewer's unit meanwhile."""
    if not viewer.officer_of:
        return []
    rows = Asked.objects.filter(
        commitment__lead__in=viewer.officer_of, commitment__status=Status.OPEN
    ).exclude(status=LineState.ANSWERED)
    passed = rows.exclude(sheet__commitment__lead__in=viewer.officer_of)
    live = passed.exclude(round__status=RoundState.CLOSED).order_by()
    counted = live.values_list("sheet", "round__title", "round__due", "round").annotate(
        n=Count("pk")
    )
    return [
        ToDo(
            due=due,
            what="报送",
            title=title,
            under=f"{code} · 移交过来的 {n:,} 项",
            page="round_sheet",
            args=(sheet,),
        )
        for sheet, title, due, code, n in counted
    ]


def _to_check(viewer: Viewer) -> list[ToDo]:
    if not viewer.supervisor_of:
        return []
    rows = Sheet.objects.filter(
        round__office__in=viewer.supervisor_of, commitment__status=Status.DELIVERED
    )
    # Nobody judges a unit in which they hold a duty.
    judged = rows.exclude(commitment__lead__in=viewer.held_for).order_by()
    counted = judged.values_list("round", "round__title").annotate(n=Count("pk"))
    return [
        ToDo(
            due=None,
            what="审核",
            title=title,
            under=f"{code} · {n:,} 张报送表等待审核",
            page="round",
            args=(code,),
        )
        for code, title, n in counted
    ]


def _to_end(viewer: Viewer, today: date) -> list[ToDo]:
    if not viewer.supervisor_of:
        return []
    own = Round.objects.filter(office__in=viewer.supervisor_of)
    past = own.exclude(status=RoundState.CLOSED).filter(due__lt=today)
    ending = [
        ToDo(
            due=row.due,
            what="关闭" if row.status == RoundState.RELEASED else "发布、关闭",
            title=row.title,
            under=f"{row.code} · 报送时限已过",
            page="round",
            args=(row.code,),
        )
        for row in past.order_by("due")
    ]
    asked = own.exclude(reopening_by="").exclude(reopening_by=viewer.actor)
    return ending + [
        ToDo(
            due=None,
            what="决定",
            title=f"重新打开 {row.title}",
            under=row.code,
            page="round",
            args=(row.code,),
        )
        for row in asked.order_by("pk")
    ]
