"""The log goes on under another name, where nothing can be had back."""

import itertools
from datetime import datetime
from pathlib import Path

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.keys import found_key
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.ledger.commands.recovering import next_code
from yinuo.ledger.commands.restoring import set_sequences
from yinuo.ledger.commands.sealing import lock_sealer
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import LogKey, Recovery
from yinuo.ledger.recorded import recorded_models
from yinuo.ledger.stored import tree_size
from yinuo.ledger.tlog.note import Verifier


@command("ledger.new_origin")
def take_new_origin(
    *, before: Verifier, after: Verifier, signed_size: int, reason: str, by: By, at: datetime
) -> str:
    """Say on the log that it goes on under another name, and announce its key there.

    Returns the code of the recovery. Saying it twice, after an interruption, adds nothing.
    """
    lock_sealer()
    said = Recovery.objects.filter(
        kind=Recovery.Kind.NEW_ORIGIN, origin_before=before.name, origin_after=after.name
    ).first()
    if said is not None:
        return said.code
    recovery = Recovery(
        code=next_code(),
        kind=Recovery.Kind.NEW_ORIGIN,
        found_size=tree_size(),
        signed_size=signed_size,
        origin_before=before.name,
        origin_after=after.name,
        reason_text=put_text(reason),
    )
    record(recovery, verb="recovery.new_origin", by=by, at=at)
    if not LogKey.objects.filter(code=before.label).exists():
        found_key(verifier=before, by=by, at=at)  # it came after the backup
    key = LogKey(
        code=after.label,
        vkey=after.vkey,
        follows=before.label,
        reason_text=put_text(reason),
    )
    record(key, verb="key.announced", by=by, at=at)
    set_sequences(list(recorded_models().values()))
    return recovery.code


def move_memory(*, memory: Memory, before: str, after: str) -> Path:
    """Put the old name's memory aside, never away, and begin an empty one; returns where it lies.

    May be run again after an interruption anywhere.
    """
    aside = memory.path.with_name(f"{memory.path.name}.{before.replace('/', '_')}")
    try:
        memory.read(after)
    except (YinuoError, UnicodeDecodeError):
        if memory.path.exists():
            memory.path.replace(_free(aside))
        memory.begin()
    return aside


def _free(path: Path) -> Path:
    """The path, or the first with a number behind it that is not taken."""
    numbers = itertools.count(1)
    free = path
    while free.exists():
        free = path.with_name(f"{path.name}.{next(numbers)}")
    return free
