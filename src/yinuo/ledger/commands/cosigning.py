"""Gathering cosignatures: asked for over HTTP, or brought by hand."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from django.db import transaction

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.cosigners import (
    CosigningFailed,
    WitnessAlarm,
    WitnessSawMore,
    WitnessSawOther,
    ask,
    require_time,
)
from yinuo.ledger.models import Checkpoint, Cosignature, LogKey
from yinuo.ledger.models import WitnessAlarm as AlarmRow
from yinuo.ledger.stored import read_tile
from yinuo.ledger.tlog import checkpoint, tile
from yinuo.ledger.tlog.cosignature import Cosigned
from yinuo.ledger.tlog.note import BadSignature, UnknownSigner, Verifier, open_note, split_note
from yinuo.ledger.tlog.policy import Policy, Witness
from yinuo.ledger.tlog.proof import prove_consistency


class NotOurCheckpoint(YinuoError):
    """A cosigned note of something else than a checkpoint of this log."""

    code = "LEDGER-E058"

    def __init__(self, origin: str, size: int) -> None:
        super().__init__(
            f"这不是本账本签过的存证校验点（{origin}，{size:,} 条）",
            place="见证文件",
            next_step="请核对文件是否拿错，或属于另一个账本",
        )


class NoCosignature(YinuoError):
    """A note that carries no cosignature of a witness in the trust file."""

    code = "LEDGER-E059"

    def __init__(self, signers: list[str]) -> None:
        super().__init__(
            f"文件中没有信任文件所列见证单位的签名；签名的有：{'、'.join(signers)}",
            place="见证文件",
            next_step="如果这个见证单位应当算数，请先把它的公钥加进 trust.policy",
        )


@dataclass(frozen=True)
class Asked:
    """What came of asking one witness."""

    witness: Witness
    size: int
    """Of the checkpoint in question."""
    witnessed_at: datetime | None
    """When it cosigned; None if it did not."""
    error: CosigningFailed | None = None
    """Why it did not."""


def ask_witnesses(*, policy: Policy, at: datetime) -> list[Asked]:
    """Ask every witness that has a URL for its cosignature of the newest checkpoint.

    Who has given it already is not asked again. One that fails is told in its place, and the
    others are asked all the same. Empty while nothing is sealed. `at` is the present.
    """
    if not Checkpoint.objects.exists():
        return []
    seconds = int(at.timestamp())
    asked = [_asked_newest(witness, seconds) for witness in policy.witnesses if witness.url]
    for one in asked:
        _keep_alarm(one)
    return asked


def _keep_alarm(asked: Asked) -> None:
    """Leave word of an alarm for the pages; take it back when the witness has signed again."""
    if isinstance(asked.error, WitnessAlarm):
        AlarmRow.objects.update_or_create(
            witness=asked.witness.name, defaults={"said": asked.error.what}
        )
    elif asked.error is None:
        AlarmRow.objects.filter(witness=asked.witness.name).delete()


def _asked_newest(witness: Witness, at: int) -> Asked:
    asked, newest = None, Checkpoint.objects.latest("size")
    # A witness that reads the published log may have seen a checkpoint signed since we looked.
    while asked is None or (isinstance(asked.error, WitnessSawMore) and newest.size > asked.size):
        asked = _asked(witness, newest, at)
        newest = Checkpoint.objects.latest("size")
    return asked


def _asked(witness: Witness, newest: Checkpoint, at: int) -> Asked:
    given = Cosignature.objects.filter(
        witness=witness.verifier.label, checkpoint__origin=newest.origin
    )
    last = given.select_related("checkpoint").order_by("-checkpoint__size").first()
    if last and last.checkpoint.size == newest.size:
        return Asked(witness, newest.size, last.witnessed_at)
    known = last.checkpoint.size if last else 0
    prove = partial(prove_consistency, new_size=newest.size, read_tile=read_tile)
    try:
        # Outside any transaction: a witness may take its time.
        cosigned = ask(witness, note=newest.note, size=newest.size, known=known, prove=prove, at=at)
    except CosigningFailed as failed:
        return Asked(witness, newest.size, None, failed)
    return Asked(witness, newest.size, _store(newest, cosigned))


@transaction.atomic
def _store(of: Checkpoint, cosigned: Cosigned) -> datetime:
    """Keep a verified cosignature, the later one if there are two; returns its time."""
    witnessed_at = datetime.fromtimestamp(cosigned.time, UTC)
    stored = Cosignature.objects.filter(checkpoint=of, witness=cosigned.witness).first()
    if stored and stored.witnessed_at >= witnessed_at:
        return stored.witnessed_at
    Cosignature.objects.update_or_create(
        checkpoint=of,
        witness=cosigned.witness,
        defaults={"line": cosigned.line, "witnessed_at": witnessed_at},
    )
    return witnessed_at


def store_cosigned(*, note: str, policy: Policy, at: datetime) -> list[Asked]:
    """Keep the cosignatures of a note that was brought by hand.

    Raises `MalformedNote`, `MalformedCheckpoint`, `NotOurCheckpoint`, `NoCosignature`,
    `BadCosignature`, and a `WitnessAlarm` if our key signed the note and it does not fit what
    is in the database.
    """
    text, signatures = split_note(note)
    parsed = checkpoint.parse(text)
    cosigned = policy.cosigned(note)
    if not cosigned:
        raise NoCosignature([signature.label for signature in signatures])
    witnesses = {witness.name: witness for witness in policy.witnesses}
    row = Checkpoint.objects.filter(size=parsed.size, origin=parsed.origin).first()
    if row is None or split_note(row.note)[0] != text:
        _raise_alarm(note, parsed, policy, witnesses[next(iter(cosigned))])
        raise NotOurCheckpoint(parsed.origin, parsed.size)
    for name, one in cosigned.items():
        require_time(witnesses[name], one, int(at.timestamp()))
    return [Asked(witnesses[name], parsed.size, _store(row, one)) for name, one in cosigned.items()]


def _raise_alarm(
    note: str, parsed: checkpoint.Checkpoint, policy: Policy, witness: Witness
) -> None:
    """Raise a `WitnessAlarm` if our key signed a checkpoint that is not in our history."""
    # The trust file may not have followed a change of key yet, an old database neither.
    keys = [Verifier.from_vkey(key.vkey) for key in LogKey.objects.all()]
    keys += [log.verifier for log in policy.logs]
    try:
        open_note(note, [key for key in keys if key.name == parsed.origin])
    except (UnknownSigner, BadSignature):
        return
    newest = Checkpoint.objects.order_by("-size").first()
    size = newest.size if newest else 0
    if parsed.size > size:
        raise WitnessSawMore(witness, parsed.size, size)
    if tile.root_from_tiles(parsed.size, read_tile) != parsed.root:
        raise WitnessSawOther(witness, parsed.size)
