"""Whether a log of looks is still what it was: every line hashed, against roots kept apart."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from json import JSONDecodeError, loads
from pathlib import Path

from yinuo.credit.reads.log import EMPTY, GENESIS, ReadLog, Root
from yinuo.kernel.canonical import NotCanonical, canonical_bytes
from yinuo.kernel.errors import Finding

MOST = 100
"""Findings that are told one by one."""
_TEXT = r'"[^"\\\x00-\x1f]*"'
LINE = re.compile(
    rf'\{{"at":{_TEXT},"capacity":{_TEXT},"consent":{_TEXT},"entity":{_TEXT},'
    rf'"fields":\[(?:{_TEXT}(?:,{_TEXT})*)?\],"n":([1-9][0-9]*),"previous":"([0-9a-f]{{64}})",'
    rf'"purpose":{_TEXT},"reader":{_TEXT}\}}'
)
"""Most lines: those that match are in the one form; of others JSON decides, ten times slower."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of the log found."""

    root: Root
    """Of the lines that are there."""
    findings: tuple[Finding, ...]


def verify(folder: Path, since: Root | Sequence[Root] = ()) -> Checked:
    """Hash every line of the log in a folder, and hold it against roots from the ledger.

    Files before the oldest root may be gone (their time of keeping is over): then the first line
    that is left has to follow that root. At most `MOST` findings, the first ones.
    """
    roots = [since] if isinstance(since, Root) else list(since)
    chain = _Chain({root.count: root.digest for root in (EMPTY, *roots)})
    for path in ReadLog(folder).files():
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                chain.take(line, f"{path.name}:{number}")
    chain.close()
    return Checked(Root(chain.count, chain.digest), tuple(chain.findings[:MOST]))


class _Chain:
    """The lines so far."""

    def __init__(self, roots: Mapping[int, str]) -> None:
        self.roots = roots
        self.count, self.digest = 0, GENESIS
        self.findings: list[Finding] = []
        self._begun = False

    def take(self, line: bytes, place: str) -> None:
        """One line of a file, with its line break."""
        if not line.endswith(b"\n"):
            self._add(place, "CREDIT-E109", "最后一行没有写完：当时没有给出信息", "不必处理")
            return
        line = line[:-1]
        known = _read(line)
        if known is None:
            self._add(place, "CREDIT-E107", "这一行不是留痕原来的写法", "从备份取回这个文件")
            self.count, self.digest = self.count + 1, sha256(line).hexdigest()
            return
        number, previous = known
        if not self._begun and number - 1 in self.roots:
            self.count, self.digest = number - 1, self.roots[number - 1]
        self._begun = True
        if (number, previous) != (self.count + 1, self.digest):
            rule = f"第 {number} 条不接在第 {self.count} 条之后：之间有改动、删去或插入"
            self._add(place, "CREDIT-E107", rule, "从备份取回前面的行，再核对")
        self.count, self.digest = number, sha256(line).hexdigest()
        if self.roots.get(number, self.digest) != self.digest:
            rule = f"到第 {number} 条为止与存证账本上的校验值不同"
            self._add(place, "CREDIT-E108", rule, "此前的行被改过：从备份取回，查明是谁改的")

    def close(self) -> None:
        """After the last line."""
        latest = max(self.roots)
        if latest > self.count:
            rule = f"账本上有 {latest} 条，文件里只有 {self.count} 条"
            self._add("", "CREDIT-E108", rule, "末尾的行被删去：从备份取回")

    def _add(self, place: str, code: str, rule: str, next_step: str) -> None:
        self.findings.append(Finding(code=code, file=place, rule=rule, next_step=next_step))


def _read(line: bytes) -> tuple[int, str] | None:
    """Number and previous hash of a line; None for one that is not in the one form of lines."""
    try:
        usual = LINE.fullmatch(line.decode())
        if usual is not None:
            return int(usual[1]), usual[2]
        body = loads(line)
        if canonical_bytes(body) != line:
            return None
        return int(body["n"]), str(body["previous"])
    except (JSONDecodeError, UnicodeDecodeError, NotCanonical, KeyError, TypeError, ValueError):
        return None


def looks_at(folder: Path, entity: str) -> Iterator[Mapping[str, object]]:
    """Every look at an entity, oldest first: shown to it on request. Reads the whole log."""
    mark = canonical_bytes({"entity": entity})[1:-1]
    for path in ReadLog(folder).files():
        with path.open("rb") as file:
            for line in file:
                if mark in line and line.endswith(b"\n"):
                    yield loads(line)
