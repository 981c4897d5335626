"""Taking a case in: by the applicant online, or by the window."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from yinuo.cases.access.cases import as_applicant
from yinuo.cases.clocks import RECEIVED, tell_by
from yinuo.cases.commands.applicants import NewApplicant, applicant_faults, put_applicant
from yinuo.cases.commands.materials import (
    Choice,
    KeptFile,
    choice_faults,
    keep_files,
    put_materials,
)
from yinuo.cases.commands.rows import (
    Faults,
    next_code,
    put_event,
    recompute,
    said_faults,
    time_faults,
)
from yinuo.cases.in_force.items import item_version_in_force
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.life import Channel, EventKind
from yinuo.cases.models import Case, CaseEvent, ItemVersion
from yinuo.cases.stored.cases import definition_of
from yinuo.cases.tracks import new_track, track_mark
from yinuo.commitments.errors import Invalid
from yinuo.content.calendars import working_calendar
from yinuo.kernel.calendar import OutsideHorizon
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.notices.commands.tell import Telling, tell
from yinuo.parties.viewer import NotAllowed, Viewer

LONGEST_ABOUT = 2_000


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the applicant takes home. The code to find it again is shown here and never more."""

    code: str
    """办件编号."""
    track: str
    """查询码."""


@dataclass(frozen=True, kw_only=True)
class Coming:
    """A case that is still to be written."""

    version: ItemVersion
    applicant: NewApplicant
    about: str
    choices: Mapping[str, Choice]
    received_at: datetime
    simulated: bool
    kept: Mapping[str, KeptFile] = field(default_factory=dict)

    @property
    def item(self) -> ItemDefinition:
        """What the item says."""
        return definition_of(self.version)


def apply(
    *,
    item: str,
    applicant: NewApplicant,
    about: str,
    choices: Mapping[str, Choice],
    store: FileStore,
    at: datetime,
    happened_at: datetime | None = None,
    simulated: bool = False,
) -> Receipt:
    """Apply online for an item in force today (`case.applied`); anyone may.

    `choices` by key of the material; a missing key counts as `none`. Every required document
    needs a choice other than `none`. Raises `UnknownItem`, and `Invalid` with every fault: fields
    `kind`, `name`, `number`, `contact`, `about`, `happened_at`, `material-<key>`.
    """
    coming = looked_at_online(
        item=item,
        applicant=applicant,
        about=about,
        choices=choices,
        store=store,
        at=at,
        happened_at=happened_at,
        simulated=simulated,
    )
    return apply_looked_at(coming=coming, at=at)


def looked_at_online(
    *,
    item: str,
    applicant: NewApplicant,
    about: str,
    choices: Mapping[str, Choice],
    store: FileStore,
    at: datetime,
    happened_at: datetime | None = None,
    simulated: bool = False,
) -> Coming:
    """An application that was checked, its files on the disk; nothing of it is written yet.

    Raises as `apply`.
    """
    coming = Coming(
        version=item_version_in_force(item, civil_date(happened_at or at)),
        applicant=applicant,
        about=about,
        choices=choices,
        received_at=happened_at or at,
        simulated=simulated,
    )
    return _looked_at(coming, store=store, at=at, online=True)


def take_in(
    *,
    item: str,
    window: str,
    applicant: NewApplicant,
    about: str,
    choices: Mapping[str, Choice],
    store: FileStore,
    by: Viewer,
    at: datetime,
    happened_at: datetime | None = None,
    joint: str | None = None,
    simulated: bool = False,
) -> Receipt:
    """Take in at a window what an applicant brings (`case.taken_in`), complete or not.

    By an officer of the window. Raises as `apply`, and `NotAllowed`.
    """
    if window not in by.officer_of:
        raise NotAllowed("只有这个窗口的工作人员可以收件", place=window)
    coming = Coming(
        version=item_version_in_force(item, civil_date(happened_at or at)),
        applicant=applicant,
        about=about,
        choices=choices,
        received_at=happened_at or at,
        simulated=simulated,
    )
    coming = _looked_at(coming, store=store, at=at, online=False)
    return _take_in(coming=coming, window=window, joint=joint, by=by, at=at)


