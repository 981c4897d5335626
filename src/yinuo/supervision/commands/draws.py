"""Random checks: the frame first, then public randomness, then the draw, then what was found."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils.formats import date_format

from yinuo.commitments.commands.deliver import note_faults
from yinuo.commitments.commands.evidence import Kept
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.reported_kept import named
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.kernel.instants import SHANGHAI, civil_date
from yinuo.kernel.media.formats import size_words
from yinuo.ledger.commands.recording import By, command, one_at_a_time, put_text, record, record_new
from yinuo.ledger.history import last_actor
from yinuo.notices.commands.tell import Telling, tell
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.auditing import act_as_auditor, act_as_checker, visible_draws, whole_draws
from yinuo.supervision.draws.counting import counted, result_data
from yinuo.supervision.draws.estimate import estimate
from yinuo.supervision.draws.frame import Announced, draw_from, frame_bytes
from yinuo.supervision.draws.life import (
    CANCELLED,
    CONCLUDED,
    DRAWN,
    ENDED,
    FRAMED,
    KNOWN,
    LIFE,
    PUBLISHED,
    RESULT_LABELS,
    STATUS_LABELS,
    DrawStatus,
    Result,
)
from yinuo.supervision.draws.randomness import Source, canonical_value
from yinuo.supervision.errors.draws import (
    FrameNotSealed,
    NotAllFound,
    RandomnessTooEarly,
    UnknownDraw,
    WrongDrawState,
)
from yinuo.supervision.framing import assemble, codes_behind, fixed_at, frame_file, framed
from yinuo.supervision.models import Draw, DrawFile, DrawnItem

LONGEST_TITLE, LONGEST_NAME, LONGEST_NUMBER = 120, 80, 60
LATEST_FILES = 200
"""Files of one draw."""
FILES = "evidence"
"""The field at which faults of files stand."""


def _moment(value: datetime) -> str:
    return date_format(value.astimezone(SHANGHAI), "Y年n月j日 H:i:s")


def _fetch(code: str, by: Viewer, version: int | None) -> Draw:
    """The draw, locked; one that the actor does not read whole does not exist."""
    rows = Draw.objects.select_for_update(of=("self",))
    row = rows.filter(whole_draws(by), code=code).first()
    if row is None:
        if Draw.objects.filter(visible_draws(by), code=code).exists():
            raise NotAllowed("只有审计人，或这个单位的督查人，可以抽查", place=code)
        raise UnknownDraw(code)
    if version is not None and row.version != version:
        row.version = version  # the guarded write then refuses it as stale
    return row


def _advance(row: Draw, verb: str, wanted: str) -> None:
    target = LIFE.target(row.status, verb)
    if target is None:
        raise WrongDrawState(row.code, STATUS_LABELS[DrawStatus(row.status)], wanted)
    row.status = target


def _line_faults(field: str, label: str, value: str, longest: int) -> list[tuple[str, str]]:
    if not value.strip():
        return [(field, f"请填写{label}")]
    if len(value) > longest:
        return [(field, f"{label}最多 {longest} 字，现有 {len(value)} 字")]
    return []


LOCK = 0x7961_4452
"""Key of the PostgreSQL advisory lock that lets one draw be numbered at a time."""


def _next_code(year: int) -> str:
    one_at_a_time(LOCK)
    start = f"CC{year}-"
    taken = Draw.objects.filter(code__startswith=start).values_list("code", flat=True)
    return f"{start}{max((int(code.removeprefix(start)) for code in taken), default=0) + 1}"


@command("draw.frame")
def frame(
    *,
    unit: str,
    title: str,
    from_date: date,
    until_date: date,
    source: str,
    source_name: str,
    source_number: str,
    known_from: datetime,
    store: FileStore,
    by: Viewer,
    at: datetime,
) -> str:
    """Fix what will be drawn from, and announce the randomness that will decide; returns the code.

    The frame holds what was reported as kept from `from_date` to `until_date`, both included. Its
    hash is on the ledger with this entry. Raises `NotAllowed`, `Invalid`, `NoStrata`,
    `NothingToDraw` and `StrataUnfit`.
    """
    acting = act_as_auditor(unit, by, place=unit)
    faults = _line_faults("title", "名称", title, LONGEST_TITLE)
    faults += _line_faults("source_name", "随机数来源", source_name, LONGEST_NAME)
    faults += _line_faults("source_number", "期号", source_number, LONGEST_NUMBER)
    if source not in set(Source):
        faults.append(("source", "请选择随机数的种类"))
    if from_date > until_date:
        faults.append(("until_date", "止于的日期早于起始日期"))
    if until_date > civil_date(at):
        faults.append(("until_date", f"{until_date} 还没有到"))
    if known_from <= at:
        faults.append(("known_from", "要选还没有开出的一期：公布时间应在现在以后"))
    if faults:
        raise Invalid(unit, faults)
    assembled = assemble(
        unit=unit, start=from_date, end=until_date, viewer=by, today=civil_date(at)
    )
    code = _next_code(civil_date(at).year)
    announced = Announced(source, source_name.strip(), source_number.strip(), known_from)
    made, key = framed(
        assembled, draw=code, unit=unit, start=from_date, end=until_date, source=announced
    )
    row = Draw(
        code=code,
        unit_id=unit,
        title=title.strip(),
        from_date=from_date,
        until_date=until_date,
        frame_sha256=store.put(BytesIO(frame_bytes(made))),
        key_sha256=store.put(BytesIO(key)),
        population=len(made.rows),
        planned=sum(stratum.take for stratum in made.strata),
        table_number=assembled.table.number,
        table_edition=assembled.table.edition,
        source=source,
        source_name=announced.name,
        source_number=announced.number,
        known_from=known_from,
    )
    record(row, verb=FRAMED, by=acting, at=at)
    return code


@command("draw.enter_randomness")
def enter_randomness(
    *,
    draw: str,
    value: str,
    known_at: datetime,
    where: str,
    files: Sequence[Kept] = (),
    store: FileStore,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> str:
    """Enter the value of the announced randomness, and return it in its one form.

    `known_at` is when it became known, `where` where anyone can look it up. Dice need the minutes
    as a file. A value typed wrongly can be entered again until the draw. Raises `UnknownDraw`,
    `WrongDrawState`, `NoSuchValue`, `FrameNotSealed`, `RandomnessTooEarly`, `Invalid`.
    """
    row = _fetch(draw, by, version)
    acting = act_as_auditor(row.unit_id, by, place=row.code)
    _advance(row, KNOWN, "录入随机数")
    faults = note_faults("where", "查证的地方", where)
    if known_at > at:
        faults.append(("known_at", "公布时间在将来"))
    if row.kind is Source.DICE and not files and not row.files.filter(item=None).exists():
        faults.append((FILES, "当众掷骰要附笔录：写明在场的人、每次的点数"))
    if faults:
        raise Invalid(row.code, faults)
    _check_order(row, known_at)
    row.randomness = canonical_value(row.kind, value)
    row.randomness_known_at = known_at
    row.randomness_text = put_text(where)
    record(row, verb=KNOWN, by=acting, at=at)
    _hand_in(row, None, files=files, store=store, acting=acting, at=at)
    return row.randomness


def _check_order(row: Draw, known_at: datetime) -> None:
    """The frame came first, provably, and the value not before it was announced to come."""
    fixed = fixed_at(row.code)
    if fixed is None or fixed.proven_at is None:
        raise FrameNotSealed(row.code)
    if known_at <= fixed.proven_at:
        raise RandomnessTooEarly(
            row.code,
            f"随机数在 {_moment(known_at)} 就已知道，"
            f"抽样框到 {_moment(fixed.proven_at)} 才固定：顺序反了，不能采用",
        )
    if known_at < row.known_from:
        raise RandomnessTooEarly(
            row.code,
            f"公告说最早 {_moment(row.known_from)} 才知道，"
            f"录入的公布时间却是 {_moment(known_at)}：不是公告的那一期",
        )


@command("draw.draw")
def draw(
    *, draw: str, store: FileStore, by: Viewer, at: datetime, version: int | None = None
) -> tuple[str, ...]:
    """Draw: whoever does it, and whoever does it again, gets the same. Returns the items' codes.

    Raises `UnknownDraw`, `WrongDrawState`, `FrameAltered` and `FileMissing`.
    """
    row = _fetch(draw, by, version)
    acting = act_as_auditor(row.unit_id, by, place=row.code)
    _advance(row, DRAWN, "抽取")
    found = draw_from(frame_file(row, store), row.randomness)
    codes = codes_behind(row, store)
    owed = named(codes=[codes[each.label] for each in found], viewer=by, today=civil_date(at))
    items = [
        DrawnItem(
            code=f"{row.code}/{number}",
            draw=row,
            commitment_id=codes[each.label],
            unit_id=owed[codes[each.label]].lead if codes[each.label] in owed else None,
            label=each.label,
            stratum=each.stratum,
            place=each.place,
            ticket=each.ticket,
        )
        for number, each in enumerate(found, start=1)
    ]
    record(row, verb=DRAWN, by=acting, at=at)
    record_new(items, verb="drawn.drawn", by=acting, at=at)
    return tuple(item.code for item in items)


def _fetch_item(code: str, by: Viewer, version: int | None) -> DrawnItem:
    """One that was drawn, locked with its draw."""
    _fetch(code.rpartition("/")[0], by, None)
    rows = DrawnItem.objects.select_for_update(of=("self",)).select_related("draw")
    row = rows.filter(code=code).first()
    if row is None:
        raise UnknownDraw(code)
    if row.draw.status != DrawStatus.DRAWN:
        state = STATUS_LABELS[DrawStatus(row.draw.status)]
        raise WrongDrawState(code, state, "录入核查")
    if version is not None and row.version != version:
        row.version = version
    return row


@command("draw.set_visit")
def set_visit(
    *, item: str, visit_date: date, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Tell the unit on which day it will be visited; without this it learns of it on the day.

    Raises `UnknownDraw`, `WrongDrawState`, `NotAllowed`, `Invalid`.
    """
    row = _fetch_item(item, by, version)
    acting = act_as_checker(row, by)
    if visit_date < civil_date(at):
        raise Invalid(item, [("visit_date", f"{visit_date} 已经过去")])
    row.visit_date = visit_date
    record(row, verb="drawn.visit_set", by=acting, at=at)
    if row.unit_id:
        told = Telling(
            to_unit=row.unit_id,
            role="officer",
            topic="draw.visit",
            title=f"随机抽查：{visit_date.month}月{visit_date.day}日现场核查 {row.commitment_id}",
            body="请备好能证明已完成的材料，并安排熟悉情况的人在场。",
            page="draw_item",
            args=(row.draw_id, item.rpartition("/")[2]),
            about=row.subject,
            due=visit_date,
        )
        tell(tellings=[told], at=at)


