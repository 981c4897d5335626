"""佐证材料: which files show what was done, who may see which, and what is served of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext, pgettext

from yinuo.commitments.attachments import may_add
from yinuo.commitments.errors import EvidenceErased, UnknownEvidence
from yinuo.commitments.life import Visibility
from yinuo.commitments.models import Commitment, Evidence, Report
from yinuo.commitments.models.evidence import HANDED_IN
from yinuo.commitments.permission import inside, owes, supervises
from yinuo.commitments.queries.timeline import Line, told
from yinuo.commitments.wording import wording
from yinuo.commitments.words import visibility_label
from yinuo.kernel.media.formats import BY_MEDIA_TYPE, Format
from yinuo.kernel.media.names import download_name
from yinuo.ledger.erased import erased, waiting
from yinuo.ledger.history import Place, places, thread_events
from yinuo.parties.viewer import Viewer

OFFERED = (Visibility.PUBLIC, Visibility.ON_REQUEST, Visibility.CLOSED)
"""What a reviewer may make of a file."""


@dataclass(frozen=True)
class Twin:
    """The same file elsewhere (疑点): for a person to look at, never a verdict."""

    code: str
    commitment: str
    title: str
    unit: str


@dataclass(frozen=True)
class EvidenceView:
    """One file as pages show it."""

    code: str
    number: int
    commitment: str
    name: str
    """Or what became of it."""
    label: str
    """Of its format."""
    size: int
    sha256: str
    picture: bool
    ending: str
    """Of its format, in letters, such as `pdf`."""
    unit: str
    handed_in_at: datetime
    leaf_index: int | None
    """Number of its last entry in the sealed log; None while that waits."""
    public: bool
    """Whether anyone may see it now."""
    visibility_label: str
    gone: str
    """When and on what ground the law had the file erased; empty while it is there."""
    twins: tuple[Twin, ...]
    """For whoever judges: the same content under commitments that they may see."""
    unseen_twins: int
    """For whoever judges: how many more there are."""


@dataclass(frozen=True)
class Withdrawn:
    """A file that was public once and is no longer: that much stays public."""

    code: str
    withdrawn_at: datetime
    label: str


@dataclass(frozen=True)
class EvidenceOf:
    """The files of one commitment that a viewer may see, by what they were handed in with."""

    files: Mapping[str, tuple[EvidenceView, ...]]
    """`report:X/R2` or `commitment:X` → files in their order."""
    withdrawn: tuple[Withdrawn, ...]
    """Of those that the viewer may not see."""
    addable: frozenset[str]
    """What the viewer may hand in more files to."""

    @property
    def total(self) -> int:
        """How many there are to see."""
        return sum(len(files) for files in self.files.values())

    @property
    def doubtful(self) -> bool:
        """Whether any is used elsewhere too, as far as the viewer is told."""
        return any(f.twins or f.unseen_twins for files in self.files.values() for f in files)


def _format(row: Evidence) -> Format:
    return BY_MEDIA_TYPE[row.media_type]


def seen_evidence(*, viewer: Viewer) -> QuerySet[Evidence]:
    """The files a viewer may see: through a duty every one, else the public ones."""
    allowed = Evidence.public_rows()
    if viewer.signed_in:
        allowed |= Q(commitment__in=Commitment.objects.filter(inside(viewer)).values("pk"))
    return Evidence.objects.filter(allowed).select_related("unit", "commitment")


def _in_order(rows: QuerySet[Evidence]) -> list[Evidence]:
    return list(rows.order_by(Length("code"), "code"))


@dataclass(frozen=True)
class _Known:
    """What was looked up for many files at once."""

    names: Mapping[str, str]
    gone: Mapping[str, str]
    entries: Mapping[str, tuple[Place, ...]]
    twins: Mapping[str, Sequence[Evidence]]
    """SHA-256 → the same file under other commitments."""
    visible_twins: frozenset[str]


def _known(rows: Sequence[Evidence], viewer: Viewer) -> _Known:
    judged = [row for row in rows if supervises(row.commitment, viewer)]
    twins: defaultdict[str, list[Evidence]] = defaultdict(list)
    same = Evidence.objects.filter(sha256__in={row.sha256 for row in judged})
    for twin in _in_order(same.select_related("unit", "commitment")):
        twins[twin.sha256].append(twin)
    shown = seen_evidence(viewer=viewer).filter(sha256__in=twins.keys())
    gone = erased(row.file_text for row in rows)
    return _Known(
        names=wording(row.name_text for row in rows),
        gone=wording(gone),
        entries=places(row.subject for row in rows),
        twins=twins,
        visible_twins=frozenset(shown.values_list("pk", flat=True)),
    )


def _view(row: Evidence, known: _Known) -> EvidenceView:
    others = [t for t in known.twins.get(row.sha256, ()) if t.commitment_id != row.commitment_id]
    visible = [t for t in others if t.pk in known.visible_twins]
    entries = known.entries[row.subject]
    found = _format(row)
    public_above = row.commitment.visibility == Visibility.PUBLIC
    return EvidenceView(
        code=row.code,
        number=int(row.code.rpartition("/E")[2]),
        commitment=row.commitment_id,
        name=known.names[row.name_text],
        label=pgettext("format", found.label),
        size=row.size,
        sha256=row.sha256,
        picture=found.picture,
        ending=found.extensions[0].lstrip("."),
        unit=row.unit.name,
        handed_in_at=entries[0].at,
        leaf_index=entries[-1].leaf_index,
        public=row.visibility == Visibility.PUBLIC and public_above,
        visibility_label=visibility_label(row.visibility),
        gone=known.gone.get(row.file_text, ""),
        twins=tuple(
            Twin(t.code, t.commitment_id, t.commitment.title, t.unit.name) for t in visible
        ),
        unseen_twins=len(others) - len(visible),
    )


def evidence_of(*, commitment: str, viewer: Viewer) -> EvidenceOf:
    """The files of one commitment that the viewer may see; none of one not to be seen."""
    rows = _in_order(seen_evidence(viewer=viewer).filter(commitment=commitment))
    known = _known(rows, viewer)
    files: defaultdict[str, list[EvidenceView]] = defaultdict(list)
    for row in rows:
        files[row.belongs_to].append(_view(row, known))
    return EvidenceOf(
        files={to: tuple(views) for to, views in files.items()},
        withdrawn=_withdrawn(commitment, {row.pk for row in rows}),
        addable=_addable(commitment, viewer),
    )


def public_commitments_with_evidence() -> frozenset[str]:
    """Codes of the public commitments under which there is a public file."""
    rows = Evidence.objects.filter(Evidence.public_rows())
    return frozenset(rows.values_list("commitment", flat=True))


def _addable(code: str, viewer: Viewer) -> frozenset[str]:
    row = Commitment.objects.filter(pk=code).first()
    if row is None or not owes(row, viewer):
        return frozenset()
    reports = Report.objects.filter(commitment=row).values_list("code", flat=True)
    named = [f"{Report.SUBJECT}:{report}" for report in reports] + [row.subject]
    return frozenset(to for to in named if may_add(row, to))


def _withdrawn(commitment: str, seen: Iterable[str]) -> tuple[Withdrawn, ...]:
    """Files of a public commitment that were public themselves once."""
    rows = Evidence.objects.filter(
        commitment=commitment, commitment__visibility=Visibility.PUBLIC, version__gt=1
    )
    found = (public_withdrawn(row.code) for row in _in_order(rows.exclude(pk__in=set(seen))))
    return tuple(one for one in found if one is not None)


def public_withdrawn(code: str) -> Withdrawn | None:
    """When a file ceased to be public, under a commitment that still is; None for others.

    Tells the code and an instant and nothing of the content.
    """
    row = Evidence.objects.filter(pk=code, commitment__visibility=Visibility.PUBLIC).first()
    if row is None or row.visibility == Visibility.PUBLIC:
        return None
    was_public, found = False, None
    for event in thread_events(row.thread):
        public = event.after["visibility"] == Visibility.PUBLIC
        if was_public and not public:
            found = Withdrawn(code, event.at, visibility_label(str(event.after["visibility"])))
        was_public = public
    return found


@dataclass(frozen=True)
class EvidenceDetail:
    """One file with its story."""

    view: EvidenceView
    title: str
    """Of the commitment."""
    with_what: str
    """What it was handed in with, in words."""
    version: int
    timeline: tuple[Line, ...]
    """Newest first."""
    offered: tuple[tuple[str, str], ...]
    """What the viewer may make of it: visibility and its words; none where that is not theirs."""
    above_public: bool
    """Whether the commitment is public, without which the file cannot be."""
    own: bool
    """Whether the viewer handed it in, and so cannot review it."""
    judges: bool
    """Whether the viewer is of the side that reviews."""
    erasable: tuple[tuple[str, str], ...]
    """Of a protector: what can be erased by law, and the reference of its text."""
    held_elsewhere: int
    """Of a protector: how many other rows name the same content, so that it would stay."""


def evidence(*, code: str, viewer: Viewer) -> EvidenceDetail:
    """One file with its story. Raises `UnknownEvidence` for one not to be seen."""
    row = seen_evidence(viewer=viewer).filter(code=code).first()
    if row is None:
        raise UnknownEvidence(code)
    known = _known([row], viewer)
    first = next(place for place in known.entries[row.subject] if place.verb == HANDED_IN)
    own, judges = first.actor == viewer.actor, supervises(row.commitment, viewer)
    protects = bool(row.answering_units & viewer.protector_of)
    return EvidenceDetail(
        view=_view(row, known),
        title=row.commitment.title,
        with_what=_with_what(row.belongs_to),
        version=row.version,
        timeline=told(events=thread_events(row.thread)[::-1], viewer=viewer),
        offered=_offered(row, gone=bool(known.gone)) if judges and not own else (),
        above_public=row.commitment.visibility == Visibility.PUBLIC,
        own=own,
        judges=judges,
        erasable=_erasable(row) if protects else (),
        held_elsewhere=_held_elsewhere(row) if protects else 0,
    )


def _held_elsewhere(row: Evidence) -> int:
    same = Evidence.objects.filter(sha256=row.sha256).exclude(pk=row.pk)
    texts = set(same.values_list("file_text", flat=True))
    return len(texts - erased(texts).keys())


def _offered(row: Evidence, *, gone: bool) -> tuple[tuple[str, str], ...]:
    """Every other publicity; public only where there is something to publish, and under what is."""
    publishable = row.commitment.visibility == Visibility.PUBLIC and not gone
    return tuple(
        (str(v), visibility_label(v))
        for v in OFFERED
        if v != row.visibility and (v != Visibility.PUBLIC or publishable)
    )


def _with_what(to: str) -> str:
    subject, _, code = to.partition(":")
    if subject == Report.SUBJECT:
        return gettext("随进展 %(code)s 提交") % {"code": code}
    return gettext("随申请销号提交")


def _erasable(row: Evidence) -> tuple[tuple[str, str], ...]:
    """What nobody has had erased or asked to be."""
    named = ((gettext("文件内容"), row.file_text), (gettext("文件名称"), row.name_text))
    references = [reference for _, reference in named]
    taken = erased(references).keys() | waiting(references).keys()
    return tuple((what, reference) for what, reference in named if reference not in taken)


@dataclass(frozen=True)
class Serving:
    """A file as it may be served to one viewer."""

    sha256: str
    format: Format
    name: str
    """With an ending that its content demands."""
    original: bool
    """Whether the viewer may have the very file; otherwise a copy without what a camera added."""
    public: bool


def serving(*, code: str, viewer: Viewer) -> Serving:
    """What may be served. Raises `UnknownEvidence` and `EvidenceErased`."""
    row = seen_evidence(viewer=viewer).filter(code=code).first()
    if row is None:
        raise UnknownEvidence(code)
    if erased([row.file_text]):
        raise EvidenceErased(code)
    found = _format(row)
    names = wording([row.name_text])
    known = not erased([row.name_text])
    name = names[row.name_text] if known else row.code.replace("/", "-")
    through_duty = viewer.signed_in and (
        Commitment.objects.filter(inside(viewer), pk=row.commitment_id).exists()
    )
    return Serving(
        sha256=row.sha256,
        format=found,
        name=download_name(name, found),
        original=through_duty or not found.picture,
        public=row.visibility == Visibility.PUBLIC
        and row.commitment.visibility == Visibility.PUBLIC,
    )


@dataclass(frozen=True)
class Target:
    """What more files can be handed in to."""

    commitment: str
    title: str
    to: str
    with_what: str


def target(*, commitment: str, to: str, viewer: Viewer) -> Target | None:
    """What more files can be handed in to by this viewer now; None for what takes none."""
    row = Commitment.objects.filter(pk=commitment).first()
    if row is None or to not in _addable(commitment, viewer):
        return None
    return Target(commitment, row.title, to, _with_what(to))
