"""Contested figures as people read them: both figures side by side, and what was decided."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models.functions import Length

from yinuo.commitments.queries.contestable import OBSERVED_LABELS, PROMISED_LABELS
from yinuo.commitments.story import Told, told
from yinuo.commitments.wording import short_wording
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.media.formats import BY_MEDIA_TYPE
from yinuo.kernel.media.names import download_name
from yinuo.ledger.erased import erased
from yinuo.ledger.history import thread_events
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer
from yinuo.supervision.contest_life import STATUS_LABELS, VERBS, ContestStatus
from yinuo.supervision.contesting import (
    COMMITMENT,
    OBSERVATION,
    RACE,
    WORDS,
    decides,
    visible_contests,
)
from yinuo.supervision.errors.contests import NotContestable, UnknownContest
from yinuo.supervision.models import Contest, ContestFile
from yinuo.supervision.queries.contestable import contestable
from yinuo.supervision.todo import ToDo

MOST_LISTED = 200
LABELS: Mapping[str, Mapping[str, str]] = {
    COMMITMENT: PROMISED_LABELS,
    OBSERVATION: OBSERVED_LABELS,
    RACE: {},
}
"""Kind of subject → what its figures are called; those of a race by their indicator."""
STATES = {"": "待决定", "ended": "已有结果"}
"""The filters of the list."""


@dataclass(frozen=True)
class ContestView:
    """One contested figure."""

    code: str
    unit_name: str
    office_name: str
    about: str
    about_word: str
    about_code: str
    page: str
    """Name of the address of what it is about, and what it takes."""
    args: tuple[str, ...]
    field: str
    figure: str
    own_figure: str
    due: date
    filed_date: date
    late: bool
    status: str
    state: str
    decided_date: date | None


def _view(row: Contest, today: date) -> ContestView:
    kind, _, key = row.about.partition(":")
    page, args = {
        COMMITMENT: ("commitment", (key,)),
        OBSERVATION: ("observations", ()),
        RACE: ("race_unit", tuple(key.split("/", 1))),
    }[kind]
    units = public_unit_names()
    return ContestView(
        code=row.code,
        unit_name=units[row.unit_id],
        office_name=units[row.office_id],
        about=row.about,
        about_word=WORDS[kind],
        about_code=key,
        page=page,
        args=args,
        field=LABELS[kind].get(row.field, row.field),
        figure=row.figure,
        own_figure=row.own_figure,
        due=row.due,
        filed_date=row.filed_date,
        late=(row.decided_date or today) > row.due,
        status=row.status,
        state=STATUS_LABELS[ContestStatus(row.status)],
        decided_date=row.decided_date,
    )


def contests(*, viewer: Viewer, today: date, state: str = "") -> tuple[ContestView, ...]:
    """Those the viewer may see: open ones by the day they are due, ended ones the last first."""
    if not viewer.signed_in:
        return ()
    rows = Contest.objects.filter(visible_contests(viewer))
    if state == "ended":
        rows = rows.exclude(status=ContestStatus.OPEN).order_by("-decided_date", "-code")
    else:
        rows = rows.filter(status=ContestStatus.OPEN).order_by("due", "code")
    return tuple(_view(row, today) for row in rows[:MOST_LISTED])


def contests_about(
    *, subjects: Collection[str], viewer: Viewer, today: date
) -> Mapping[str, tuple[ContestView, ...]]:
    """Subject, such as `observation:OB-1` → the figures of it that stand contested.

    For pages that show the official figure, so that the other stands beside it until it is decided.
    """
    if not viewer.signed_in:
        return {}
    rows = Contest.objects.filter(
        visible_contests(viewer), about__in=set(subjects), status=ContestStatus.OPEN
    )
    found: dict[str, list[ContestView]] = {}
    for row in rows.order_by("code"):
        found.setdefault(row.about, []).append(_view(row, today))
    return {about: tuple(views) for about, views in found.items()}


@dataclass(frozen=True)
class ContestFileView:
    """A file that shows the unit's figure."""

    number: int
    name: str
    label: str
    size: int
    gone: bool


