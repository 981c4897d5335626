"""The register of projects in memory, as it is filtered and counted: made anew at will.

    every request    nothing new on the log: the table of the last one
                     something new: the rows that it touches are read again
    a new day, another database, more new entries than are worth looking at: all of it again

It holds no texts that a law may order to be erased, and no more of a project than lists count.
"""

import threading
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from yinuo.commitments.life import Status, Visibility
from yinuo.commitments.lights.deciding import Colour
from yinuo.goals.facets import Mask, Numbers, Places, Words
from yinuo.goals.models import Project, ProjectFigure, ProjectStage, ProjectYear
from yinuo.goals.projects.stages import STAGES, State, state_of
from yinuo.ledger.outbox import Mark, beyond, fingerprint, newest_id, sealed_after
from yinuo.ledger.remembered import Head, head
from yinuo.ledger.snapshot import snapshot
from yinuo.parties.viewer import Viewer

MOST_NEW = 2_000
"""Entries that are looked at one by one."""
ASK = 500
"""Keys in one statement."""
WITHDRAWN = "withdrawn"
"""Stands beside the states of `State`: it left the register."""
_STATES = tuple(
    state_of([stage for n, stage in enumerate(STAGES) if bits >> n & 1]).value
    for bits in range(1 << len(STAGES))
)
"""Which stages were reached, a bit each → the state."""


class Row(NamedTuple):
    """What lists count of a project."""

    code: str
    text: str
    """Code, name and firm, as they are looked for."""
    office: str
    unit: str
    region: str
    section: str
    division: str
    batch: str
    heading: str
    visibility: str
    state: str
    public_state: str
    """By what the public may see of its promises alone."""
    kept_state: str
    """By what was confirmed alone."""
    total: int | None
    planned: int | None
    """This year, in 分; None without a plan for it."""
    invested: int | None
    """This year by the newest figure that was not sent back."""
    confirmed: int | None
    """The same of confirmed figures."""
    longitude: int | None
    latitude: int | None
    """Millionths of a degree."""


COLUMNS = (
    "code", "national_code", "name", "firm_name", "firm_code", "office_id", "unit_id", "region_id",
    "section", "division", "batch_id", "heading", "visibility", "withdrawn_date",
    "total_investment", "longitude_e6", "latitude_e6",
)  # fmt: skip
"""As `_row` takes them."""


Known: TypeAlias = dict[str, Colour | None]
"""Code → the whole light; None for none."""
Lights: TypeAlias = dict[tuple[str, bool], Known]
"""Version of the table of lights, and whether seen from inside → code → the whole light."""


@dataclass(frozen=True, eq=False)
class Table:
    """The register on one day, a column an attribute; row n of each is the same project."""

    codes: Sequence[str]
    """In their order."""
    texts: Sequence[str]
    words: Mapping[str, Words]
    """By the names of `WORDS`."""
    numbers: Mapping[str, Numbers]
    """By the names of `NUMBERS`."""
    by_size: Places
    """The rows, the largest total investment first, unknown ones last."""
    place: NDArray[np.int64]
    """Row → its place in `by_size`."""
    lights: Lights
    """The whole lights that were asked for so far, filled in by who asks."""

    @classmethod
    def of(cls, rows: Sequence[Row], lights: Lights | None = None) -> "Table":
        """The table of these rows, which come by code."""
        columns = dict(zip(Row._fields, zip(*rows, strict=True), strict=True)) if rows else {}
        numbers = {name: Numbers.of(columns.get(name, ())) for name in NUMBERS}
        words = {name: Words.of(columns.get(name, ())) for name in WORDS}
        by_size = np.argsort(-numbers["total"].values.clip(-1), kind="stable").astype(np.int64)
        place = np.empty_like(by_size)
        place[by_size] = np.arange(len(rows))
        return cls(
            codes=columns.get("code", ()),
            texts=columns.get("text", ()),
            words=words,
            numbers=numbers,
            by_size=by_size,
            place=place,
            lights={} if lights is None else lights,
        )

    def inside(self, viewer: Viewer) -> Mask:
        """The rows whose office matters the viewer may read, whether public or not."""
        if not viewer.signed_in:
            return np.zeros(len(self.codes), np.bool_)
        own, office = self.words["unit"], self.words["office"]
        return own.among(owing(viewer)) | office.among(watched(viewer))

    def seen(self, viewer: Viewer) -> Mask:
        """The rows that the viewer may read: the same as `visible`."""
        public = self.words["visibility"].among({Visibility.PUBLIC.value})
        return public | self.inside(viewer)

    def states(self, viewer: Viewer) -> Words:
        """Where each stands, by what the viewer may see of it."""
        inside = self.inside(viewer)
        columns = self.words["state"], self.words["public_state"]
        if not inside.any():
            return columns[1]
        names = tuple(dict.fromkeys(name for column in columns for name in column.names))
        full, public = (
            np.array([names.index(name) for name in column.names], np.int32)[column.at]
            for column in columns
        )
        return Words(names, np.where(inside, full, public))

    def invested(self, viewer: Viewer) -> Numbers:
        """What was invested this year, by the figures that the viewer may see."""
        all_of_them, confirmed = self.numbers["invested"], self.numbers["confirmed"]
        return Numbers(np.where(self.inside(viewer), all_of_them.values, confirmed.values))