@command("draw.find")
def find(
    *,
    item: str,
    result: str,
    checked_date: date,
    note: str,
    files: Sequence[Kept] = (),
    store: FileStore,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Record what was found on site, or why it could not be looked at; nothing takes its place.

    Until the draw is concluded a finding can be given again; every one stays on the ledger. The
    finder holds no duty with the unit that owes. Raises `UnknownDraw`, `WrongDrawState`,
    `NotAllowed`, `Invalid`.
    """
    row = _fetch_item(item, by, version)
    acting = act_as_checker(row, by)
    faults = note_faults("note", "核查情况", note)
    if result not in set(Result):
        faults.append(("result", "请选择核查结论"))
    if checked_date > civil_date(at):
        faults.append(("checked_date", f"核查日期 {checked_date} 晚于今天"))
    if faults:
        raise Invalid(item, faults)
    row.result = result
    row.checked_date = checked_date
    row.note_text = put_text(note)
    record(row, verb="drawn.found", by=acting, at=at)
    _hand_in(row.draw, row, files=files, store=store, acting=acting, at=at)
    if result in (Result.FALSE, Result.PARTLY):
        _tell_office(row, Result(result), by, at)


def _tell_office(row: DrawnItem, result: Result, by: Viewer, at: datetime) -> None:
    """Whoever verified it has to decide whether it still counts as kept."""
    found = named(codes=[row.commitment_id], viewer=by, today=civil_date(at)).get(row.commitment_id)
    if found is None:
        return
    told = Telling(
        to_unit=found.office,
        role="supervisor",
        topic="draw.found",
        title=f"抽查结论“{RESULT_LABELS[result]}”：{row.commitment_id}",
        body="请看核查情况，决定是否推翻“已兑现”的结论。",
        page="draw_item",
        args=(row.draw_id, row.code.rpartition("/")[2]),
        about=row.subject,
    )
    tell(tellings=[told], at=at)


def _hand_in(
    draw: Draw,
    item: DrawnItem | None,
    *,
    files: Sequence[Kept],
    store: FileStore,
    acting: By,
    at: datetime,
) -> None:
    """Write the rows of files that are on the disk; the draw is locked."""
    if not files:
        return
    before = DrawFile.objects.filter(draw=draw)
    if before.count() + len(files) > LATEST_FILES:
        raise Invalid(draw.code, [(FILES, f"一次抽查最多 {LATEST_FILES} 个文件")])
    for each in files:
        if store.size(each.sha256) != each.size:
            raise FileMissing(each.sha256, "的大小与提交的不同")
    owner: Any = item or draw
    start = f"{owner.code}/F"
    first = before.filter(item=item).count() + 1
    made = [_file(f"{start}{number}", each, draw, item) for number, each in enumerate(files, first)]
    record_new(made, verb="draw_file.handed_in", by=acting, at=at)


def _file(code: str, kept: Kept, draw: Draw, item: DrawnItem | None) -> DrawFile:
    about = f"文件 {code}：{kept.label}，{size_words(kept.size)}，SHA-256 {kept.sha256}"
    return DrawFile(
        code=code,
        draw=draw,
        item=item,
        name_text=put_text(kept.name),
        file_text=put_text(about),
        media_type=kept.media_type,
        size=kept.size,
        sha256=kept.sha256,
    )


@command("draw.conclude")
def conclude(
    *,
    draw: str,
    note: str,
    store: FileStore,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Conclude: every one that was drawn has a finding, and the estimate is written down for good.

    Raises `UnknownDraw`, `WrongDrawState`, `NotAllFound`, `Invalid`.
    """
    row = _fetch(draw, by, version)
    acting = act_as_auditor(row.unit_id, by, place=row.code)
    _advance(row, CONCLUDED, "得出结论")
    faults = note_faults("note", "结论", note)
    if faults:
        raise Invalid(row.code, faults)
    items = list(row.items.all())
    missing = sorted(item.code for item in items if not item.result)
    if missing:
        raise NotAllFound(row.code, missing)
    findings = [(item.stratum, item.result) for item in items]
    strata = counted(frame_file(row, store), findings)
    row.result = result_data(
        strict=estimate(strata.strict), wide=estimate(strata.wide), findings=findings
    )
    row.closing_text = put_text(note)
    record(row, verb=CONCLUDED, by=acting, at=at)


@command("draw.cancel")
def cancel(*, draw: str, note: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Give a draw up, with the reason; it stays in the list, and its number is not used again.

    Raises `UnknownDraw`, `WrongDrawState`, `Invalid`.
    """
    row = _fetch(draw, by, version)
    acting = act_as_auditor(row.unit_id, by, place=row.code)
    _advance(row, CANCELLED, "作废")
    faults = note_faults("note", "作废的理由", note)
    if faults:
        raise Invalid(row.code, faults)
    row.closing_text = put_text(note)
    record(row, verb=CANCELLED, by=acting, at=at)


@command("draw.publish")
def publish(
    *,
    draw: str,
    visibility: Visibility,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Set who may see a draw that has ended (公开前保密审查), by another person than ended it.

    Raises `UnknownDraw`, `WrongDrawState`, `NotAllowed`, `Invalid`.
    """
    row = _fetch(draw, by, version)
    acting = act_as_auditor(row.unit_id, by, place=row.code)
    if row.status not in ENDED:
        raise WrongDrawState(row.code, STATUS_LABELS[DrawStatus(row.status)], "公开")
    ended = CONCLUDED if row.status == DrawStatus.CONCLUDED else CANCELLED
    if last_actor(row.subject, ended) == by.actor:
        raise NotAllowed(
            "得出结论的人不能审查它的公开",
            place=row.code,
            next_step="请由另一名审计人或督查人审查",
        )
    if row.visibility == visibility:
        raise Invalid(row.code, [("visibility", "已经是这个公开类型")])
    row.visibility = visibility
    record(row, verb=PUBLISHED, by=acting, at=at)
