"""The log's public keys as entries of the log, and the files that hold the private ones.

ledger.key             signs
ledger.key.next        made, announced by an entry, not yet in use
ledger.key.<id>.retired  signed once
ledger.key.lock        held by whoever uses or swaps the files
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from yinuo.kernel.durable import sync_folder, whole_or_not
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.ledger.commands.sealing import Sealed, lock_sealer, seal
from yinuo.ledger.key import create_key, load_signer
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import RETIRED, Entry, LogKey
from yinuo.ledger.tlog.note import Signer, Verifier


@command("key.found")
def found_key(*, verifier: Verifier, by: By, at: datetime) -> None:
    """Put the log's first public key on the log itself."""
    row = LogKey(code=verifier.label, vkey=verifier.vkey)
    record(row, verb="key.founded", by=by, at=at)


@contextmanager
def holding_key(path: Path, *, alone: bool = False) -> Iterator[None]:
    """Hold the key file while it is read and signs, or `alone` while it is swapped.

    A sealer reads the key before it takes its place in the database's queue. Without this, one
    that had read the old key could still sign after the entry that retires it.
    """
    if not path.parent.is_dir():
        yield
        return
    handle = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """One key taking over from another."""

    old: Verifier
    new: Verifier
    kept: Path | None
    """Where the retired private key lies; None if it was destroyed."""
    note: str
    """The first checkpoint signed by the new key."""


@dataclass(frozen=True, kw_only=True)
class Rotating:
    """Who rotates which files, and why. Each step may be interrupted and done again."""

    path: Path
    origin: str
    memory: Memory
    reason: str
    by: By
    at: datetime
    destroy_old: bool = False

    @property
    def next_path(self) -> Path:
        """The file of the key that is to follow."""
        return self.path.with_name(f"{self.path.name}.next")

    def retired_path(self, old: Verifier) -> Path:
        """The file of a key that signed once."""
        return self.path.with_name(f"{self.path.name}.{old.key_id.hex()}.retired")


def rotate(rotating: Rotating) -> Rotation:
    """Announce a new key, seal that under the old, swap the files, retire the old, seal again.

    Killed anywhere, one usable key is in place, and running it again finishes. Raises
    `KeyUnusable` and a `SealingRefused`.
    """
    present = load_signer(rotating.path, origin=rotating.origin)
    before = _unfinished(present)
    if before is not None and not rotating.next_path.exists():
        old, new = before, present.verifier
    else:
        old, new = present.verifier, _prepare(rotating, present)
    kept = _swap(rotating, old)
    signer = load_signer(rotating.path, origin=rotating.origin)
    sealed = _seal_all(signer, rotating.memory)
    return Rotation(old=old, new=new, kept=kept, note=sealed.note)


def _unfinished(present: Signer) -> Verifier | None:
    """The key that the present one took over from, if it was never retired on the log."""
    row = LogKey.objects.filter(code=present.verifier.label).first()
    before = LogKey.objects.filter(code=row.follows).first() if row else None
    if before is None or _is_retired(before):
        return None
    old = Verifier.from_vkey(before.vkey)
    return old if old.name == present.name else None  # a new origin is no rotation


def _is_retired(row: LogKey) -> bool:
    return Entry.objects.filter(subject=row.subject, verb=RETIRED).exists()


def _prepare(rotating: Rotating, present: Signer) -> Verifier:
    """Make the next key, announce it, and have the old key sign for that."""
    if not rotating.next_path.exists():
        # Under another name first: a key half written would look like one.
        unnamed = rotating.path.with_name(f"{rotating.path.name}.new")
        unnamed.unlink(missing_ok=True)
        create_key(unnamed)
        unnamed.replace(rotating.next_path)
        sync_folder(rotating.path.parent)
    new = load_signer(rotating.next_path, origin=rotating.origin).verifier
    announce_key(
        new=new,
        old=present.verifier,
        reason=rotating.reason,
        by=rotating.by,
        at=rotating.at,
    )
    _seal_all(present, rotating.memory)
    return new


@command("key.announce")
def announce_key(*, new: Verifier, old: Verifier, reason: str, by: By, at: datetime) -> None:
    """Say on the log which key will follow. Saying it again adds nothing."""
    lock_sealer()
    if not LogKey.objects.filter(code=old.label).exists():
        found_key(verifier=old, by=by, at=at)
    if not LogKey.objects.filter(code=new.label).exists():
        row = LogKey(code=new.label, vkey=new.vkey, follows=old.label, reason_text=put_text(reason))
        record(row, verb="key.announced", by=by, at=at)


def _swap(rotating: Rotating, old: Verifier) -> Path | None:
    """Put the new key in place and retire the old one on the log, with every sealer shut out."""
    kept = rotating.retired_path(old)
    with holding_key(rotating.path, alone=True):
        if rotating.next_path.exists():
            if not rotating.destroy_old:
                _copy_private(rotating.path, kept)
            # One step: there is never a moment without a key.
            rotating.next_path.replace(rotating.path)
            sync_folder(rotating.path.parent)
        elif rotating.destroy_old:
            kept.unlink(missing_ok=True)
        retire_key(old=old, by=rotating.by, at=rotating.at)
    return kept if kept.exists() else None


@command("key.retire")
def retire_key(*, old: Verifier, by: By, at: datetime) -> None:
    """Say on the log that a key signs no longer. Saying it again adds nothing."""
    lock_sealer()
    row = LogKey.objects.get(code=old.label)
    if not _is_retired(row):
        record(row, verb=RETIRED, by=by, at=at)


def _seal_all(signer: Signer, memory: Memory) -> Sealed:
    sealed = seal(signer=signer, memory=memory)
    while sealed.entries:
        sealed = seal(signer=signer, memory=memory)
    return sealed


def _copy_private(source: Path, target: Path) -> None:
    """A copy that only the owner may read, under its name once it is on the disk."""
    with whole_or_not(target) as file:
        file.write(source.read_bytes())
