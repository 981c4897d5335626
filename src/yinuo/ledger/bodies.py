"""What the bodies of a log say: their columns, and the few that speak of the log itself."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from json.encoder import encode_basestring as quoted
from typing import Any

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.models import RETIRED, Erasure, LogKey, Recovery
from yinuo.ledger.scan import Row
from yinuo.ledger.tlog.note import Verifier

BACK_IN_TIME = timedelta(hours=1)
"""How far `recorded_at` may fall behind an earlier leaf's: a long transaction is recorded at its
start and sealed after others."""
TEXT = re.compile(rb'"text:([0-9a-f]{64})"')
SPEAK_OF_THE_LOG = tuple(f"{model.SUBJECT}:" for model in (Erasure, LogKey, Recovery))
UNLIMITED = 1 << 62
FORMAT = ',"format":"yinuo.body/1","schema":"'
COLUMNS = ("subject", "version", "thread", "verb", "actor", "capacity", "at")


@dataclass
class Bodies:
    """Reads bodies in order and keeps what later checks need of them."""

    verifier: Verifier
    """The log's present key."""
    add: Callable[[str, str], None]
    """Takes a fault: place and what."""
    texts: set[bytes] = field(default_factory=set)
    """Hashes, in hex, of the texts that bodies name."""
    erased: set[bytes] = field(default_factory=set)
    """Hashes, in hex, of the texts whose erasure was approved."""
    lost: set[int] = field(default_factory=set)
    """Leaf indices that a recovery names as had back without their bodies."""
    keys: dict[str, tuple[Verifier, int]] = field(default_factory=dict)
    """Earlier keys by label, with the size up to which each may sign."""
    latest: str = ""

    def check(self, rows: Iterable[Row]) -> None:
        """Check each entry's columns and time; remember what it says of texts and of the log.

        The comparison with a body's first and last bytes stands for reading it as JSON, which
        takes longer than all hashing; what differs there is read and named.
        """
        for row in rows:
            _, _, subject, version, thread, verb, actor, capacity, at, recorded_at, _, body = row
            head = f'{{"actor":{quoted(actor)},"at":"{at}","capacity":{quoted(capacity)}{FORMAT}'
            tail = (
                f'}},"subject":{quoted(subject)},"thread":{quoted(thread)}'
                f',"verb":{quoted(verb)},"version":{version}}}'
            )
            if not (body.startswith(head.encode()) and body.endswith(tail.encode())):
                self._compare(row)
            if named := TEXT.findall(body):
                self.texts.update(named)
            if recorded_at > self.latest:
                self.latest = recorded_at
            elif recorded_at[:13] != self.latest[:13]:
                self._check_time(row)
            if subject.startswith(SPEAK_OF_THE_LOG):
                self._remember(row)

    def keys_at(self, size: int) -> list[Verifier]:
        """The keys that may sign the log at this size."""
        earlier = [key for key, until in self.keys.values() if size <= until]
        return [self.verifier, *(key for key in earlier if key != self.verifier)]

    def _check_time(self, row: Row) -> None:
        try:
            behind = datetime.fromisoformat(self.latest) - datetime.fromisoformat(row.recorded_at)
        except ValueError:
            self.add(row.place, f"记录时间 {row.recorded_at!r} 不是时间")
            return
        if behind > BACK_IN_TIME:
            self.add(row.place, f"记录时间 {row.recorded_at} 早于此前已封存的记录：时间被倒填")

    def _compare(self, row: Row) -> None:
        """Name every column that is not as the body says: pages show columns, the log bodies."""
        try:
            said = json.loads(row.body)
        except ValueError:
            self.add(row.place, "记录正文不是合法的 JSON")
            return
        for name in COLUMNS:
            shown = getattr(row, name)
            if said.get(name) != shown:
                self.add(row.place, f"列 {name} 为 {shown!r}，记录正文为 {said.get(name)!r}")

    def _remember(self, row: Row) -> None:
        """Keep what an entry says of erased texts, lost entries and keys of the log."""
        try:
            state: dict[str, Any] = json.loads(row.body)["state"]
            match row.subject.partition(":")[0]:
                case Erasure.SUBJECT:
                    if state["status"] == Erasure.Status.APPROVED:
                        self.erased.add(state["text"].removeprefix("text:").encode())
                case Recovery.SUBJECT:
                    for first, last in state["lost"]:
                        self.lost.update(range(first, last + 1))
                case LogKey.SUBJECT:
                    key = Verifier.from_vkey(state["vkey"])
                    self.keys[key.label] = (key, self._last_size(row))
        except (ValueError, KeyError, TypeError, YinuoError) as error:
            self.add(row.place, f"记录正文无法读懂：{error}")

    @staticmethod
    def _last_size(row: Row) -> int:
        """The largest log that the key of a `log_key` entry may sign."""
        if row.verb == RETIRED and row.leaf_index is not None:
            return row.leaf_index
        return UNLIMITED
