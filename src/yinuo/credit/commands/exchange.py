"""Records to another platform and from one, as signed packages with receipts.

    current release ──send──→ package.zip ──→ the platform ──→ receipt.note ──take_receipt──→ row
    the platform ──→ package.zip ──receive──→ batch of the source, receipt.note ──→ the platform

Files are made and checked before a transaction opens. The same package again gives the same answer.
"""

import csv
import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from yinuo.credit.commands.landing import Landed, land
from yinuo.credit.double_publicity.columns import Decision
from yinuo.credit.double_publicity.exporting import MARK, write_csv
from yinuo.credit.errors.exchange import (
    NotForUs,
    NothingToSend,
    NumberTaken,
    WrongReceipt,
)
from yinuo.credit.exchange import manifest as manifests
from yinuo.credit.exchange import receipt as receipts
from yinuo.credit.exchange.kept import EXCHANGE, PACKAGE, RECEIPT, ROWS, SENT
from yinuo.credit.exchange.lateness import days_late
from yinuo.credit.exchange.manifest import CONTENTS, Manifest
from yinuo.credit.exchange.packing import Unpacked, item, note_digest, pack, unpack
from yinuo.credit.exchange.peers import Peer, opened, peer_named
from yinuo.credit.exchange.receipt import FIRST_LINE, Receipt, Refused
from yinuo.credit.exchange_room import known, room
from yinuo.credit.means import Means, folder_of, source_of
from yinuo.credit.models import CreditBatch, ExchangePackage
from yinuo.credit.models.exchange import ANSWERED, DOWN, MADE, UP
from yinuo.credit.permission import acting_for_centre
from yinuo.credit.publishing.live import live
from yinuo.credit.released import opened as opened_release
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.durable import write_through
from yinuo.kernel.instants import civil_date
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.engine import DuckDB
from yinuo.lake.records.batch import open_batch
from yinuo.lake.records.reasons import Reason
from yinuo.lake.releases.release import open_release
from yinuo.lake.workplace import settle, sweep, workplace
from yinuo.ledger.commands.recording import By, command, one_at_a_time, record
from yinuo.ledger.tlog.note import Signer, sign
from yinuo.parties.viewer import Viewer

