"""佐证材料: handing files in with a report or a delivery, or later; and passing them one by one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.commitments.attachments import may_add
from yinuo.commitments.commands import deliver as debtor
from yinuo.commitments.commands.rows import fetch
from yinuo.commitments.errors import Invalid, UnknownEvidence, WrongState
from yinuo.commitments.life import Visibility
from yinuo.commitments.models import Commitment, Evidence
from yinuo.commitments.models.evidence import HANDED_IN, PUBLISHED
from yinuo.commitments.permission import act_as_creditor, act_as_debtor, inside
from yinuo.commitments.wording import wording
from yinuo.commitments.words import status_label
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.kernel.media.attached import Attached
from yinuo.kernel.media.formats import size_words
from yinuo.ledger.commands.recording import By, command, put_text, record, record_new
from yinuo.ledger.erased import erased
from yinuo.ledger.history import last_actor
from yinuo.parties.viewer import NotAllowed, Viewer

FIELD = "evidence"
"""The field at which faults of files stand."""
MOST = 200
"""Files of one commitment."""


@dataclass(frozen=True)
class Kept:
    """A file that lies in the store and whose row is still to be written."""

    name: str
    label: str
    """Of its format."""
    media_type: str
    size: int
    sha256: str


def keep(*, files: Sequence[Attached], store: FileStore) -> tuple[Kept, ...]:
    """Put files onto the disk, outside any transaction; until a row names them they are strays."""
    return tuple(
        Kept(
            name=each.name,
            label=each.format.label,
            media_type=each.format.media_type,
            size=each.size,
            sha256=store.put(each.file),
        )
        for each in files
    )


@command("report.make_with_evidence")
def report(
    *,
    commitment: str,
    as_of_date: date,
    value: str = "",
    note: str,
    files: Sequence[Kept],
    store: FileStore,
    by: Viewer,
    at: datetime,
) -> str:
    """Report progress together with files that show it; returns the report's code.

    Raises what `deliver.report` does, `Invalid` for files, and `FileMissing`.
    """
    made = debtor.report(
        commitment=commitment, as_of_date=as_of_date, value=value, note=note, by=by, at=at
    )
    row = fetch(commitment, by, None)
    _hand_in(row, to=f"report:{made}", files=files, store=store, by=by, at=at)
    return made


@command("commitment.deliver_with_evidence")
def deliver(
    *,
    commitment: str,
    delivered_date: date,
    note: str,
    files: Sequence[Kept],
    store: FileStore,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Declare a commitment delivered together with files that show it.

    Raises what `deliver.deliver` does, `Invalid` for files, and `FileMissing`.
    """
    debtor.deliver(
        commitment=commitment,
        delivered_date=delivered_date,
        note=note,
        by=by,
        at=at,
        version=version,
    )
    row = fetch(commitment, by, None)
    _hand_in(row, to=row.subject, files=files, store=store, by=by, at=at)


@command("evidence.add")
def add(
    *,
    commitment: str,
    to: str,
    files: Sequence[Kept],
    store: FileStore,
    by: Viewer,
    at: datetime,
) -> tuple[str, ...]:
    """Hand in more files to a report that was made (`report:X/R2`) or to the delivery that waits.

    Returns their codes. Raises `NotAllowed`, `WrongState` once nobody may add to it any more,
    `Invalid` and `FileMissing`.
    """
    row = fetch(commitment, by, None)
    act_as_debtor(row, by)
    if not files:
        raise Invalid(commitment, [(FIELD, "请选择文件")])
    if not may_add(row, to):
        raise WrongState(commitment, status_label(row.status), "为它补充佐证材料")
    return _hand_in(row, to=to, files=files, store=store, by=by, at=at)


