"""Draws as people read them: the steps with their proofs, those drawn, what was found."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models.functions import Length

from yinuo.commitments.queries.reported_kept import Named, named
from yinuo.commitments.story import Told, told
from yinuo.commitments.wording import short_wording
from yinuo.commitments.words import visibility_label
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date, instant_text
from yinuo.kernel.media.formats import BY_MEDIA_TYPE
from yinuo.kernel.media.names import download_name
from yinuo.ledger.erased import erased
from yinuo.ledger.history import last_actor, thread_events
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer
from yinuo.supervision.auditing import audits, lines, visible_draws, whole_draws
from yinuo.supervision.draws.counting import estimate_of
from yinuo.supervision.draws.estimate import Estimate, percent
from yinuo.supervision.draws.frame import Stratum, read_frame
from yinuo.supervision.draws.life import (
    CANCELLED,
    CONCLUDED,
    DRAWN,
    ENDED,
    FRAMED,
    KNOWN,
    PUBLISHED,
    RESULT_LABELS,
    STATUS_LABELS,
    DrawStatus,
    Result,
)
from yinuo.supervision.draws.randomness import SOURCES, SourceWords
from yinuo.supervision.draws.recompute import BUNDLE
from yinuo.supervision.errors.draws import UnknownDraw
from yinuo.supervision.framing import FixedAt, assemble, fixed_at, frame_file
from yinuo.supervision.models import Draw, DrawFile, DrawnItem
from yinuo.supervision.todo import ToDo

VERBS = {
    FRAMED: "固定抽样框，公告随机数来源",
    KNOWN: "录入随机数",
    DRAWN: "抽取",
    CONCLUDED: "得出结论",
    CANCELLED: "作废",
    PUBLISHED: "公开审查",
}
FINDINGS_DAYS = 30
"""Days after the draw within which a finding is expected."""
MOST_LISTED = 200


@dataclass(frozen=True)
class DrawRow:
    """A draw in a list."""

    code: str
    title: str
    unit_name: str
    from_date: date
    until_date: date
    status: str
    state: str
    population: int
    planned: int
    found: int
    """How many of those drawn have a finding."""
    said: str
    """The estimate in words; empty before the conclusion."""
    public: bool


def draws(*, viewer: Viewer) -> tuple[DrawRow, ...]:
    """Every draw of which the viewer may see anything, the newest first; cancelled ones too."""
    rows = Draw.objects.filter(visible_draws(viewer)).select_related("unit")
    some = list(rows.order_by("-known_from", "-code")[:MOST_LISTED])
    found = Counter(
        DrawnItem.objects.filter(draw__in=some).exclude(result="").values_list("draw", flat=True)
    )
    return tuple(
        DrawRow(
            code=row.code,
            title=row.title,
            unit_name=row.unit.name,
            from_date=row.from_date,
            until_date=row.until_date,
            status=row.status,
            state=STATUS_LABELS[DrawStatus(row.status)],
            population=row.population,
            planned=row.planned,
            found=found[row.code],
            said=_share_words(estimate_of(row.result, "strict")) if row.result else "",
            public=row.visibility == "public",
        )
        for row in some
    )


def _share_words(found: Estimate) -> str:
    """The share with its limits: `约 7.1%，在 2.1% 至 21.5% 之间`."""
    about = percent(found.about)
    if found.about_worst != found.about:
        about = f"{about}% 至 {percent(found.about_worst)}"
    low, high = percent(found.low, up=False), percent(found.high, up=True)
    return f"约 {about}%，在 {low}% 至 {high}% 之间"


def drawable_units(*, viewer: Viewer) -> Mapping[str, str]:
    """Code → name of the units for which the viewer may draw, those of a duty alone."""
    units = (viewer.auditor_of | viewer.supervisor_of) & viewer.held_for
    return {code: name for code, name in public_unit_names().items() if code in units}


@dataclass(frozen=True)
class PreviewStratum:
    """A layer as it would be framed."""

    stratum: Stratum
    rules: tuple[tuple[str, int], ...]
    """Why they are in it, with how many by each rule."""
    closed: int
    """How many of them are not public."""

    @property
    def chance(self) -> str:
        """With what probability each is drawn, in percent."""
        return _percent_of(self.stratum)


def _percent_of(stratum: Stratum) -> str:
    """The probability of being drawn, in percent without a sign."""
    return f"{stratum.chance * 100:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Preview:
    """What a frame would hold, as things stand."""

    strata: tuple[PreviewStratum, ...]
    population: int
    planned: int
    table_number: int
    table_edition: int


def preview(*, unit: str, start: date, end: date, viewer: Viewer, today: date) -> Preview:
    """What a frame would hold; writes nothing. Raises what `assemble` does."""
    found = assemble(unit=unit, start=start, end=end, viewer=viewer, today=today)
    rules = Counter(
        (each.layered.stratum, each.layered.note or f"规则 {each.layered.rule}")
        for each in found.candidates
    )
    closed = Counter(e.layered.stratum for e in found.candidates if not e.kept.public)
    return Preview(
        strata=tuple(
            PreviewStratum(
                stratum,
                tuple((note, n) for (name, note), n in rules.items() if name == stratum.name),
                closed[stratum.name],
            )
            for stratum in found.strata
        ),
        population=len(found.candidates),
        planned=sum(stratum.take for stratum in found.strata),
        table_number=found.table.number,
        table_edition=found.table.edition,
    )


@dataclass(frozen=True)
class FileView:
    """A file of a draw."""

    number: int
    name: str
    label: str
    size: int
    sha256: str
    gone: bool


@dataclass(frozen=True)
class LineView:
    """One that was drawn, as far as the viewer may see it."""

    code: str
    draw: str
    number: int
    commitment: str
    """Empty where the viewer may not read the commitment."""
    title: str
    unit_name: str
    label: str
    stratum: str
    place: int
    ticket: str
    visit_date: date | None
    result: str
    result_label: str
    checked_date: date | None
    note: str
    files: tuple[FileView, ...]
    may_check: bool
    """Whether the viewer may record what was found."""
    own: bool
    """Whether the viewer would, but for a duty with the unit that owes."""
    may_overturn: bool
    """Whether the viewer may take back that it was kept."""
    version: int


@dataclass(frozen=True)
class StratumView:
    """One layer with what was found in it."""

    name: str
    size: int
    take: int
    chance: str
    true: int
    partly: int
    false: int
    unchecked: int

    @property
    def missing(self) -> int:
        """How many have no finding yet."""
        return self.take - self.true - self.partly - self.false - self.unchecked


@dataclass(frozen=True)
class EstimateView:
    """A share with its limits, in words and for a drawing of 100 by a few."""

    name: str
    said: str
    about: float
    about_worst: float
    low: float
    high: float
    """In percent."""
    least: int
    most: int
    size: int

    @property
    def width(self) -> float:
        """Of the interval, in percentage points."""
        return max(self.high - self.low, 0.4)


@dataclass(frozen=True)
class DrawDetail:
    """A draw whole."""

    code: str
    title: str
    unit: str
    unit_name: str
    from_date: date
    until_date: date
    status: str
    state: str
    frame_sha256: str
    population: int
    planned: int
    table_number: int
    table_edition: int
    source: SourceWords
    source_name: str
    source_number: str
    known_from: datetime
    fixed: FixedAt | None
    randomness: str
    randomness_known_at: datetime | None
    where: str
    closing: str
    strata: tuple[StratumView, ...]
    lines: tuple[LineView, ...]
    hidden: int
    """How many more were drawn that the viewer may not see."""
    minutes: tuple[FileView, ...]
    estimates: tuple[EstimateView, ...]
    whole: bool
    """Whether the viewer may read all of it."""
    recomputable: bool
    """Whether the viewer may have the files by which anyone can draw again."""
    steps: tuple[str, ...]
    """What the viewer may do now."""
    story: tuple[Told, ...]
    public: bool
    visibility_label: str
    version: int


def _fetch(code: str, viewer: Viewer) -> Draw:
    rows = Draw.objects.filter(visible_draws(viewer), code=code).select_related("unit")
    row = rows.first()
    if row is None:
        raise UnknownDraw(code)
    return row


def _files(rows: Sequence[DrawFile]) -> tuple[FileView, ...]:
    known = short_wording(row.name_text for row in rows)
    gone = erased(row.file_text for row in rows)
    return tuple(
        FileView(
            number=int(row.code.rpartition("/F")[2]),
            name=known[row.name_text],
            label=BY_MEDIA_TYPE[row.media_type].label,
            size=row.size,
            sha256=row.sha256,
            gone=row.file_text in gone,
        )
        for row in rows
    )


def _line(
    item: DrawnItem, viewer: Viewer, known: Mapping[str, Named], said: Mapping[str, str], draw: Draw
) -> LineView:
    commitment = known.get(item.commitment_id)
    checks = audits(draw.unit_id, viewer) and draw.status == DrawStatus.DRAWN
    own = item.unit_id in viewer.held_for
    reads_files = audits(draw.unit_id, viewer) or bool(commitment and commitment.judged)
    files = list(item.files.order_by(Length("code"), "code")) if reads_files else []
    return LineView(
        code=item.code,
        draw=draw.code,
        number=int(item.code.rpartition("/")[2]),
        commitment=commitment.code if commitment else "",
        title=commitment.title if commitment else "（未公开）",
        unit_name=public_unit_names().get(item.unit_id or "", "未明确责任单位"),
        label=item.label,
        stratum=item.stratum,
        place=item.place,
        ticket=item.ticket,
        visit_date=item.visit_date,
        result=item.result,
        result_label=RESULT_LABELS[Result(item.result)] if item.result else "未核查",
        checked_date=item.checked_date,
        note=said.get(item.note_text, ""),
        files=_files(files),
        may_check=checks and not own,
        own=checks and own,
        may_overturn=bool(
            commitment and commitment.may_overturn and item.result in (Result.FALSE, Result.PARTLY)
        ),
        version=item.version,
    )


def _lines(rows: Sequence[DrawnItem], draw: Draw, viewer: Viewer, today: date) -> list[LineView]:
    known = named(codes=[row.commitment_id for row in rows], viewer=viewer, today=today)
    said = short_wording(row.note_text for row in rows)
    return [_line(row, viewer, known, said, draw) for row in rows]


def _strata(frame: Sequence[Stratum], items: Sequence[tuple[str, str]]) -> tuple[StratumView, ...]:
    times = Counter(items)
    return tuple(
        StratumView(
            name=stratum.name,
            size=stratum.size,
            take=stratum.take,
            chance=_percent_of(stratum),
            true=times[stratum.name, Result.TRUE],
            partly=times[stratum.name, Result.PARTLY],
            false=times[stratum.name, Result.FALSE],
            unchecked=times[stratum.name, Result.UNCHECKED],
        )
        for stratum in frame
    )


def _estimates(result: Mapping[str, object]) -> tuple[EstimateView, ...]:
    if not result:
        return ()
    return tuple(
        _estimate_view(words, estimate_of(result, name))
        for name, words in (("strict", "不实"), ("wide", "不实和部分不实"))
    )


def _estimate_view(words: str, found: Estimate) -> EstimateView:
    return EstimateView(
        name=words,
        said=_share_words(found),
        about=float(found.about) * 100,
        about_worst=float(found.about_worst) * 100,
        low=float(found.low) * 100,
        high=float(found.high) * 100,
        least=found.least,
        most=found.most,
        size=found.size,
    )


def _steps(draw: Draw, viewer: Viewer, missing: int) -> tuple[str, ...]:
    if not audits(draw.unit_id, viewer):
        return ()
    if draw.status in ENDED:
        ended = CONCLUDED if draw.status == DrawStatus.CONCLUDED else CANCELLED
        return () if last_actor(draw.subject, ended) == viewer.actor else ("publish",)
    found = {
        DrawStatus.FRAMED: ["randomness"],
        DrawStatus.KNOWN: ["draw", "randomness"],
        DrawStatus.DRAWN: [] if missing else ["conclude"],
    }[DrawStatus(draw.status)]
    return (*found, "cancel")


def draw(*, code: str, viewer: Viewer, today: date, store: FileStore) -> DrawDetail:
    """One draw. Raises `UnknownDraw` for one not to be seen, `FrameAltered`, `FileMissing`."""
    row = _fetch(code, viewer)
    whole = audits(row.unit_id, viewer)
    public = row.visibility == "public"
    everything = list(row.items.order_by(Length("code"), "code"))
    shown_codes = set(row.items.filter(lines(viewer)).values_list("pk", flat=True))
    shown = [item for item in everything if item.pk in shown_codes]
    findings = [(item.stratum, item.result) for item in everything]
    said = short_wording([row.randomness_text, row.closing_text])
    open_to = whole or public
    minutes = list(row.files.filter(item=None).order_by("code")) if whole else []
    return DrawDetail(
        code=row.code,
        title=row.title,
        unit=row.unit_id,
        unit_name=row.unit.name,
        from_date=row.from_date,
        until_date=row.until_date,
        status=row.status,
        state=STATUS_LABELS[DrawStatus(row.status)],
        frame_sha256=row.frame_sha256,
        population=row.population,
        planned=row.planned,
        table_number=row.table_number,
        table_edition=row.table_edition,
        source=SOURCES[row.kind],
        source_name=row.source_name,
        source_number=row.source_number,
        known_from=row.known_from,
        fixed=fixed_at(row.code),
        randomness=row.randomness,
        randomness_known_at=row.randomness_known_at,
        where=said.get(row.randomness_text, ""),
        closing=said.get(row.closing_text, "") if open_to else "",
        strata=_strata(read_frame(frame_file(row, store)).strata, findings) if open_to else (),
        lines=tuple(_lines(shown, row, viewer, today)),
        hidden=len(everything) - len(shown) if open_to else 0,
        minutes=_files(minutes),
        estimates=_estimates(row.result) if open_to else (),
        whole=whole,
        recomputable=open_to,
        steps=_steps(row, viewer, sum(not result for _, result in findings)),
        story=told(thread_events(row.subject)[::-1], VERBS, viewer) if open_to else (),
        public=public,
        visibility_label=visibility_label(row.visibility),
        version=row.version,
    )


def draw_item(*, code: str, number: int, viewer: Viewer, today: date) -> tuple[DrawRow, LineView]:
    """One that was drawn, under its draw. Raises `UnknownDraw` for one not to be seen."""
    row = _fetch(code, viewer)
    rows = row.items.filter(lines(viewer), code=f"{code}/{number}")
    found = _lines(list(rows), row, viewer, today)
    if not found:
        raise UnknownDraw(f"{code}/{number}")
    (head,) = [each for each in draws(viewer=viewer) if each.code == code]
    return head, found[0]


def _recomputable(code: str, viewer: Viewer) -> Draw:
    row = _fetch(code, viewer)
    if not audits(row.unit_id, viewer) and row.visibility != "public":
        raise UnknownDraw(code)
    return row


def frame_download(*, code: str, viewer: Viewer, store: FileStore) -> bytes:
    """The very bytes of the frame. Raises `UnknownDraw`, `FrameAltered`, `FileMissing`."""
    return frame_file(_recomputable(code, viewer), store)


def bundle(*, code: str, viewer: Viewer, store: FileStore) -> bytes:
    """Everything by which anyone can draw and estimate again: frame, value, list, findings.

    Those drawn stand in it by their labels, so that it tells nothing of what is closed. Raises
    `UnknownDraw`, `FrameAltered`, `FileMissing`.
    """
    row = _recomputable(code, viewer)
    items = list(row.items.order_by(Length("code"), "code"))
    known_at = row.randomness_known_at
    drawn: list[Canonical] = [
        {"stratum": i.stratum, "place": i.place, "label": i.label, "ticket": i.ticket}
        for i in items
    ]
    # Findings leave as one set, when the last is there.
    concluded = row.status == DrawStatus.CONCLUDED
    findings: list[Canonical] = [{"label": i.label, "result": i.result} for i in items]
    return canonical_bytes(
        {
            "format": BUNDLE,
            "draw": row.code,
            "frame_sha256": row.frame_sha256,
            "frame": frame_file(row, store).decode(),
            "randomness": row.randomness,
            "known_at": instant_text(known_at) if known_at else "",
            "drawn": drawn,
            "findings": findings if concluded else [],
            "result": row.result,
        }
    )


@dataclass(frozen=True)
class DrawServing:
    """A file of a draw as it may be served."""

    sha256: str
    media_type: str
    name: str


def draw_file(*, code: str, item: int | None, number: int, viewer: Viewer) -> DrawServing:
    """A file, for those who check or who judged what was checked. Raises `UnknownDraw`."""
    row = _fetch(code, viewer)
    owner = code if item is None else f"{code}/{item}"
    rows = DrawFile.objects.filter(draw=row, code=f"{owner}/F{number}").select_related("item")
    found = rows.first()
    if found is None or erased([found.file_text]):
        raise UnknownDraw(f"{owner}/F{number}")
    judged = (
        found.item is not None
        and DrawnItem.objects.filter(lines(viewer), pk=found.item_id).exists()
        and any(
            each.judged
            for each in named(
                codes=[found.item.commitment_id], viewer=viewer, today=civil_date(row.known_from)
            ).values()
        )
    )
    if not audits(row.unit_id, viewer) and not judged:
        raise UnknownDraw(f"{owner}/F{number}")
    kind = BY_MEDIA_TYPE[found.media_type]
    return DrawServing(
        sha256=found.sha256,
        media_type=found.media_type,
        name=download_name(short_wording([found.name_text])[found.name_text], kind),
    )


def to_do(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """What draws wait for: the randomness, the draw, findings on site, the conclusion."""
    if not viewer.auditor_of | viewer.supervisor_of:
        return ()
    rows = Draw.objects.filter(whole_draws(viewer)).exclude(status__in=ENDED)
    # An office's supervisor is not pressed by what an auditor above draws, nor the reverse.
    found: list[ToDo] = []
    for row in rows.filter(unit__in=viewer.held_for).order_by("known_from", "code"):
        found += _waiting(row, today)
    return tuple(found)


def _waiting(row: Draw, today: date) -> list[ToDo]:
    known_from = civil_date(row.known_from)
    if row.status == DrawStatus.FRAMED:
        if known_from > today:
            return []
        under = f"{row.source_name} {row.source_number}，{known_from} 起可知"
        return [_todo(row, known_from, "录入随机数", under)]
    if row.status == DrawStatus.KNOWN:
        return [_todo(row, known_from, "抽取", "随机数已录入")]
    items = list(row.items.filter(result=""))
    base = civil_date(row.randomness_known_at) if row.randomness_known_at else known_from
    due = base + timedelta(days=FINDINGS_DAYS)
    if not items:
        return [_todo(row, due, "得出结论", f"{row.planned} 项都已核查")]
    dates = [item.visit_date for item in items if item.visit_date]
    return [_todo(row, min([due, *dates]), "现场核查", f"还有 {len(items)} 项没有核查结论")]


def _todo(row: Draw, due: date, what: str, under: str) -> ToDo:
    return ToDo(due=due, what=what, title=row.title, under=under, page="draw", args=(row.code,))


@dataclass(frozen=True)
class LatestEstimate:
    """The last conclusion of a unit, for a snapshot."""

    code: str
    title: str
    unit: str
    unit_name: str
    from_date: date
    until_date: date
    size: int
    drawn: int
    false: int
    partly: int
    unchecked: int
    said: str
    """The share of false reports with its limits, in words."""
    low: str
    high: str
    """In percent, without a sign."""


def latest_estimates(*, viewer: Viewer, on: date) -> tuple[LatestEstimate, ...]:
    """Of each unit the concluded draw of the latest period that ended by a day, by unit."""
    rows = Draw.objects.filter(visible_draws(viewer), status=DrawStatus.CONCLUDED)
    rows = rows.filter(until_date__lte=on).select_related("unit")
    last: dict[str, Draw] = {}
    for row in rows.order_by("until_date", "known_from", "code"):
        if audits(row.unit_id, viewer) or row.visibility == "public":
            last[row.unit_id] = row
    return tuple(_latest(row) for _, row in sorted(last.items()))


def _latest(row: Draw) -> LatestEstimate:
    found, times = estimate_of(row.result, "strict"), row.result["found"]
    return LatestEstimate(
        code=row.code,
        title=row.title,
        unit=row.unit_id,
        unit_name=row.unit.name,
        from_date=row.from_date,
        until_date=row.until_date,
        size=found.size,
        drawn=found.drawn,
        false=times[Result.FALSE],
        partly=times[Result.PARTLY],
        unchecked=times[Result.UNCHECKED],
        said=_share_words(found),
        low=percent(found.low, up=False),
        high=percent(found.high, up=True),
    )