LOCK = 0x7961_4A48
PIECE = 65_536
LETTERS = "letters"
CODE_NAME = "承诺编码"
DAY_NAME = "承诺作出日期"
NOT_ALLOWED = "只有信用中心的经办人可以与其他平台交换信用数据"


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A package that was made."""

    code: str
    number: str
    path: Path
    rows: int
    late: int
    left_out: int


@dataclass(frozen=True, kw_only=True)
class Received:
    """What a package that came was answered."""

    code: str
    number: str
    already: bool
    """Whether it had come before: nothing was changed, and the answer is the same."""
    path: Path
    """The signed receipt."""
    receipt: Receipt
    batch: str


# ── up ─────────────────────────────────────────────────────────────────────────────────────────


def send(
    *,
    content: str,
    to: str,
    peers: Mapping[str, Peer],
    signer: Signer,
    calendar: Calendar,
    letters: Sequence[Mapping[str, str]] = (),
    left_out: int = 0,
    simulated: bool = False,
    means: Means,
    by: Viewer,
    at: datetime,
) -> Sent:
    """Make a package of everything that was not sent to that platform yet.

    Licences and penalties come from the current release; `letters` are given, under the names of
    the form, and `left_out` says how many lack what it requires. What was refused is sent again
    once it was corrected. Raises `NotAllowed`, `UnknownPeer`, `NotForUs`, `NoRelease`,
    `NothingToSend`.
    """
    acting = acting_for_centre(means, by, place=CONTENTS.get(content, content), what=NOT_ALLOWED)
    peer = _taker(content, to, peers)
    before = _sent_before(content, peer)
    with _making(means) as place:
        data = place / f"{content}.csv"
        earlier = known(means, before)
        if content == LETTERS:
            table, made_up = _write_letters(letters, earlier, data), simulated
        else:
            table, made_up = _write_facts(content, earlier, data, means)
        if not table.num_rows:
            raise NothingToSend(CONTENTS[content], left_out)
        said = Manifest(
            number=f"{civil_date(at):%Y%m%d}-{content}-{len(before) + 1}",
            sender=signer.name,
            receiver=peer.key.name,
            content=content,
            made_at=at,
            simulated=made_up,
            files=(item(data, name=data.name, rows=table.num_rows),),
        )
        note = sign(said.text(), signer)
        folder = _packed(place, data, table, note, means)
    row = _record_sent(
        said,
        note,
        seen=len(before),
        late=_late(content, table, civil_date(at), calendar),
        left_out=left_out,
        unit=source_of(means, content).owner,
        acting=acting,
        at=at,
    )
    return _sent(row, folder)


def _taker(content: str, to: str, peers: Mapping[str, Peer]) -> Peer:
    """The platform that takes it. Raises `UnknownPeer`, `NotForUs`."""
    peer = peer_named(peers, to)
    if content not in peer.takes:
        raise NotForUs(content, f"{peer.title}不收{CONTENTS.get(content, content)}")
    return peer


def _sent_before(content: str, peer: Peer) -> list[ExchangePackage]:
    rows = ExchangePackage.objects.filter(direction=UP, peer=peer.key.name, content=content)
    return list(rows.order_by("made_at", "code"))


@contextmanager
def _making(means: Means) -> Iterator[Path]:
    """A folder to work in; what killed runs left in theirs, records among it, is removed first."""
    into = means.lake / EXCHANGE
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(into)
    with workplace(into, "making") as folder:
        yield folder


def _packed(place: Path, data: Path, table: pa.Table, note: str, means: Means) -> Path:
    """The folder of the package, under its name; one that a crash left there is made anew."""
    pack({data.name: data}, note, place / PACKAGE)
    data.unlink()
    pq.write_table(table, place / ROWS)
    folder = room(means, UP, note_digest(note)[:16])
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        shutil.rmtree(folder)
    settle(place, folder)
    return folder


def _sent(row: ExchangePackage, folder: Path) -> Sent:
    return Sent(
        code=row.code,
        number=row.number,
        path=folder / PACKAGE,
        rows=row.rows,
        late=row.late,
        left_out=row.left_out,
    )


def _write_facts(content: str, earlier: pa.Table, out: Path, means: Means) -> tuple[pa.Table, bool]:
    """The file, and which record stands in which line of it; whether any of it is made up."""
    described = source_of(means, content)
    with opened_release(means) as release, DuckDB(memory=means.memory) as engine:
        state = open_release(means.lake, release.row.lake_id).sources.get(content)
        live(engine, described, state.batches if state else (), "live_sent")
        engine.hold("known", earlier)
        new = (
            "SELECT * FROM live_sent AS l WHERE NOT EXISTS (SELECT 1 FROM known AS k "
            "WHERE k.record = l.record AND k.content = l.content) ORDER BY record"
        )
        engine.write(new, out.parent / "facts")
        made_up = release.row.simulated
    path = out.parent / "facts" / "0.parquet"
    with pq.ParquetFile(path) as file:
        facts = (pa.Table.from_batches([batch]) for batch in file.iter_batches(PIECE))
        count = write_csv(facts, Decision(content), out)
    table = pq.read_table(path, columns=["record", "content", "document", "decided_on"])
    shutil.rmtree(out.parent / "facts")
    return _places(table, out.name, count), made_up


def _places(table: pa.Table, name: str, count: int) -> pa.Table:
    columns = [
        pa.array([name] * count, pa.string()),
        pa.array(range(FIRST_LINE, count + FIRST_LINE), pa.int64()),
        *(table[field.name] for field in list(SENT)[2:]),
    ]
    return pa.table(columns, schema=SENT)


def _write_letters(letters: Sequence[Mapping[str, str]], earlier: pa.Table, out: Path) -> pa.Table:
    sent = set(zip(*(earlier[column].to_pylist() for column in earlier.column_names), strict=True))
    new = [
        (each, digest)
        for each in sorted(letters, key=lambda one: one[CODE_NAME])
        if (each[CODE_NAME], digest := _digest(each)) not in sent
    ]
    with out.open("w", encoding="utf-8", newline="") as file:
        file.write(MARK)
        if new:
            writer = csv.DictWriter(file, list(new[0][0]))
            writer.writeheader()
            writer.writerows({k: _harmless(v) for k, v in each.items()} for each, _ in new)
    found = {
        "record": [each[CODE_NAME] for each, _ in new],
        "content": [digest for _, digest in new],
        "document": [each[CODE_NAME] for each, _ in new],
        "decided_on": [date.fromisoformat(each[DAY_NAME]) for each, _ in new],
    }
    table = pa.table(found, schema=pa.schema(list(SENT)[2:]))
    return _places(table, out.name, len(new))


def _digest(letter: Mapping[str, str]) -> str:
    return hashlib.md5(canonical_bytes(dict(letter)), usedforsecurity=False).hexdigest()


def _harmless(text: str) -> str:
    """What a spreadsheet would run as a formula, with an apostrophe before it."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _late(content: str, table: pa.Table, on: date, calendar: Calendar) -> int:
    """Decisions whose time was over; letters have none."""
    if content == LETTERS:
        return 0
    counted = table.group_by("decided_on").aggregate([("line", "count")])
    return sum(
        row["line_count"]
        for row in counted.to_pylist()
        if row["decided_on"] and days_late(row["decided_on"], on, calendar)
    )