def _hand_in(
    row: Commitment, *, to: str, files: Sequence[Kept], store: FileStore, by: Viewer, at: datetime
) -> tuple[str, ...]:
    """Write the rows of files that are on the disk; the commitment is locked."""
    acting = act_as_debtor(row, by)
    before = list(row.evidence.all())
    faults = [*_duplicates(files, before), *_erased_before(files)]
    if len(before) + len(files) > MOST:
        faults.append(f"一项承诺最多 {MOST} 个文件，已有 {len(before)} 个")
    if faults:
        raise Invalid(row.code, [(FIELD, fault) for fault in faults])
    for each in files:
        if store.size(each.sha256) != each.size:
            raise FileMissing(each.sha256, "的大小与提交的不同")
    first = max((int(e.code.rpartition("/E")[2]) for e in before), default=0) + 1
    made = [
        _evidence(f"{row.code}/E{number}", each, row, to)
        for number, each in enumerate(files, start=first)
    ]
    record_new(made, verb=HANDED_IN, by=acting, at=at)
    return tuple(each.code for each in made)


def _evidence(code: str, kept: Kept, row: Commitment, to: str) -> Evidence:
    about = f"文件 {code}：{kept.label}，{size_words(kept.size)}，SHA-256 {kept.sha256}"
    return Evidence(
        code=code,
        commitment=row,
        unit_id=str(row.lead_id),
        belongs_to=to,
        name_text=put_text(kept.name),
        file_text=put_text(about),
        media_type=kept.media_type,
        size=kept.size,
        sha256=kept.sha256,
    )


def _duplicates(files: Sequence[Kept], before: Iterable[Evidence]) -> list[str]:
    """Files that the commitment has already, or that were chosen twice."""
    old = {each.sha256: each for each in before}
    names = wording(each.name_text for each in old.values())
    faults = [
        f"“{each.name}”和已提交的 {old[each.sha256].code}“{names[old[each.sha256].name_text]}”"
        "内容完全相同，不必再交"
        for each in files
        if each.sha256 in old
    ]
    for sha256, times in Counter(each.sha256 for each in files).items():
        if times > 1:
            same = "、".join(f"“{each.name}”" for each in files if each.sha256 == sha256)
            faults.append(f"{same}内容完全相同，请只选一个")
    return faults


def _erased_before(files: Sequence[Kept]) -> list[str]:
    """Files that the law had erased here: they do not come back through another door."""
    same = Evidence.objects.filter(sha256__in={each.sha256 for each in files})
    texts = dict(same.values_list("file_text", "sha256"))
    gone = {texts[reference] for reference in erased(texts)}
    return [f"“{each.name}”的内容已依法删除，不能再次提交" for each in files if each.sha256 in gone]


def _fetch_evidence(code: str, by: Viewer, version: int | None) -> Evidence:
    """The evidence, locked; one that the actor may not see through a duty does not exist."""
    rows = Evidence.objects.select_for_update(of=("self",)).select_related("commitment")
    seen = Commitment.objects.filter(inside(by)) if by.signed_in else Commitment.objects.none()
    row = rows.filter(code=code, commitment__in=seen.values("pk")).first()
    if row is None:
        raise UnknownEvidence(code)
    if version is not None and row.version != version:
        row.version = version  # the guarded write then refuses it as stale
    return row


@command("evidence.publish")
def publish(
    *,
    evidence: str,
    visibility: Visibility,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Set who may see one file (公开前保密审查); it becomes public only under a public commitment.

    The reviewer is of the creditor's side and is not the person who handed it in. Raises
    `UnknownEvidence`, `NotAllowed`, `Invalid`, `StaleVersion`.
    """
    row = _fetch_evidence(evidence, by, version)
    acting = _reviewer(row, by)
    faults = []
    if row.visibility == visibility:
        faults.append(("visibility", "已经是这个公开类型"))
    if visibility == Visibility.PUBLIC and row.commitment.visibility != Visibility.PUBLIC:
        faults.append(("visibility", "这项承诺本身没有公开，它的文件也不能公开"))
    if visibility == Visibility.PUBLIC and erased([row.file_text]):
        faults.append(("visibility", "文件已依法删除，没有可以公开的内容"))
    if faults:
        raise Invalid(row.code, faults)
    row.visibility = visibility
    record(row, verb=PUBLISHED, by=acting, at=at)


def _reviewer(row: Evidence, by: Viewer) -> By:
    acting = act_as_creditor(row.commitment, by)
    if last_actor(row.subject, HANDED_IN) == by.actor:
        raise NotAllowed("提交人不能审查自己提交的文件", place=row.code)
    return acting
