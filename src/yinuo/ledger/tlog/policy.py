"""Trust files: which logs and witnesses one believes, and how many witnesses it takes.

    log dalian.example/ledger+6ad4a4bd+ATtq… https://dalian.example/log/
    witness 审计局 audit.example/w1+8d66cf3f+BOvN… https://witness.audit.example/
    witness 大学 university.example/w1+a48c820f+BPSF…
    group 二取一 any 审计局 大学
    quorum 二取一

Source: C2SP tlog-policy. Octets above ASCII are opaque there, so names are compared by their
bytes and nothing is normalised. Every fault of a file is found in one go.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog.cosignature import CosignatureVerifier, Cosigned, read_cosignatures
from yinuo.ledger.tlog.note import BadKey, Verifier

NONE = "none"
"""The predefined name of the quorum that asks for nobody."""
MOST = 128
"""Logs, witnesses and groups that a file may each have; the standard asks for 32."""
LARGEST = 1 << 20
"""Bytes of a file."""
_THRESHOLD = re.compile(r"[1-9][0-9]{0,8}|0")
_ALLOWED = frozenset({0x09, *range(0x20, 0x7F), *range(0x80, 0x100)})
_BOM = b"\xef\xbb\xbf"


def shown(name: str) -> str:
    """A name as people can be shown it, whatever its octets."""
    return name.encode(errors="surrogateescape").decode(errors="replace")


@dataclass(frozen=True)
class PolicyFault:
    """One fault in a trust file."""

    line: int
    what: str


class BadPolicy(YinuoError):
    """A trust file with faults; `faults` holds every one of them, by line."""

    code = "TLOG-E022"

    def __init__(self, file: str, faults: Iterable[PolicyFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "；".join(f"第 {fault.line} 行：{fault.what}" for fault in self.faults),
            place=file,
            next_step="请逐行改正。写法：log 公钥 [网址]、witness 名称 公钥 [网址]、"
            "group 名称 all|any|数目 成员…，末了一行 quorum 名称 或 quorum none",
        )


@dataclass(frozen=True)
class Log:
    """A log that is believed."""

    verifier: Verifier
    url: str = ""


@dataclass(frozen=True)
class Witness:
    """A witness that counts."""

    name: str
    """As this file calls it; it means nothing elsewhere."""
    verifier: CosignatureVerifier
    url: str = ""
    """Its submission prefix, if it can be asked."""


@dataclass(frozen=True)
class Group:
    """Names of which a number must have witnessed."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """What a trust file says."""

    logs: tuple[Log, ...]
    witnesses: tuple[Witness, ...]
    groups: tuple[Group, ...]
    quorum: str
    """Name of a witness or a group, or `none`."""

    def satisfied(self, names: Iterable[str]) -> bool:
        """Whether cosignatures of these witnesses are enough; names that are none count nothing."""
        return self.quorum == NONE or self.quorum in self._witnessing(names)

    def missing(self, names: Iterable[str]) -> str:
        """What the quorum still lacks, for people; empty if it lacks nothing."""
        have = self._witnessing(names)
        if self.quorum == NONE or self.quorum in have:
            return ""
        by_name = {group.name: group for group in self.groups}
        wanted, lines = [self.quorum], list[str]()
        while wanted:
            group = by_name.get(name := wanted.pop(0))
            if group is None:
                lines.append(f"缺 {name} 的见证")
                continue
            lacking = [member for member in group.members if member not in have]
            count = len(group.members) - len(lacking)
            lines.append(
                f"{name} 须有 {len(group.members)} 方中的 {group.threshold} 方，"
                f"已有 {count} 方，尚缺 {'、'.join(lacking)} 中的 {group.threshold - count} 方"
            )
            wanted += [member for member in lacking if member in by_name]
        return shown("；".join(lines))

    def cosigned(self, note: str) -> dict[str, Cosigned]:
        """Witness name → its cosignature under a note. Raises as `read_cosignatures`."""
        names = {witness.verifier.label: witness.name for witness in self.witnesses}
        found = read_cosignatures(note, [witness.verifier for witness in self.witnesses])
        return {names[one.witness]: one for one in found}

    def _witnessing(self, names: Iterable[str]) -> set[str]:
        """The witnesses and groups that have witnessed, if these witnesses have."""
        have = {witness.name for witness in self.witnesses} & set(names)
        for group in self.groups:  # a group stands after its members, so one pass is enough
            if len(have.intersection(group.members)) >= group.threshold:
                have.add(group.name)
        return have


@dataclass
class _Reader:
    """What has been read so far, and its faults."""

    logs: list[Log] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    quorum: str = ""
    faults: list[PolicyFault] = field(default_factory=list)
    line: int = 0
    defined: dict[str, int] = field(default_factory=dict)
    """Name of a witness or group → the line that defines it."""
    used: dict[str, int] = field(default_factory=dict)
    """Name → the line of the group it is a member of."""
    keys: dict[tuple[str, bytes], int] = field(default_factory=dict)
    """`log` or `witness` and a public key → its line."""
    quorum_line: int = 0

    def fault(self, what: str) -> None:
        self.faults.append(PolicyFault(self.line, shown(what)))

    def read_line(self, words: list[str]) -> None:
        readers: dict[str, Callable[[list[str]], None]] = {
            "log": self.read_log,
            "witness": self.read_witness,
            "group": self.read_group,
            "quorum": self.read_quorum,
        }
        if words[0] not in readers:
            self.fault(f"不认识“{words[0]}”，应以 log、witness、group 或 quorum 开头")
        else:
            readers[words[0]](words[1:])

    def read_log(self, words: list[str]) -> None:
        if len(words) not in {1, 2}:
            self.fault("应为 log 公钥 [网址]")
            return
        try:
            verifier = Verifier.from_vkey(words[0])
        except BadKey as bad:
            self.fault(f"账本公钥不可用：{bad.what}")
            return
        self.once_a_key("log", verifier.public_key.public_bytes_raw())
        self.logs.append(Log(verifier, *words[1:]))

    def read_witness(self, words: list[str]) -> None:
        if len(words) not in {2, 3}:
            self.fault("应为 witness 名称 公钥 [网址]")
            return
        # Defined even with a bad key, so that one fault does not bring forth others.
        self.define(words[0])
        try:
            verifier = CosignatureVerifier.from_vkey(words[1])
        except BadKey as bad:
            self.fault(f"见证单位公钥不可用：{bad.what}")
            return
        self.once_a_key("witness", verifier.public_key.public_bytes_raw())
        self.witnesses.append(Witness(words[0], verifier, *words[2:]))

    def read_group(self, words: list[str]) -> None:
        if len(words) < 3:  # noqa: PLR2004 (name, threshold and a member)
            self.fault("应为 group 名称 all|any|数目 成员…，至少一个成员")
            return
        name, threshold, members = words[0], words[1], words[2:]
        for member in members:
            self.use(member)
        self.define(name)
        number = {"all": str(len(members)), "any": "1"}.get(threshold, threshold)
        if not _THRESHOLD.fullmatch(number):
            self.fault(f"“{threshold}”应为 all、any 或十进制的数目")
        elif not 1 <= int(number) <= len(members):
            self.fault(f"数目 {number} 应在 1 与成员数 {len(members)} 之间")
        else:
            self.groups.append(Group(name, int(number), tuple(members)))

    def read_quorum(self, words: list[str]) -> None:
        if len(words) != 1:
            self.fault("应为 quorum 名称，只有一个名称")
        if self.quorum_line:
            self.fault(f"只能有一行 quorum，第 {self.quorum_line} 行已有")
            return
        self.quorum_line = self.line
        self.quorum = words[0] if words else ""
        if self.quorum and self.quorum != NONE and self.quorum not in self.defined:
            self.fault(f"“{self.quorum}”未在前面定义")

    def define(self, name: str) -> None:
        if name == NONE:
            self.fault("none 是预留的名称，不能另行定义")
        elif name in self.defined:
            self.fault(f"名称“{name}”在第 {self.defined[name]} 行已定义")
        self.defined.setdefault(name, self.line)

    def use(self, name: str) -> None:
        if name == NONE:
            self.fault("none 不能作成员")
        elif name not in self.defined:
            self.fault(f"成员“{name}”未在前面定义")
        elif name in self.used:
            self.fault(f"“{name}”在第 {self.used[name]} 行已是成员，每个名称只能作一次成员")
        self.used.setdefault(name, self.line)

    def once_a_key(self, kind: str, key: bytes) -> None:
        if (kind, key) in self.keys:
            self.fault(f"与第 {self.keys[kind, key]} 行是同一把公钥")
        self.keys.setdefault((kind, key), self.line)

    def finish(self) -> None:
        if not self.quorum_line:
            self.fault("缺少 quorum 一行；不要求见证时写 quorum none")
        for what, found in (("log", self.logs), ("witness", self.witnesses)):
            if len(found) > MOST:
                self.fault(f"{what} 多于 {MOST} 行")
        if len(self.groups) > MOST:
            self.fault(f"group 多于 {MOST} 行")


def parse(data: bytes, file: str = "trust.policy") -> Policy:
    """The policy in a trust file. Raises `BadPolicy` with every fault and its line."""
    reader = _Reader(line=1)
    if len(data) > LARGEST:
        reader.fault(f"文件大于 {LARGEST >> 20} MiB")
        raise BadPolicy(file, reader.faults)
    if data.startswith(_BOM):
        reader.fault("文件以字节顺序标记开头，请另存为不带 BOM 的 UTF-8")
    lines = data.removeprefix(_BOM).split(b"\n")
    for reader.line, line in enumerate(lines[:-1], start=1):
        _read(reader, line)
    if lines[-1]:
        reader.line = len(lines)
        reader.fault("最后一行没有换行，文件可能不全")
        _read(reader, lines[-1])
    reader.finish()
    if reader.faults:
        raise BadPolicy(file, reader.faults)
    return Policy(tuple(reader.logs), tuple(reader.witnesses), tuple(reader.groups), reader.quorum)


def _read(reader: _Reader, line: bytes) -> None:
    if not _ALLOWED.issuperset(line):
        hint = "，请改用 LF 换行" if line.endswith(b"\r") else ""
        reader.fault(f"含有制表符以外的控制字符{hint}")
        line = bytes(octet if octet in _ALLOWED else 0x20 for octet in line)
    # Opaque octets travel through str unchanged; only space and tab separate words.
    words = re.split("[ \t]+", line.decode(errors="surrogateescape").strip(" \t"))
    if words[0] and not words[0].startswith("#"):
        reader.read_line(words)
