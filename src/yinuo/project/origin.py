"""The log goes on under another name: the entries, `home.json` and the sealer's memory."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from yinuo.kernel.durable import write_through
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.recovering import look
from yinuo.ledger.commands.renaming import move_memory, take_new_origin
from yinuo.ledger.key import load_signer
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.parties.commands import OPERATOR
from yinuo.project.home import CONFIG, Home

KEPT = "home.json.before"


class SameOrigin(YinuoError):
    """The log bears this name already, and nothing is left to finish."""

    code = "HOME-E006"
    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(f"账本已经叫 {name}", place=CONFIG, next_step="请给出另一个名称")


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A log under its new name."""

    before: str
    vkey: str
    """The public key under the new name."""
    aside: Path
    """Where the old name's memory lies."""
    config_kept: Path


def change_origin(
    folder: Path,
    home: Home,
    *,
    key: Path,
    memory: Memory,
    name: str,
    reason: str,
    at: datetime,
) -> Changed:
    """Record why, rename the log in `home.json`, and begin an empty memory, in this order.

    Until the last step the sealer refuses to sign: first because the memory is ahead of the
    database, then because it bears the old name. Interrupted, it may be run again. Raises
    `SameOrigin`, `KeyUnusable` and `BadKey`.
    """
    signer = load_signer(key, origin=home.origin)
    kept = folder / KEPT
    if home.origin == name:
        before = _before(kept, name)
    else:
        before = home.origin
        after = Signer(name, signer.private_key).verifier
        seen = look(origin=before, memory=memory)
        take_new_origin(
            before=signer.verifier,
            after=after,
            signed_size=max(seen.tree_size, seen.known_size),
            reason=reason,
            by=OPERATOR,
            at=at,
        )
        _write(kept, home)
        _write(folder / CONFIG, replace(home, origin=name))
    aside = move_memory(memory=memory, before=before, after=name)
    vkey = Signer(name, signer.private_key).verifier.vkey
    return Changed(before=before, vkey=vkey, aside=aside, config_kept=kept)


def _before(kept: Path, name: str) -> str:
    """The name before, when an interrupted change is finished."""
    if not kept.exists():
        raise SameOrigin(name)
    return Home(**json.loads(kept.read_text(encoding="utf-8"))).origin


def _write(path: Path, home: Home) -> None:
    """Replace a configuration at once or not at all."""
    write_through(path, json.dumps(asdict(home), ensure_ascii=False, indent=2) + "\n")
