"""The log's public keys as entries of the log."""

from datetime import datetime

from yinuo.ledger.commands.recording import By, command, record
from yinuo.ledger.models import LogKey
from yinuo.ledger.tlog.note import Verifier


@command("key.found")
def found_key(*, verifier: Verifier, by: By, at: datetime) -> None:
    """Put the log's first public key on the log itself."""
    row = LogKey(code=verifier.label, vkey=verifier.vkey)
    record(row, verb="key.founded", by=by, at=at)