@dataclass(frozen=True)
class ContestDetail:
    """A contest whole."""

    view: ContestView
    title: str
    """Of what it is about; empty where the viewer may not read that any more."""
    now: str
    """The official figure as it is shown today; empty where there is none."""
    reason: str
    source: str
    decision: str
    correction: str
    files: tuple[ContestFileView, ...]
    terms_edition: int
    may_decide: bool
    may_withdraw: bool
    story: tuple[Told, ...]
    version: int


def _fetch(code: str, viewer: Viewer) -> Contest:
    rows = Contest.objects.filter(code=code)
    row = rows.filter(visible_contests(viewer)).first() if viewer.signed_in else None
    if row is None:
        raise UnknownContest(code)
    return row


def contest(*, code: str, viewer: Viewer, today: date, store: FileStore) -> ContestDetail:
    """One contest. Raises `UnknownContest` for one not to be seen."""
    row = _fetch(code, viewer)
    title = now = ""
    try:
        held = contestable(about=row.about, viewer=viewer, today=today, store=store)
    except NotContestable:
        held = None  # merged, withdrawn or out of sight: what was contested stands in the row
    if held is not None:
        title, figure = held.title, held.figure(row.field)
        now = figure.shown if figure else ""
    said = short_wording([row.reason_text, row.source_text, row.decision_text, row.correction_text])
    is_open = row.status == ContestStatus.OPEN
    return ContestDetail(
        view=_view(row, today),
        title=title,
        now=now,
        reason=said[row.reason_text],
        source=said[row.source_text],
        decision=said.get(row.decision_text, ""),
        correction=said.get(row.correction_text, ""),
        files=_files(list(row.files.order_by(Length("code"), "code"))),
        terms_edition=row.terms_edition,
        may_decide=is_open and decides(row, viewer),
        may_withdraw=is_open and row.unit_id in viewer.officer_of,
        story=told(thread_events(row.subject)[::-1], VERBS, viewer),
        version=row.version,
    )


def _files(rows: Sequence[ContestFile]) -> tuple[ContestFileView, ...]:
    known, gone = short_wording(r.name_text for r in rows), erased(r.file_text for r in rows)
    return tuple(
        ContestFileView(
            number=int(row.code.rpartition("/F")[2]),
            name=known[row.name_text],
            label=BY_MEDIA_TYPE[row.media_type].label,
            size=row.size,
            gone=row.file_text in gone,
        )
        for row in rows
    )


@dataclass(frozen=True)
class ContestServing:
    """A file as it may be served."""

    sha256: str
    media_type: str
    name: str


def contest_file(*, code: str, number: int, viewer: Viewer) -> ContestServing:
    """A file of a contest that the viewer may see. Raises `UnknownContest`."""
    row = _fetch(code, viewer)
    found = row.files.filter(code=f"{code}/F{number}").first()
    if found is None or erased([found.file_text]):
        raise UnknownContest(f"{code}/F{number}")
    name = short_wording([found.name_text])[found.name_text]
    return ContestServing(
        found.sha256, found.media_type, download_name(name, BY_MEDIA_TYPE[found.media_type])
    )


def to_do(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Contests that wait for the viewer's decision, by the day they are due."""
    if not viewer.supervisor_of:
        return ()
    rows = Contest.objects.filter(office__in=viewer.supervisor_of, status=ContestStatus.OPEN)
    return tuple(
        ToDo(
            due=row.due,
            what="决定异议",
            title=f"{view.unit_name}：{view.field} {view.figure} → {view.own_figure}",
            under=f"{view.about_word} {view.about_code}",
            page="contest",
            args=(row.code,),
        )
        for row in rows.order_by("due", "code")
        if decides(row, viewer)
        for view in [_view(row, today)]
    )