WORDS = (
    "office", "unit", "region", "section", "division", "batch", "heading", "visibility", "state",
    "public_state", "kept_state",
)  # fmt: skip
NUMBERS = ("total", "planned", "invested", "confirmed", "longitude", "latitude")


# ── who may see it ───────────────────────────────────────────────────────────────────────────────


def watched(viewer: Viewer) -> frozenset[str]:
    """The offices all of whose registers the viewer may read."""
    wide = viewer.administrator_of | viewer.auditor_of | viewer.protector_of
    return viewer.supervisor_of | wide


def owing(viewer: Viewer) -> frozenset[str]:
    """The units all of whose projects the viewer may read."""
    return viewer.officer_of | watched(viewer)


def inside(viewer: Viewer) -> Q:
    """The projects of which the viewer may read what is not public."""
    return Q(unit__in=owing(viewer)) | Q(office__in=watched(viewer))


def visible(viewer: Viewer) -> Q:
    """The projects that the viewer may read."""
    return Project.public_rows() | inside(viewer) if viewer.signed_in else Project.public_rows()


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


@dataclass
class _Stages:
    """The stages that a project has reached, a bit each."""

    all: int = 0
    public: int = 0
    kept: int = 0


def _rows(today: date, codes: Sequence[str] | None) -> list[Row]:
    """The rows of these projects, or of all, that the office took onto the register."""
    of, own = (Q(), Q()) if codes is None else (Q(project__in=codes), Q(pk__in=codes))
    stages: dict[str, _Stages] = {}
    reached = ProjectStage.objects.filter(
        of, Q(reached_date__isnull=False) | Q(commitment__delivered_date__isnull=False)
    ).values_list(
        "project_id", "rank", "confirmed_at", "commitment__status", "commitment__visibility"
    )
    for project, rank, confirmed_at, status, visibility in reached.iterator(chunk_size=5_000):
        bits = 1 << (rank - 1)
        each = stages.setdefault(project, _Stages())
        each.all |= bits
        if visibility in (None, Visibility.PUBLIC):
            each.public |= bits
        if confirmed_at or status == Status.KEPT:
            each.kept |= bits
    years = ProjectYear.objects.filter(of, year=today.year)
    planned = dict(years.values_list("project_id", "planned"))
    invested: dict[str, int] = {}
    confirmed: dict[str, int] = {}
    figures = (
        ProjectFigure.objects.filter(
            of,
            as_of_date__gte=date(today.year, 1, 1),
            as_of_date__lte=today,
            invested_year__isnull=False,
        )
        .exclude(standing=ProjectFigure.Standing.RETURNED)
        .order_by("project_id", "as_of_date", "number")
    )
    for project, amount, standing in figures.values_list(
        "project_id", "invested_year", "standing"
    ).iterator(chunk_size=5_000):
        assert amount is not None  # noqa: S101  # filtered
        invested[project] = amount
        if standing == ProjectFigure.Standing.CONFIRMED:
            confirmed[project] = amount
    none = _Stages()
    return [
        _row(
            values,
            stages.get(values[0], none),
            planned=planned.get(values[0]),
            invested=invested.get(values[0]),
            confirmed=confirmed.get(values[0]),
        )
        for values in Project.objects.filter(own, confirmed_at__isnull=False).values_list(*COLUMNS)
    ]