@command("exchange.send")
def _record_sent(
    said: Manifest,
    note: str,
    *,
    seen: int,
    late: int,
    left_out: int,
    unit: str,
    acting: By,
    at: datetime,
) -> ExchangePackage:
    one_at_a_time(LOCK)
    made = ExchangePackage.objects.filter(
        direction=UP, peer=said.receiver, content=said.content
    ).count()
    if made != seen:
        raise NumberTaken(said.number, "刚才另有人做了一个包")
    row = _row(said, note, direction=UP, peer=said.receiver, unit=unit, acting=acting, at=at)
    row.late, row.left_out, row.state = late, left_out, MADE
    record(row, verb="exchange.sent", by=acting, at=at)
    return row


def _row(
    said: Manifest,
    note: str,
    *,
    direction: str,
    peer: str,
    unit: str,
    acting: By,
    at: datetime,
) -> ExchangePackage:
    digest = note_digest(note)
    return ExchangePackage(
        code=_next_code(at),
        direction=direction,
        peer=peer,
        number=said.number,
        content=said.content,
        unit_id=unit,
        lake_id=digest[:16],
        manifest_sha256=digest,
        files=[asdict(each) for each in said.files],
        rows=said.rows,
        simulated=said.simulated,
        made_by=acting.actor,
        made_at=at,
    )


def _next_code(at: datetime) -> str:
    start = f"JH{civil_date(at).year}-"
    taken = ExchangePackage.objects.filter(code__startswith=start).values_list("code", flat=True)
    return f"{start}{max((int(code.removeprefix(start)) for code in taken), default=0) + 1}"


def take_receipt(
    *, note: str, peers: Mapping[str, Peer], means: Means, by: Viewer, at: datetime
) -> ExchangePackage:
    """Take in what a platform answered to a package of ours; the same answer again changes nothing.

    Raises `NotAllowed`, `UnknownPeer`, `MalformedNote`, `BadSignature`, `BadManifest`,
    `WrongReceipt`.
    """
    acting = acting_for_centre(means, by, place="回执", what=NOT_ALLOWED)
    text, peer = opened(note, peers)
    found = receipts.read(text)
    return _record_receipt(found, note, peer, means, acting, at)


@command("exchange.take_receipt")
def _record_receipt(  # noqa: PLR0917  # one call, above
    found: Receipt, note: str, peer: Peer, means: Means, acting: By, at: datetime
) -> ExchangePackage:
    one_at_a_time(LOCK)
    row = ExchangePackage.objects.filter(
        direction=UP, peer=peer.key.name, number=found.number
    ).first()
    if row is None or found.sender != peer.key.name:
        raise WrongReceipt(found.number[:40], f"没有报给{peer.title}的这个编号")
    digest = note_digest(note)
    if row.receipt_sha256 == digest:
        return row
    folder = room(means, UP, row.lake_id)
    said = Manifest(
        number=row.number,
        sender=row.peer,
        receiver=row.peer,
        content=row.content,
        made_at=row.made_at,
        simulated=row.simulated,
        files=tuple(manifests.Item(**each) for each in row.files),
    )
    if why := receipts.fault(found, said, row.manifest_sha256):
        raise WrongReceipt(row.number, why)
    if row.receipt_sha256:
        raise WrongReceipt(row.number, f"{row.code} 已有另一份回执")
    write_through(folder / RECEIPT, note)
    row.accepted, row.refused, row.held = found.accepted, len(found.refused), found.held
    row.receipt_sha256, row.receipt_at, row.state = digest, at, ANSWERED
    record(row, verb="exchange.receipted", by=acting, at=at)
    return row


# ── down ───────────────────────────────────────────────────────────────────────────────────────