def _looked_at(coming: Coming, *, store: FileStore, at: datetime, online: bool) -> Coming:
    """Everything checked before a transaction is open, the files on the disk."""
    faults = _faults(coming, at=at, online=online)
    kept: Mapping[str, KeptFile] = {}
    if not faults:
        kept, faults = keep_files(coming.choices, store=store)
    if faults:
        raise Invalid(coming.version.item_id, faults)
    return replace(coming, kept=kept)


def _faults(coming: Coming, *, at: datetime, online: bool) -> Faults:
    """What is wrong with an application, by field."""
    faults = applicant_faults(coming.applicant, today=civil_date(at))
    faults += said_faults("about", "申请内容", coming.about, longest=LONGEST_ABOUT)
    faults += time_faults("happened_at", coming.received_at, at=at, after=None, what="")
    if online and not coming.item.online:
        faults.append(("item", "这个事项不能网上申请，请到窗口办理"))
    try:
        tell_by(coming.received_at, working_calendar())
        faults += choice_faults(coming.item, coming.choices, at=at, whole=online, files=online)
    except OutsideHorizon as error:
        faults.append(("happened_at", error.what))
    return faults


@command("case.apply")
def apply_looked_at(*, coming: Coming, at: datetime, joint: str | None = None) -> Receipt:
    """Write down what was looked at; `joint` is the case of which it is a branch."""
    acting = as_applicant("new")
    receipt = _put(coming, Channel.ONLINE, None, joint, by=acting, at=at)
    _tell(coming, receipt.code, coming.version.item.unit_id, at)
    return receipt


@command("case.take_in")
def _take_in(
    *, coming: Coming, window: str, joint: str | None, by: Viewer, at: datetime
) -> Receipt:
    acting = by.acting("officer", window)
    receipt = _put(coming, Channel.WINDOW, window, joint, by=acting, at=at)
    unit = coming.version.item.unit_id
    if unit != window:
        _tell(coming, receipt.code, unit, at)
    return receipt


def _put(
    coming: Coming,
    channel: Channel,
    window: str | None,
    joint: str | None,
    *,
    by: By,
    at: datetime,
) -> Receipt:
    """Write the case, its documents and the first event of its clocks."""
    item, received = coming.version.item, coming.received_at
    online = channel == Channel.ONLINE
    track, simulated = new_track(), coming.simulated or coming.item.simulated
    code = next_code(item.unit_id, civil_date(received).year)
    by = as_applicant(code) if online else by
    # The developer of a joint case was seen when its project was registered.
    trusted = not online or joint is not None
    party = put_applicant(coming.applicant, trusted=trusted, by=by, at=at, simulated=simulated)
    row = Case(
        code=code,
        item_version=coming.version,
        unit_id=item.unit_id,
        window_id=window,
        office_id=item.office_id,
        applicant=party,
        joint_id=joint,
        about_text=put_text(coming.about.strip()),
        contact_text=put_text(coming.applicant.contact.strip()),
        channel=channel,
        received_at=received,
        tell_due=tell_by(received, working_calendar()),
        track_mark=track_mark(track),
        simulated=simulated,
    )
    row.sort_due = row.tell_due
    record(row, verb="case.applied" if online else "case.taken_in", by=by, at=received)
    events: list[CaseEvent] = []
    put_event(row, EventKind.START, events, by=by, at=at, happened_at=received, event=RECEIVED)
    put_materials(row, coming.item, coming.choices, coming.kept, by=by, at=at)
    if coming.item.start_event == RECEIVED:
        recompute(row, events)
        record(row, verb="case.clock_started", by=by, at=received)
    return Receipt(code=code, track=track)


def _tell(coming: Coming, code: str, unit: str, at: datetime) -> None:
    """The deciding unit has five working days from now."""
    due = tell_by(coming.received_at, working_calendar())
    tell(
        tellings=[
            Telling(
                to_unit=unit,
                role="officer",
                topic="case.received",
                title=f"收到办件 {code}：{coming.item.name}，{due} 前受理或一次告知补正",
                page="case",
                args=(code,),
                about=f"case:{code}",
                due=due,
            )
        ],
        at=at,
    )
