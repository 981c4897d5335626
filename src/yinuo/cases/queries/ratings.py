"""Ratings as counts for everybody, and bad ones with what was done about them for offices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from yinuo.cases.access.cases import watched
from yinuo.cases.errors.problems import UnknownRating
from yinuo.cases.models import Case, ItemVersion, Rating, Rectification
from yinuo.cases.problems.rating import (
    BAD,
    CONTACTS,
    LEVELS,
    RECTIFIED_LABELS,
    Rectified,
    reached,
)
from yinuo.cases.stories.problems import StoryLine, story_of
from yinuo.commitments.wording import short_wording
from yinuo.kernel.instants import SHANGHAI, civil_date
from yinuo.ledger.remembered import remembered
from yinuo.parties.queries import UnitView, public_unit_names, public_units
from yinuo.parties.viewer import NotAllowed, Viewer

PAGE = 50
LEAST = 5
"""Below this many ratings nothing is shown of an item: it would tell of single applicants."""
REGION_DIGITS = 6
ROWS_AT_ONCE = 2_000


@dataclass(frozen=True)
class RatingCounts:
    """What was said of a unit or an item. Never an average: how many, and of how many."""

    code: str
    name: str
    rated: int
    content: int
    """Level 3 and above."""
    levels: tuple[tuple[str, int], ...]
    """Word → how many, the best first."""
    bad: int
    rectified: int
    """Of the bad ones, called back with the result told."""
    late: int
    """Of the bad ones, past a day of their rectification."""

    @property
    def permille(self) -> int | None:
        """Share content, in thousandths; None without a rating."""
        return self.content * 1_000 // self.rated if self.rated else None


@dataclass(frozen=True)
class PublicRatings:
    """The page of ratings."""

    all: RatingCounts
    units: tuple[RatingCounts, ...]
    items: tuple[RatingCounts, ...]
    """Those with at least `LEAST` ratings, most bad ones first."""
    simulated: bool


def _sums(today: date) -> dict[str, Count]:
    done = Q(rectification__status=Rectified.CLOSED)
    conditions = {
        "n": Q(),
        "content": Q(level__gt=BAD),
        **{f"level_{level}": Q(level=level) for level in LEVELS},
        "bad": Q(level__lte=BAD),
        "rectified": done,
        "late": Q(rectification__status=Rectified.TO_CONTACT, rectification__contact_due__lt=today)
        | Q(rectification__status=Rectified.TO_RECTIFY, rectification__rectify_due__lt=today),
    }
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}


def _line(code: str, name: str, found: Mapping[str, int]) -> RatingCounts:
    return RatingCounts(
        code=code,
        name=name,
        rated=found["n"],
        content=found["content"],
        levels=tuple((word, found[f"level_{level}"]) for level, word in LEVELS.items()),
        bad=found["bad"],
        rectified=found["rectified"],
        late=found["late"],
    )


def _by(rows: QuerySet[Rating], column: str, today: date) -> list[Mapping[str, int]]:
    return list(rows.order_by().values(column).annotate(**_sums(today)))


@remembered
def public_ratings(*, today: date) -> PublicRatings:
    """Counts by unit and by item."""
    rows = Rating.objects.all()
    names = public_unit_names()
    titles = dict(ItemVersion.objects.order_by("number").values_list("item_id", "title"))
    units = [_line(str(r["unit"]), names[str(r["unit"])], r) for r in _by(rows, "unit", today)]
    by_item = [r for r in _by(rows, "item_code", today) if r["n"] >= LEAST]
    items = [
        _line(code, titles.get(code, code), r) for r in by_item for code in [str(r["item_code"])]
    ]
    return PublicRatings(
        all=_line("", "合计", rows.aggregate(**_sums(today))),
        units=tuple(sorted(units, key=lambda one: (-one.bad, -one.rated, one.name))),
        items=tuple(sorted(items, key=lambda one: (-one.bad, -one.rated, one.name))),
        simulated=rows.filter(simulated=True).exists(),
    )


@dataclass(frozen=True)
class Ratable:
    """One contact of a case, for its applicant."""

    contact: str
    label: str
    level: str
    """What was said; empty while it was not rated."""
    open: bool
    """Whether it can be rated now."""


def public_ratable(*, case: str) -> tuple[Ratable, ...]:
    """The contacts of a case that its applicant follows, in order; levels, no words."""
    row = Case.objects.filter(code=case).first()
    if row is None:
        return ()
    rated = dict(Rating.objects.filter(case=row).values_list("contact", "level"))
    return tuple(
        Ratable(
            contact=contact,
            label=label,
            level=LEVELS[rated[contact]] if contact in rated else "",
            open=contact not in rated
            and reached(
                contact,
                received=True,
                accepted=row.accepted_at is not None,
                decided=row.decided_at is not None,
                delivered=row.delivered_at is not None,
            ),
        )
        for contact, label in CONTACTS.items()
    )


# ── for offices and units ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class BadRating:
    """One bad rating in the list."""

    code: str
    case: str
    item: str
    unit: str
    contact: str
    level: str
    rated_date: date
    status: str
    label: str
    due: date | None
    """The next day by which something is to be done; None once called back or to call."""
    late: bool
    simulated: bool


@dataclass(frozen=True)
class BadRatings:
    """One page of bad ratings, the newest first."""

    total: int
    states: tuple[tuple[str, str, int], ...]
    rows: tuple[BadRating, ...]
    next_cursor: str


def _seen(viewer: Viewer) -> QuerySet[Rectification]:
    if not viewer.signed_in:
        return Rectification.objects.none()
    own, wide = viewer.officer_of, watched(viewer)
    return Rectification.objects.filter(Q(unit__in=own | wide) | Q(office__in=wide))


def bad_ratings(
    *, viewer: Viewer, today: date, state: str = "", cursor: str = "", size: int = PAGE
) -> BadRatings:
    """The bad ratings that the viewer may see, with the steps that are due."""
    seen = _seen(viewer)
    counts = dict(seen.order_by().values_list("status").annotate(n=Count("pk")))
    rows = seen.filter(status=state) if state in RECTIFIED_LABELS else seen
    total = rows.count()
    if cursor.isdecimal():
        rows = rows.filter(pk__in=_after(rows, int(cursor)))
    found = list(_with_all(rows.order_by("-rating__rated_at", "-code"))[: size + 1])
    start = int(cursor) if cursor.isdecimal() else 0
    return BadRatings(
        total=total,
        states=tuple(
            (status.value, label, counts.get(status.value, 0))
            for status, label in RECTIFIED_LABELS.items()
        ),
        rows=tuple(_bad(row, today) for row in found[:size]),
        next_cursor=str(start + size) if len(found) > size else "",
    )


def _after(rows: QuerySet[Rectification], place: int) -> list[str]:
    ordered = rows.order_by("-rating__rated_at", "-code").values_list("pk", flat=True)
    return list(ordered[place : place + PAGE + 1])


def _with_all(rows: QuerySet[Rectification]) -> QuerySet[Rectification]:
    return rows.select_related("rating", "rating__case", "rating__case__item_version")


def _bad(row: Rectification, today: date) -> BadRating:
    rating = row.rating
    status = Rectified(row.status)
    dues = {Rectified.TO_CONTACT: row.contact_due, Rectified.TO_RECTIFY: row.rectify_due}
    due = dues.get(status)
    return BadRating(
        code=row.code,
        case=rating.case_id,
        item=rating.case.item_version.title,
        unit=public_unit_names()[row.unit_id],
        contact=CONTACTS[rating.contact],
        level=LEVELS[rating.level],
        rated_date=civil_date(rating.rated_at),
        status=row.status,
        label=RECTIFIED_LABELS[status],
        due=due,
        late=due is not None and due < today,
        simulated=rating.simulated,
    )


@dataclass(frozen=True)
class RectificationDetail:
    """One bad rating with what was done."""

    row: BadRating
    version: int
    said: str
    contact_due: date
    rectify_due: date
    contacted_at: datetime | None
    rectified_at: datetime | None
    called_at: datetime | None
    true_reason: bool | None
    step: str
    """What the viewer may do now: contact, rectify, call_back; empty for nothing."""
    story: tuple[StoryLine, ...]


def rectification(*, code: str, viewer: Viewer, today: date) -> RectificationDetail:
    """One bad rating. Raises `UnknownRating` for one not to be seen."""
    row = _with_all(_seen(viewer)).filter(code=code).first()
    if row is None:
        raise UnknownRating(code)
    said = short_wording([row.rating.said_text])
    return RectificationDetail(
        row=_bad(row, today),
        version=row.version,
        said=said.get(row.rating.said_text, ""),
        contact_due=row.contact_due,
        rectify_due=row.rectify_due,
        contacted_at=row.contacted_at,
        rectified_at=row.rectified_at,
        called_at=row.called_at,
        true_reason=row.true_reason,
        step=_step(row, viewer),
        story=story_of(row.subject, viewer=viewer),
    )


def _step(row: Rectification, viewer: Viewer) -> str:
    own = row.unit_id in viewer.officer_of
    office = row.office_id in viewer.supervisor_of and row.unit_id not in viewer.held_for
    steps = {
        Rectified.TO_CONTACT: ("contact", own),
        Rectified.TO_RECTIFY: ("rectify", own),
        Rectified.TO_CALL: ("call_back", office),
        Rectified.CLOSED: ("", False),
    }
    name, may = steps[Rectified(row.status)]
    return name if may else ""


# ── for the national exchange ────────────────────────────────────────────────────────────────────

PAYLOAD = (
    *("projNo", "projName", "serviceName", "serviceCode", "serviceVersion"),
    *("serviceDepartment", "serviceDepartmentCode", "serviceCategory", "applyTime"),
    *("handleStateCode", "handleStateName", "regionCode", "regionName", "evaluateChannel"),
    *(
        "source",
        "evaluateLevel",
        "evaluateTime",
        "contact",
        "userProp",
        "transactionTime",
        "version",
    ),
)
"""Names of the exchange of 好差评; what tells who rated stands apart, in `PEOPLE`."""
PEOPLE = ("projNo", "applicantName", "applicantCardNumber", "applicantPhone")
USER_PROPS = {"person": "1", "firm": "2", "trader": "2"}
CHANNELS = {"online": "WEB", "window": "PJQ"}


def _exported(viewer: Viewer) -> QuerySet[Rating]:
    if not viewer.supervisor_of | viewer.administrator_of:
        raise NotAllowed("只有主管单位的督查人或管理员可以导出评价", place="评价")
    wide = viewer.supervisor_of | viewer.administrator_of
    rows = Rating.objects.filter(case__office__in=wide).order_by("rated_at", "code")
    return rows.select_related("case", "case__item_version", "case__applicant")


def exported(*, viewer: Viewer) -> Iterator[tuple[str, ...]]:
    """All ratings of the viewer's offices in the fields of `PAYLOAD`, without personal data.

    Raises `NotAllowed`.
    """
    rows = _exported(viewer)
    units = {unit.code: unit for unit in public_units()}
    return (_payload(row, units) for row in rows.iterator(chunk_size=ROWS_AT_ONCE))


def _payload(row: Rating, units: Mapping[str, UnitView]) -> tuple[str, ...]:
    case, version = row.case, row.case.item_version
    definition: Mapping[str, str] = version.definition
    region = _region(row.unit_id, units)
    return (
        *(case.code, version.title, version.title, definition.get("task_code") or version.item_id),
        *(str(version.number), units[row.unit_id].name, row.unit_id, version.kind),
        *(_time(case.received_at), case.status, CONTACTS[row.contact]),
        *(f"{region.gb_code}000000" if region else "", region.name if region else ""),
        *(CHANNELS.get(row.channel, "WEB"), "yinuo", str(row.level), _time(row.rated_at)),
        *(row.contact, USER_PROPS[case.applicant.kind], _time(row.rated_at), "2"),
    )


def _time(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _region(unit: str, units: Mapping[str, UnitView]) -> UnitView | None:
    """The unit itself or the nearest one above it that has a region of GB/T 2260."""
    seen = units.get(unit)
    while seen is not None and len(seen.gb_code) != REGION_DIGITS:
        seen = units.get(seen.parent) if seen.parent else None
    return seen


def exported_people(*, viewer: Viewer) -> Iterator[tuple[str, ...]]:
    """Who rated, in the fields of `PEOPLE`, kept apart. Raises `NotAllowed`."""
    rows = _exported(viewer)
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        who = row.case.applicant
        references = (who.name_text, who.number_text, row.case.contact_text)
        said = short_wording(references)
        yield (row.case_id, *(said.get(reference, "") for reference in references))