def receive(
    *,
    path: Path,
    peers: Mapping[str, Peer],
    signer: Signer,
    means: Means,
    by: Viewer,
    at: datetime,
    progress: Progress = silent,
) -> Received:
    """Check a package that came, land it, and write the receipt.

    The same package again changes nothing and gives the same receipt, byte for byte. Raises
    `NotAllowed`, `BadManifest`, `UnknownPeer`, `MalformedNote`, `BadSignature`, `FilesDiffer`,
    `NotForUs`, `NumberTaken`, and what landing raises.
    """
    acting = acting_for_centre(means, by, place=path.name, what=NOT_ALLOWED)
    with _making(means) as place:
        senders: list[Peer] = []
        found = unpack(path, place, opened=_opening(peers, senders))
        said, peer = found.manifest, senders[0]
        _require_for_us(said, peer, signer)
        before = _came_before(said, peer, found.note)
        if before is not None:
            return _said(before, means, already=True)
        landed = land(
            source=said.content,
            files=found.files,
            names=[f"{said.number}/{each.name}" for each in said.files],
            simulated=said.simulated,
            means=means,
            by=by,
            at=at,
            progress=progress,
        )
        receipt = _receipt(found, landed, means, signer, at)
        answer = sign(receipt.text(), signer)
        folder = room(means, DOWN, note_digest(found.note)[:16])
        folder.mkdir(parents=True, exist_ok=True)
        row = _record_received(found, peer, receipt, answer, landed, folder, acting, at)
    return _said(row, means, already=False)


def _opening(peers: Mapping[str, Peer], senders: list[Peer]) -> Callable[[str], str]:
    def opening(note: str) -> str:
        text, peer = opened(note, peers)
        senders.append(peer)
        return text

    return opening


def _require_for_us(said: Manifest, peer: Peer, signer: Signer) -> None:
    if said.sender != peer.key.name:
        raise NotForUs(said.number, f"清单写的发送方 {said.sender} 不是签名的 {peer.key.name}")
    if said.receiver != signer.name:
        raise NotForUs(said.number, f"收件方是 {said.receiver}，不是本平台 {signer.name}")
    if said.content not in peer.sends:
        raise NotForUs(said.number, f"{peer.title}不发{CONTENTS[said.content]}")


def _came_before(said: Manifest, peer: Peer, note: str) -> ExchangePackage | None:
    """The row of the same package. Raises `NumberTaken`."""
    row = ExchangePackage.objects.filter(
        direction=DOWN, peer=peer.key.name, number=said.number
    ).first()
    if row is not None and row.manifest_sha256 != note_digest(note):
        raise NumberTaken(said.number, row.code)
    return row


def _receipt(
    found: Unpacked, landed: Landed, means: Means, signer: Signer, at: datetime
) -> Receipt:
    """Every row of the package is accepted or refused; what repeats a known record is accepted."""
    batch = CreditBatch.objects.get(code=landed.batch)
    stored = open_batch(folder_of(means.lake, batch.source, batch.lake_id))
    names = {each.sha256: each.name for each in found.manifest.files}
    of_file = [names[each.sha256] for each in stored.files]
    refused = tuple(
        Refused(
            file=of_file[row["file"]],
            line=row["line"],
            rule=f"{row['field']}：{row['reason']}" if row["field"] else row["reason"],
            next_step=Reason[row["code"]].next_step,
        )
        for row in stored.put_aside()
    )
    return Receipt(
        number=found.manifest.number,
        manifest=note_digest(found.note),
        sender=signer.name,
        at=at,
        accepted=found.manifest.rows - len(refused),
        held=bool(landed.findings),
        refused=refused,
    )


@command("exchange.receive")
def _record_received(  # noqa: PLR0917  # one call, above
    found: Unpacked,
    peer: Peer,
    receipt: Receipt,
    answer: str,
    landed: Landed,
    folder: Path,
    acting: By,
    at: datetime,
) -> ExchangePackage:
    one_at_a_time(LOCK)
    said = found.manifest
    before = _came_before(said, peer, found.note)
    if before is not None:
        return before
    batch = CreditBatch.objects.get(code=landed.batch)
    write_through(folder / RECEIPT, answer)
    row = _row(
        said,
        found.note,
        direction=DOWN,
        peer=peer.key.name,
        unit=batch.unit_id,
        acting=acting,
        at=at,
    )
    row.accepted, row.refused, row.held = receipt.accepted, len(receipt.refused), receipt.held
    row.batch, row.state = batch, ANSWERED
    row.receipt_sha256, row.receipt_at = note_digest(answer), at
    record(row, verb="exchange.received", by=acting, at=at)
    return row


def _said(row: ExchangePackage, means: Means, *, already: bool) -> Received:
    path = room(means, DOWN, row.lake_id) / RECEIPT
    text, _, _ = path.read_text(encoding="utf-8").rpartition("\n\n")
    return Received(
        code=row.code,
        number=row.number,
        already=already,
        path=path,
        receipt=receipts.read(f"{text}\n"),
        batch=row.batch_id or "",
    )
