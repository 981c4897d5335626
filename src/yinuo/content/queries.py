"""What is in force, what was, and what waits."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.conf import settings
from django.utils.translation import pgettext

from yinuo.content.errors import UnknownPublication
from yinuo.content.models import ContentVersion
from yinuo.content.permission import administers_the_city, watches_the_city
from yinuo.content.timeline import Span, Starting, in_force, spans
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.ledger.history import Act, acts, texts
from yinuo.ledger.remembered import remembered
from yinuo.parties.queries import names, public_roles, public_unit_names
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.rules.table import Rulebook
from yinuo.rules.workbook.read import check_bytes

Status = ContentVersion.Status
MOST_BOOKS = 32
ALTERED = "的内容已被改动"
DECIDED_VERSION = 2
"""Of a row: it is asked for, then decided, and never changes again."""


@dataclass(frozen=True)
class InForce:
    """The version by which something is answered; a result keeps `number` or (name, edition)."""

    number: int
    """Of its publication, `P7` to people, in the address of its page."""
    name: str
    edition: int
    """第几版 of this file, from 1."""
    sha256: str
    valid_from: date


def _approved() -> list[ContentVersion]:
    return list(ContentVersion.objects.filter(status=Status.APPROVED).order_by("number"))


def _version(row: ContentVersion) -> InForce:
    assert row.edition is not None  # noqa: S101  # a database constraint
    return InForce(row.number, row.name, row.edition, row.sha256, row.valid_from)


@remembered
def public_in_force(name: str, *, on: date) -> InForce | None:
    """The version of a file, such as `tables/lights.xlsx`, in force on a day; None before any is.

    Who answers many questions asks once all the same.
    """
    rows = ContentVersion.objects.filter(
        name=name, status=Status.APPROVED, valid_from__lte=on
    ).order_by("-valid_from", "-edition")
    row = rows.first()
    return None if row is None else _version(row)


def public_versions(name: str) -> tuple[InForce, ...]:
    """Every version of a file that was ever approved, the newest first."""
    return tuple(_version(row) for row in reversed(_approved()) if row.name == name)


def public_data(version: InForce, *, store: FileStore) -> bytes:
    """The very bytes that were approved. Raises `FileMissing` if they are gone or altered."""
    return _data(version.sha256, store)


def _data(sha256: str, store: FileStore) -> bytes:
    with store.open(sha256) as file:
        data = file.read()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise FileMissing(sha256, ALTERED)
    return data


@lru_cache(maxsize=MOST_BOOKS)
def public_book(version: InForce) -> Rulebook:
    """The decision tables of a publication. Raises `TablesRefused` and `FileMissing`."""
    data = public_data(version, store=FileStore(settings.YINUO_FILES))
    return check_bytes(data, file=version.name).sound()


def public_missing(*, on: date, store: FileStore) -> tuple[str, ...]:
    """The files in force on a day whose bytes are gone, for machines that watch."""
    found = []
    for name in sorted({row.name for row in _approved()}):
        version = public_in_force(name, on=on)
        if version is not None and not _is_there(version, store):
            found.append(name)
    return tuple(found)


def _is_there(version: InForce, store: FileStore) -> bool:
    try:
        store.size(version.sha256)
    except FileMissing:
        return False
    return True


@dataclass(frozen=True)
class VersionView:
    """One publication as people read it."""

    number: int
    name: str
    edition: int | None
    sha256: str
    size: int
    valid_from: date
    span: Span | None
    """Its days; None until it is approved."""
    in_force: bool
    """Whether it is, on the day asked about."""
    state: str
    """待批准, 已批准, 未批准 or 已撤回."""
    reason: str
    effect: tuple[str, ...]
    """Whose result changes, as it was when asked for; empty where nothing was compared."""
    replaces: int | None
    """Number of the version it was compared with."""
    asker: str
    """As in the ledger: `account:7`."""
    asked_by: str
    """Name of the person; empty to the public."""
    asked_as: str
    """In what duty: `大连市 管理员`."""
    asked_at: datetime
    decider: str
    decided_by: str
    decided_as: str
    decided_at: datetime | None
    decision: str
    leaf_index: int | None
    """Place of its last entry in the sealed log; None while it waits for the sealer."""
    version: int
    """Of the row, to be given with a decision."""
    waiting: bool
    may_decide: bool
    """Whether the viewer is a possible second person."""
    may_withdraw: bool

    @property
    def file_name(self) -> str:
        """The last part of the name."""
        return self.name.rpartition("/")[2]


@dataclass(frozen=True)
class ContentView:
    """One file with all its approved versions."""

    name: str
    present: VersionView | None
    """None before the first is in force."""
    coming: tuple[VersionView, ...]
    """Approved, and in force from a later day; the next first."""
    history: tuple[VersionView, ...]
    """All of them, the latest first."""


@dataclass(frozen=True)
class _Known:
    """What views of many rows share."""

    viewer: Viewer
    on: date
    administers: bool
    people: dict[str, str]
    said: dict[str, str]
    starting: dict[str, list[Starting]]
    """Approved versions by the name of the file."""
    acts: dict[tuple[str, int], Act]
    units: Mapping[str, str]
    roles: Mapping[str, str]

    def duty(self, row: ContentVersion, version: int) -> str:
        """In what duty somebody brought a row to a version."""
        act = self.acts.get((row.subject, version))
        role, _, unit = act.capacity.partition(":") if act else ("", "", "")
        label = pgettext("role", self.roles[role]) if role in self.roles else ""
        return " ".join(filter(None, (self.units.get(unit, unit), label)))


def _views(rows: Sequence[ContentVersion], viewer: Viewer, on: date) -> tuple[VersionView, ...]:
    starting: dict[str, list[Starting]] = {}
    for row in _approved():
        if row.edition is not None:
            starting.setdefault(row.name, []).append(Starting(row.valid_from, row.edition))
    actors = [actor for row in rows for actor in (row.asked_by, row.decided_by)]
    known = _Known(
        viewer=viewer,
        on=on,
        administers=administers_the_city(viewer),
        people=names(actors=actors, viewer=viewer),
        said=texts(
            r for row in rows for r in (row.reason_text, row.effect_text, row.decision_text)
        ),
        starting=starting,
        acts=acts(row.subject for row in rows),
        units=public_unit_names(),
        roles=public_roles(),
    )
    return tuple(_view(row, known) for row in rows)


def _view(row: ContentVersion, known: _Known) -> VersionView:
    starting = known.starting.get(row.name, [])
    present = in_force(starting, known.on)
    waiting = row.status == Status.ASKED
    is_own = known.viewer.actor == row.asked_by
    act = known.acts.get((row.subject, row.version))
    return VersionView(
        number=row.number,
        name=row.name,
        edition=row.edition,
        sha256=row.sha256,
        size=row.size,
        valid_from=row.valid_from,
        span=spans(starting).get(row.edition) if row.edition is not None else None,
        in_force=present is not None and present.edition == row.edition,
        state=row.get_status_display(),
        reason=known.said.get(row.reason_text, ""),
        effect=tuple(known.said.get(row.effect_text, "").splitlines()),
        replaces=row.replaces_id,
        asker=row.asked_by,
        asked_by=known.people.get(row.asked_by, ""),
        asked_as=known.duty(row, 1),
        asked_at=row.asked_at,
        decider=row.decided_by,
        decided_by=known.people.get(row.decided_by, ""),
        decided_as=known.duty(row, DECIDED_VERSION) if row.decided_by else "",
        decided_at=row.decided_at,
        leaf_index=act.leaf_index if act else None,
        decision=known.said.get(row.decision_text, ""),
        version=row.version,
        waiting=waiting,
        may_decide=waiting and known.administers and not is_own,
        may_withdraw=waiting and known.administers and is_own,
    )


def contents(*, on: date, viewer: Viewer) -> tuple[ContentView, ...]:
    """Every file that was ever published, by name, as of a day; who is signed in sees names."""
    found: dict[str, list[VersionView]] = {}
    for view in _views(_approved(), viewer, on):
        found.setdefault(view.name, []).append(view)
    return tuple(
        ContentView(
            name=name,
            present=next((each for each in views if each.in_force), None),
            coming=tuple(
                sorted(
                    (v for v in views if v.valid_from > on and v.span and not v.span.is_empty),
                    key=lambda v: v.valid_from,
                )
            ),
            history=tuple(sorted(views, key=lambda v: -(v.edition or 0))),
        )
        for name, views in sorted(found.items())
    )


def _require_watching(viewer: Viewer) -> None:
    if not watches_the_city(viewer):
        raise NotAllowed("只有全市的管理员和审计人可以查看发布申请")


def publications(*, on: date, viewer: Viewer) -> tuple[VersionView, ...]:
    """Every request, those that wait first, then the latest first. Raises `NotAllowed`."""
    _require_watching(viewer)
    rows = list(ContentVersion.objects.order_by("-number"))
    return tuple(sorted(_views(rows, viewer, on), key=lambda view: not view.waiting))


def to_decide(*, number: int, on: date, viewer: Viewer) -> VersionView:
    """One request for those who see all of them. Raises `NotAllowed`, `UnknownPublication`."""
    _require_watching(viewer)
    return publication(number=number, on=on, viewer=viewer)


def publication(*, number: int, on: date, viewer: Viewer) -> VersionView:
    """One version: an approved one to anybody, others to who administers or audits the city.

    Raises `UnknownPublication`.
    """
    row = ContentVersion.objects.filter(number=number).first()
    if row is None or not (row.status == Status.APPROVED or watches_the_city(viewer)):
        raise UnknownPublication(number)
    (view,) = _views([row], viewer, on)
    return view


def data(*, number: int, store: FileStore, viewer: Viewer) -> bytes:
    """The bytes of a version that the viewer may see.

    Raises `UnknownPublication`, and `FileMissing` if they are gone or altered.
    """
    row = ContentVersion.objects.filter(number=number).first()
    if row is None or not (row.status == Status.APPROVED or watches_the_city(viewer)):
        raise UnknownPublication(number)
    return _data(row.sha256, store)


def may_publish(*, viewer: Viewer) -> bool:
    """Whether the viewer may ask for publications and decide on those of others."""
    return administers_the_city(viewer)


def may_watch(*, viewer: Viewer) -> bool:
    """Whether the viewer may see the requests of others, those that wait included."""
    return watches_the_city(viewer)


def waiting_count(*, viewer: Viewer) -> int:
    """How many publications the viewer might decide on; 0 for who decides on none."""
    if not administers_the_city(viewer):
        return 0
    waiting = ContentVersion.objects.filter(status=Status.ASKED)
    return waiting.exclude(asked_by=viewer.actor).count()
