"""What other packages may ask about rosters and about workbooks on their way in."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import BinaryIO

from django.db.models import Count

from yinuo.commitments.commands.assign import Persons
from yinuo.commitments.commands.register import NewDocument
from yinuo.commitments.queries.roster_states import RosterState, roster_states
from yinuo.commitments.words import UNDATED
from yinuo.goals.compare import Preview
from yinuo.goals.errors.plans import NotMapped, UnknownRoster, UnknownUpload
from yinuo.goals.models import Plan, PlanRow, Roster, Upload
from yinuo.goals.queries.plans import preview
from yinuo.goals.roster.annotate import annotate
from yinuo.goals.roster.book import Book, open_book
from yinuo.goals.roster.fields import BY_NAME
from yinuo.goals.roster.giveback import Added, give_back
from yinuo.goals.roster.layout import Layout
from yinuo.goals.roster.mapping import RosterMapping, from_json, likeness, signature
from yinuo.goals.roster.read import RosterRead, read_roster
from yinuo.goals.stored import plan as present
from yinuo.goals.stored import rosters as kept
from yinuo.goals.stored.rosters import LARGEST, Reading, Table
from yinuo.goals.workbook.check import Checked
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.ledger.history import texts
from yinuo.ledger.printed import public_printed
from yinuo.parties.viewer import NotAllowed, Viewer


@dataclass(frozen=True)
class RosterView:
    """A sheet that an office brought, and the plan that it feeds."""

    plan: str
    title: str
    office: str
    office_name: str
    rows: int
    """Rows of the plan."""
    sheet: str
    signature: str
    mapping: RosterMapping
    name: str
    """Of the last file that was taken in; empty once it was erased by law."""
    sha256: str
    taken_at: datetime

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Each column's header with the label of what it holds."""
        return tuple((column, BY_NAME[name].label) for column, name in self.mapping.columns.items())

    def mapping_for(self, table: Table) -> RosterMapping:
        """Its mapping for a table of the same shape that may stand elsewhere on its sheet."""
        return kept.fitted(self.mapping, table.layout)


@dataclass(frozen=True)
class UploadView:
    """A workbook on its way in."""

    number: int
    name: str
    size: int
    """Bytes."""
    sha256: str
    plan: str | None
    sheet: str
    """Empty until one was chosen."""
    mapping: RosterMapping | None
    """None until the columns were assigned."""
    created_at: datetime


def _require_office(viewer: Viewer) -> None:
    if not viewer.administrator_of:
        raise NotAllowed("只有督查单位的管理员可以使用台账")


def rosters(*, viewer: Viewer) -> tuple[RosterView, ...]:
    """The rosters of the offices that the viewer administers, the last taken in first.

    Raises `NotAllowed` for whoever administers nothing.
    """
    _require_office(viewer)
    found = list(
        Roster.objects.filter(plan__office__in=viewer.administrator_of)
        .select_related("plan__office")
        .annotate(rows=Count("plan__rows"))
        .order_by("-taken_at", "plan")
    )
    names = texts(row.name_text for row in found)
    return tuple(
        RosterView(
            plan=row.plan_id,
            title=row.plan.title,
            office=row.plan.office_id,
            office_name=row.plan.office.name,
            rows=row.rows,
            sheet=row.sheet,
            signature=row.signature,
            mapping=from_json(row.mapping),
            name=names.get(row.name_text, ""),
            sha256=row.sha256,
            taken_at=row.taken_at,
        )
        for row in found
    )


def roster(*, plan: str, viewer: Viewer) -> RosterView:
    """One roster. Raises `UnknownRoster` for one that the viewer may not see, and `NotAllowed`."""
    found = next((each for each in rosters(viewer=viewer) if each.plan == plan), None)
    if found is None:
        raise UnknownRoster(plan)
    return found


def uploads(*, viewer: Viewer) -> tuple[UploadView, ...]:
    """The viewer's own workbooks that are not taken in yet, the newest first."""
    _require_office(viewer)
    rows = Upload.objects.filter(owner=viewer.account_id).order_by("-created_at", "-pk")
    return tuple(
        UploadView(
            number=row.pk,
            name=row.name,
            size=row.size,
            sha256=row.sha256,
            plan=row.plan_id,
            sheet=row.sheet,
            mapping=from_json(row.mapping) if row.mapping else None,
            created_at=row.created_at,
        )
        for row in rows
    )


def upload(*, number: int, viewer: Viewer) -> UploadView:
    """One of the viewer's own uploads. Raises `UnknownUpload` and `NotAllowed`."""
    found = next((each for each in uploads(viewer=viewer) if each.number == number), None)
    if found is None:
        raise UnknownUpload(number)
    return found


@dataclass(frozen=True)
class Opened:
    """An upload with what is in it."""

    upload: UploadView
    format: str
    """What the file is by its content, in words."""
    tables: tuple[Table, ...]
    """The likeliest first."""
    headless: tuple[str, ...]
    """Names of the sheets in which no row looks like a header."""
    book: Book