def _row(
    values: tuple[Any, ...],
    stages: _Stages,
    *,
    planned: int | None,
    invested: int | None,
    confirmed: int | None,
) -> Row:
    (
        code, national, name, firm, firm_code, office, unit, region, section, division, batch,
        heading, visibility, withdrawn, total, longitude, latitude,
    ) = values  # fmt: skip
    gone = withdrawn is not None
    return Row(
        code=code,
        text=searchable(f"{code} {national} {name} {firm} {firm_code}"),
        office=office,
        unit=unit or "",
        region=region or "",
        section=section,
        division=division,
        batch=batch or "",
        heading=heading,
        visibility=visibility,
        state=WITHDRAWN if gone else _STATES[stages.all],
        public_state=WITHDRAWN if gone else _STATES[stages.public],
        kept_state=WITHDRAWN if gone else _STATES[stages.kept],
        total=total,
        planned=planned,
        invested=invested,
        confirmed=confirmed,
        longitude=longitude,
        latitude=latitude,
    )


def searchable(text: str) -> str:
    """A text as it is looked for: full width and case make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()


# ── keeping ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class _Held:
    """The register as it was last read."""

    today: date
    head: Head | None
    place: int
    """Leaf index of the first sealed entry that it does not know."""
    last: tuple[int, bytes | None]
    """The newest entry that could be seen, with its fingerprint."""
    rows: dict[str, Row]
    table: Table


_held: list[_Held] = []
_lock = threading.Lock()


def project_table(today: date) -> Table:
    """The register as it stands, with this year's figures as of today."""
    now = head()
    held = _held[0] if _held else None
    if held and now is not None and held.head == now and held.today == today:
        return held.table
    with _lock, snapshot():
        held = _held[0] if _held else None
        now = head()
        fresh = _refreshed(held, now, today) if held else None
        _held[:] = [fresh or _whole(now, today)]
        return _held[0].table


def _whole(now: Head | None, today: date) -> _Held:
    last = newest_id()
    place = _sealed_up_to(now)
    rows = {row.code: row for row in _rows(today, None)}
    table = Table.of([rows[code] for code in sorted(rows)])
    return _Held(today, now, place, (last, fingerprint(last)), rows, table)


def _sealed_up_to(now: Head | None) -> int:
    """Leaf index behind the last sealed entry; 0 where it is not known, which costs time only."""
    sealed = next((number for kind, number, _ in now or () if kind == 0), None)
    return 0 if sealed is None else sealed + 1


def _refreshed(held: _Held, now: Head | None, today: date) -> _Held | None:
    """The same register with what is new; None where it has to be read whole."""
    if held.today != today or fingerprint(held.last[0]) != held.last[1]:
        return None
    sealed, place = sealed_after(held.place, limit=MOST_NEW + 1)
    waiting = beyond(place, limit=MOST_NEW + 1)
    if len(sealed) + len(waiting) > MOST_NEW:
        return None
    last = newest_id()
    kept = (today, now, place, (last, fingerprint(last)))
    codes = sorted(touched([*sealed, *waiting]))
    if not codes:
        return _Held(*kept, held.rows, held.table)
    read = [
        row
        for start in range(0, len(codes), ASK)
        for row in _rows(today, codes[start : start + ASK])
    ]
    lights = _others(held.table.lights, frozenset(codes))
    if all(held.rows.get(row.code) == row for row in read):
        return _Held(*kept, held.rows, replace(held.table, lights=lights))
    rows = held.rows | {row.code: row for row in read}
    return _Held(*kept, rows, Table.of([rows[code] for code in sorted(rows)], lights))


def _others(lights: Lights, touched: Collection[str]) -> Lights:
    """The lights of all projects but these, in new dictionaries.

    Whoever is still filling in the old ones saw the projects as they were.
    """
    return {
        key: {code: colour for code, colour in dict(known).items() if code not in touched}
        for key, known in dict(lights).items()
    }


def touched(marks: Iterable[Mark]) -> set[str]:
    """The projects that these entries are about, or about whose promises they are."""
    threads = {mark.thread.partition(":")[::2] for mark in marks}
    codes = {key for kind, key in threads if kind == Project.SUBJECT}
    figures = (key for kind, key in threads if kind == ProjectFigure.SUBJECT)
    codes.update(key.rpartition("/")[0] for key in figures)
    promises = sorted(key for kind, key in threads if kind == "commitment")
    for start in range(0, len(promises), ASK):
        some = promises[start : start + ASK]
        for model in (ProjectStage, ProjectYear):
            found = model.objects.filter(commitment__in=some)
            codes.update(found.values_list("project_id", flat=True))
    return codes


assert set(State) >= set(_STATES)  # noqa: S101  # what lists name is what projects are in