def opened(*, number: int, store: FileStore, viewer: Viewer) -> Opened:
    """One of the viewer's uploads with its tables.

    Raises `UnknownUpload`, `NotAllowed`, `FileMissing`, and `SpreadsheetRefused` for a file that
    no reader opens.
    """
    found = upload(number=number, viewer=viewer)
    book = kept.book_of(found.sha256, file=found.name, store=store)
    tables = kept.tables(book)
    with_table = {table.layout.sheet for table in tables}
    return Opened(
        upload=found,
        format=book.format,
        tables=tables,
        headless=tuple(s.name for s in book.sheets if s.name not in with_table and s.height),
        book=book,
    )


def table_at(
    *, opened: Opened, sheet: str, header: tuple[int, int] | None, viewer: Viewer
) -> Table | None:
    """The table of one sheet of an upload, with the header where a person said it stands.

    None where the sheet is not there or no row of it looks like a header.
    """
    _require_office(viewer)
    return kept.table_at(opened.book, sheet=sheet, header=header)


@dataclass(frozen=True)
class Offer:
    """A table of an upload and the rosters whose way of reading fits it."""

    table: Table
    alike: tuple[RosterView, ...]
    """The last taken in first."""


def offers(*, opened: Opened, viewer: Viewer) -> tuple[Offer, ...]:
    """Each table with the viewer's rosters all of whose columns it has."""
    known = rosters(viewer=viewer)
    return tuple(
        Offer(table, tuple(each for each in known if likeness(table.layout, each.mapping) == 1))
        for table in opened.tables
    )


def mapping_in(*, book: Book, mapping: RosterMapping, viewer: Viewer) -> RosterMapping | None:
    """The mapping for the table of a book that has all of its columns; None where none has."""
    _require_office(viewer)
    return kept.refitted(mapping, kept.tables(book))


@dataclass(frozen=True)
class OfficePlan:
    """A plan whose office the viewer administers, with what a sheet for it need not say."""

    code: str
    title: str
    office: str
    document: NewDocument
    brought: bool
    """Whether it has a roster already."""


def office_plans(*, viewer: Viewer) -> tuple[OfficePlan, ...]:
    """The plans of the offices that the viewer administers, by code."""
    _require_office(viewer)
    rows = list(
        Plan.objects.filter(office__in=viewer.administrator_of)
        .annotate(rosters=Count("roster"))
        .order_by("code")
    )
    documents = present.documents(row.document_id for row in rows)
    return tuple(
        OfficePlan(
            code=row.code,
            title=row.title,
            office=row.office_id,
            document=documents[row.document_id],
            brought=bool(row.rosters),
        )
        for row in rows
    )


def plan_codes(*, viewer: Viewer) -> frozenset[str]:
    """The codes of all plans, which no new one may have. Raises `NotAllowed`."""
    _require_office(viewer)
    return frozenset(Plan.objects.values_list("pk", flat=True))


def office_documents(*, viewer: Viewer) -> tuple[NewDocument, ...]:
    """The documents on which the plans and promises of the viewer's offices rest, by code."""
    _require_office(viewer)
    offices = viewer.administrator_of
    plans = Plan.objects.filter(office__in=offices).values_list("document", flat=True)
    said = PlanRow.objects.filter(plan__office__in=offices, commitment__isnull=False)
    cited = said.values_list("commitment__document", flat=True).distinct()
    return tuple(present.documents({*plans, *cited}).values())


@dataclass(frozen=True)
class Check:
    """A workbook read as its columns were assigned."""

    name: str
    """Of the file."""
    sha256: str
    book: Book
    mapping: RosterMapping
    layout: Layout | None
    """Of the table; None where the sheet or its header is gone."""
    read: RosterRead

    @property
    def checked(self) -> Checked:
        """For the preview and the taking in."""
        return self.read.checked

    @property
    def persons(self) -> tuple[Persons, ...]:
        """Whom the rows name."""
        return tuple(
            Persons(commitment=code, leader=said.leader, liaison=said.liaison)
            for code, said in self.read.beside.items()
            if said.leader or said.liaison
        )

    @property
    def reading(self) -> Reading:
        """What to remember once it is taken in."""
        return Reading(
            sheet=self.mapping.sheet,
            signature=signature(self.layout) if self.layout else "",
            mapping=self.mapping.as_json(),
        )


def check(*, number: int, store: FileStore, viewer: Viewer, progress: Progress = silent) -> Check:
    """One of the viewer's uploads, checked cell by cell.

    Raises `UnknownUpload`, `NotAllowed`, `FileMissing`, `SpreadsheetRefused`, and `NotMapped`
    before its columns were assigned.
    """
    found = upload(number=number, viewer=viewer)
    if found.mapping is None:
        raise NotMapped(found.name)
    return _check(
        name=found.name,
        digest=found.sha256,
        mapping=found.mapping,
        store=store,
        viewer=viewer,
        progress=progress,
    )


def _check(
    *,
    name: str,
    digest: str,
    mapping: RosterMapping,
    store: FileStore,
    viewer: Viewer,
    progress: Progress,
) -> Check:
    book = kept.book_of(digest, file=name, store=store, progress=progress)
    return check_book(book=book, sha256=digest, mapping=mapping, viewer=viewer, progress=progress)


def check_book(
    *,
    book: Book,
    sha256: str,
    mapping: RosterMapping,
    viewer: Viewer,
    progress: Progress = silent,
) -> Check:
    """An opened workbook, checked cell by cell against what the viewer's offices have registered.

    Raises `NotAllowed` for whoever administers nothing.
    """
    _require_office(viewer)
    known = kept.known(mapping.defaults.plan, viewer.administrator_of)
    read = read_roster(book, mapping, known, sha256=sha256, progress=progress)
    header = (mapping.header_first, mapping.header_last)
    table = kept.table_at(book, sheet=mapping.sheet, header=header)
    return Check(
        name=book.file,
        sha256=sha256,
        book=book,
        mapping=mapping,
        layout=table.layout if table else None,
        read=read,
    )


def fingerprint(*, check: Check, found: Preview, viewer: Viewer) -> str:
    """64 hex digits that stand for a preview, what it was made of and who looked at it.

    Whoever confirms sends it back, and only what was looked at is carried out.
    """
    whole: list[Canonical] = [
        check.sha256,
        check.mapping.as_json(),
        asdict(found),
        viewer.actor,
    ]
    return hashlib.sha256(canonical_bytes(whole)).hexdigest()


def require_readable(*, file: BinaryIO, name: str, viewer: Viewer) -> None:
    """Raises `SpreadsheetRefused` for a file that no reader opens, and `NotAllowed`.

    Leaves the file where it was; one that is too large is for the command to refuse.
    """
    _require_office(viewer)
    start = file.tell()
    data = file.read(LARGEST + 1)
    file.seek(start)
    if len(data) <= LARGEST:
        open_book(data, file=name)


def annotated(*, data: bytes, check: Check, viewer: Viewer) -> bytes:
    """The workbook with what was found at each cell, refused edits included.

    `data` are the bytes that were checked. Raises `NotAllowed`.
    """
    errors, notices = check.checked.errors, check.checked.notices
    if check.checked.plan is not None:
        found = preview(file=check.checked, viewer=viewer)
        errors, notices = (*errors, *found.refused), (*notices, *found.held)
    return annotate(data, check.book, errors=errors, notices=notices)


@dataclass(frozen=True)
class Counts:
    """What taking in a sheet would do to its rows."""

    new: int
    asked: int
    """Rows that become requests for change."""
    held: int
    unchanged: int
    absent: int

    @classmethod
    def of(cls, check: Check, found: Preview) -> "Counts":
        """Of the rows alone, without units and documents."""
        asked = {ask.commitment for ask in found.asks}
        plan = check.checked.sound()
        rows = len(plan.content.commitments)
        return cls(
            new=len(found.commitments),
            asked=len(asked),
            held=len(found.held),
            unchanged=rows - len(found.commitments) - len(asked),
            absent=len(found.absent),
        )


@dataclass(frozen=True)
class Returned:
    """An office's own sheet with what Yinuo adds."""

    name: str
    """For the file."""
    data: bytes
    rows: int
    """With something added."""


def returned(
    *,
    plan: str,
    store: FileStore,
    viewer: Viewer,
    today: date,
    demo: bool,
    progress: Progress = silent,
) -> Returned:
    """The last file of a roster as it came, with state, deadlines and signatures beside each row.

    Raises `UnknownRoster`, `NotAllowed`, `FileMissing`.
    """
    found = roster(plan=plan, viewer=viewer)
    read = _check(
        name=found.name or f"{plan}.xlsx",
        digest=found.sha256,
        mapping=found.mapping,
        store=store,
        viewer=viewer,
        progress=progress,
    )
    if read.layout is None:
        raise UnknownRoster(plan)
    states = roster_states(codes=read.read.rows, viewer=viewer, today=today)
    printed = public_printed()
    proof = printed.code if printed else ""
    rows = {
        number: _added(states[code], proof)
        for code, number in read.read.rows.items()
        if code in states
    }
    with store.open(found.sha256) as file:
        data = give_back(
            file.read(), read.book, read.layout, rows=rows, as_of=today.isoformat(), demo=demo
        )
    return Returned(f"{found.title}（取回 {today.isoformat()}）.xlsx", data, len(rows))


def _added(state: RosterState, proof: str) -> Added:
    reported = ""
    if state.report_date:
        said = " ".join(part for part in (state.report_value, state.report_note) if part)
        reported = f"{state.report_date}：{said}"
    return Added(
        identity=state.code,
        status=state.state,
        due=state.due.isoformat() if state.due else UNDATED,
        due_original=state.due_original.isoformat() if state.due_original else UNDATED,
        moved_count=str(state.moved_count),
        signed=state.signed.text,
        latest=reported,
        share=state.share,
        waits="\n".join(held.text for held in state.held),
        proof=proof,
    )
