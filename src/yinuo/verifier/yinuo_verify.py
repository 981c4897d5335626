#!/usr/bin/env python3
"""yinuo-verify: check a city's published ledger (存证账本) with nothing but Python 3.9 or newer.

    python3 yinuo_verify.py https://city.example/log --trust trust.policy --since kept-checkpoint

This file needs no other. It was written from the specifications, apart from the program that
writes the ledger, so that a mistake made there is not repeated here. From top to bottom:

    1 what is said   every finding in Chinese and English; skip it at first
    2 Ed25519        whether a signature is genuine (RFC 8032)
    3 notes          signed checkpoints, cosignatures of witnesses, printed codes (C2SP)
    4 trust          the trust file: whose keys count, how many witnesses it takes (C2SP)
    5 tree           hashes of leaves and nodes, the root (RFC 9162)
    6 source         the log as files in a folder or over HTTP (C2SP tlog-tiles)
    7 entries        the form of leaves and of opened entries
    8 stories        what must hold across entries: versions, deadlines, erased texts
    9 walk           the one pass over the log
    10 judgement     signatures, handovers of keys, witnesses, checkpoints kept elsewhere
    11 answer        the report and the command line

Ends with 0 (nothing found), 1 (findings) or 2 (could not be checked).
"""

from __future__ import annotations

import argparse
import base64
import gzip
import io
import json
import os
import re
import sqlite3
import sys
import time
import unicodedata
import urllib.parse
import urllib.request
import zlib
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256, sha512
from http.client import HTTPException
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

# ── 1. what is said ───────────────────────────────────────────────────────────────────────────────

# ruff: noqa: ISC004  # a saying may take two lines
SAID = {  # name → Chinese, English; names in capitals are findings
    "CHECKPOINT-MALFORMED": ("不是签名的存证校验点", "not a signed checkpoint"),
    "SIGNATURE-BAD": (
        "{key} 的签名与文字不符：有一方被改动",
        "the signature of {key} does not fit",
    ),
    "SIGNATURE-UNKNOWN": ("没有信任的密钥签名，只有 {key}", "no trusted key signed, only {key}"),
    "ORIGIN-WRONG": ("来源 {found} 不是签名密钥的名称", "origin {found} is not the signer's name"),
    "KEY-RETIRED": (
        "{key} 已在第 {at} 条停用，却签了更大的账本",
        "{key} was retired by entry {at}, yet signed a larger log",
    ),
    "HANDOVER-BAD": ("密钥交接不成立：{why}", "this handover of keys does not hold: {why}"),
    "COSIGNATURE-FORGED": (
        "见证被伪造：{key} 没有这样签名",
        "forged: {key} made no such signature",
    ),
    "QUORUM-MISSING": (
        "见证不足：信任文件要求 {quorum}，有效的只有 {found}",
        "too few witnesses: {quorum} is asked for, valid are only {found}",
    ),
    "ROOT-WRONG": (
        "由存证记录算得的根哈希是 {found}，校验点上是 {signed}：记录或校验点被改动",
        "the entries give the root {found}, the checkpoint says {signed}: one was altered",
    ),
    "FILE-MISSING": ("应当公布的文件缺失", "a file that must be published is missing"),
    "BUNDLE-MALFORMED": (
        "应有 {due} 条，读出 {found} 条：被截断或改动",
        "should hold {due} leaves, has {found}: cut short or altered",
    ),
    "LEAF-MALFORMED": ("叶不是规定的写法", "the leaf is not in its form"),
    "LEAF-ALTERED": ("与封存时的哈希不符：时间或哈希被改动", "altered: not what was sealed"),
    "ENTRY-DROPPED": ("封存过的记录被抽走", "a sealed entry was taken out"),
    "ENTRY-INSERTED": ("没有封存过的记录被插入", "an entry that was never sealed was put in"),
    "ENTRIES-SWAPPED": ("记录的次序被调换", "entries were put in another order"),
    "TILE-ALTERED": ("瓦片与下层不符（{at}）：被改动", "altered: not what lies below it ({at})"),
    "BACKDATED": (
        "时间被倒填：记录时间 {found} 比此前已封存的 {latest} 早一小时以上",
        "back-dated: recorded at {found}, over an hour before an earlier entry's {latest}",
    ),
    "OPENINGS-MALFORMED": ("不是规定的公开文件", "not a file of openings"),
    "ENTRY-ALTERED": ("内容被改动：正文或盐与封存的哈希不符", "altered: body or salt do not fit"),
    "BODY-MALFORMED": ("正文不是规定的写法", "the body is not in its form"),
    "TEXT-ALTERED": ("文字被改动：与存证记录中的哈希不符", "altered: the text does not fit"),
    "TEXT-MISSING": (
        "引用的文字 {hash} 没有公布，也没有依法删除的记录",
        "its text {hash} is not published, and no entry says it was erased by law",
    ),
    "TEXT-NOT-ERASED": (
        "文字 {hash} 已由第 {at} 条依法删除，却仍在公布",
        "the text {hash} was erased by entry {at}, yet is still published",
    ),
    "VERSION-GAP": (
        "缺第 {missing} 版：公开的事项应公开全部经过",
        "version {missing} is missing: a public story is public as a whole",
    ),
    "VERSION-ORDER": ("出现在第 {before} 版之后：重复或颠倒", "comes after version {before}"),
    "ORIGINAL-DUE-CHANGED": (
        "原定时限由 {before} 变为 {after}，而这不是更正",
        "the original deadline went from {before} to {after}, which is no correction",
    ),
    "DUE-CHANGED": (
        "时限由 {before} 变为 {after}，却没有登记为调整",
        "the deadline went from {before} to {after}, not recorded as moved",
    ),
    "MOVED-COUNT-WRONG": (
        "调整次数由 {before} 变为 {after}",
        "moves went from {before} to {after}",
    ),
    "MOVE-UNAPPROVED": (
        "时限调整为 {after}，此前没有经另一人批准的申请",
        "the deadline moved to {after} without a request approved by another person",
    ),
    "REWRITTEN": (
        "被改写：前 {size} 条当时的根哈希是 {kept}（签名：{signers}），现在的记录算得"
        " {found}（签名：{now}）。两份校验点合起来就是证据，请都保存",
        "rewritten: the first {size} entries had the root {kept} (signed: {signers}), today's give"
        " {found} (signed: {now}). The two checkpoints together are proof: keep both",
    ),
    "LOG-SHORTER": (
        "当时有 {size} 条（签名：{signers}），现在只有 {now} 条：末尾的记录不见了",
        "it had {size} entries then (signed: {signers}) and has {now} now: the end is missing",
    ),
    "SINCE-UNSIGNED": ("不能作证据：{why}", "no evidence: {why}"),
    "self": (
        "未见证：没有另外取得的公钥，只证明与本站一致（公钥取自账本自己的记录）",
        "not witnessed: with no key had from elsewhere, only proves that the site fits itself",
    ),
    "none": (
        "未见证：没有给出要求见证的信任文件；持有签名密钥的人重写整个账本，在这里看不出",
        "not witnessed: no witness is asked for; the holder of the key could rewrite it all",
    ),
    "witnessed": ("已见证：{by}（{at}）", "witnessed by {by} ({at})"),
    "partly": (
        "见证到第 {size} 条为止（共 {all} 条）：{by}（{at}）",
        "witnessed for the first {size} of {all} entries, by {by} ({at})",
    ),
    "unlisted": ("{key} 不在信任文件之列，不计", "{key} is not in the trust file: not counted"),
    "lost": (
        "{place}：缺第 {missing} 版；恢复记录说明那一段只找回哈希",
        "{place}: version {missing} lost; a recovery entry says only its hash was had back",
    ),
    "grew": ("核验期间账本有增加，请再核验一次", "the log grew meanwhile: please check again"),
    "quick": ("快速核验：没有读存证记录", "quick check: entries were not read"),
    "continues": ("{place}：现在的账本是它的延续", "{place}: today's log continues it"),
    "more": ("{name}：另有 {count} 处未列出", "{name}: {count} more, not listed"),
    "entry": ("存证记录 {number}", "entry {number}"),
    "version": ("（{subject} 第 {version} 版）", " ({subject} version {version})"),
    "handover": ("handovers.json 第 {number} 次交接", "handovers.json, handover {number}"),
    "form": ("读不懂", "cannot be read"),
    "by-old": ("没有旧密钥的有效签名", "no valid signature by the old key"),
    "too-small": ("旧密钥没有签到公告的那一条", "the old key did not sign for the announcement"),
    "no-entry": ("第 {at} 条没有公告这把新密钥", "entry {at} does not announce the new key"),
    "other-root": ("所签的根哈希与账本不符", "the root it signed is not this log's"),
    "no-root": ("记录不全，无从核对", "entries are missing, so nothing to compare with"),
    "kept": ("所给的 {name}", "the given {name}"),
    "nobody": ("无", "nobody"),
    "a code": ("校验码没有签名，以印件为凭", "a code bears none: keep the print"),
    "erased": ("（已依法删除）", "(erased by law)"),
    "no-log": ("这里没有账本：{where}", "no log here: {where}"),
    "unreadable": ("读不到 {where}：{why}", "cannot read {where}: {why}"),
    "bad-key": ("公钥写法不对：{key}", "not a public key: {key}"),
    "bad-trust": ("信任文件 {file} 第 {line} 行不对", "{file}, line {line}: wrong in a trust file"),
    "bad-since": (
        "{text} 既不是存证校验点文件，也不是本账本的存证校验码（抄错了，或是别的账本的）",
        "{text} is neither a checkpoint file nor a code of this log (mistyped, or another log's)",
    ),
    "no-subject": (
        "没有公开的 {subject}；名称如 commitment:DL2024-015",
        "nothing public of {subject}; names look like commitment:DL2024-015",
    ),
}
MOST_LISTED = 100
"""Findings of one name that are listed; more are counted."""


class Unchecked(Exception):
    """The log could not be checked: exit 2. `key` and `fields` say why."""

    def __init__(self, key: str, /, **fields: object) -> None:
        super().__init__(key)
        self.key, self.fields = key, fields


class Malformed(ValueError):
    """Bytes that are not in the form they must have."""


@dataclass
class Report:
    """What was found, in one language."""

    lang: str = "zh"
    findings: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    facts: dict[str, Any] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)

    def say(self, key: str, /, **fields: object) -> str:
        """A saying in the language of the report."""
        return SAID[key][self.lang == "en"].format(**fields)

    def find(self, name: str, place: str, /, entry: int | None = None, **fields: object) -> None:
        """Note a finding: its name, its place, and the entry's number if it is one."""
        self.counts[name] += 1
        if self.counts[name] <= MOST_LISTED:
            what = self.say(name, **fields)
            self.findings.append({"name": name, "place": place, "entry": entry, "what": what})

    def remark(self, key: str, /, **fields: object) -> None:
        """Note what is worth knowing and no finding."""
        if len(self.remarks) < MOST_LISTED:
            self.remarks.append(self.say(key, **fields))

    def entry(self, number: object, body: dict[str, Any] | None = None) -> str:
        """An entry as a place."""
        told = self.say("version", **body) if body else ""
        return self.say("entry", number=number) + told


# ── 2. Ed25519: RFC 8032, section 5.1. Only verifying, so nothing here is secret ──────────────────

P = 2**255 - 19
"""The field: all arithmetic is modulo this prime."""
L = 2**252 + 27742317777372353535851937790883648493
"""The order of the base point."""
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
HALF, WHOLE = 32, 64
Point = tuple[int, int, int, int]
"""(X, Y, Z, T) with x = X/Z, y = Y/Z and x·y = T/Z."""


def add_points(a: Point, b: Point) -> Point:
    """The sum of two points; also of a point and itself."""
    low, high = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = high - low, d - c, d + c, high + low
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply_point(number: int, point: Point) -> Point:
    """The point taken `number` times."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add_points(total, point)
        point = add_points(point, point)
        number >>= 1
    return total


def decode_point(data: bytes) -> Point:
    """The point that 32 bytes stand for. Raises `Malformed` unless they are its one encoding."""
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_ONE % P
    if y >= P or x * x % P != square or (x == 0 and sign):
        raise Malformed
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def encode_point(point: Point) -> bytes:
    """The 32 bytes that stand for a point."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(HALF, "little")


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(HALF, "little"))


def is_signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the key's holder signed the message: R = S·B - k·A, without cofactor.

    R is compared by its bytes, so that only its one encoding passes; S must be below L.
    """
    if len(key) != HALF or len(signature) != WHOLE:
        return False
    r, s = signature[:HALF], int.from_bytes(signature[HALF:], "little")
    try:
        a = decode_point(key)
    except Malformed:
        return False
    k = int.from_bytes(sha512(r + key + message).digest(), "little") % L
    minus = (P - a[0], a[1], 1, P - a[3])
    computed = add_points(multiply_point(s, BASE), multiply_point(k, minus))
    return s < L and encode_point(computed) == r


# ── 3. notes: C2SP signed-note, tlog-checkpoint, tlog-cosignature ─────────────────────────────────

LOG_TYPE, WITNESS_TYPE = b"\x01", b"\x04"
ID_BYTES, TIME_BYTES, HASH_BYTES = 4, 8, 32
MOST_SIGNATURES = 100
SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
Who = tuple[str, bytes]
"""Name and key id, by which a signature names its key."""
Keys = dict[Who, bytes]


def decode_base64(text: str) -> bytes:
    """The bytes of standard Base64. Raises `ValueError` for any but the one spelling."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise Malformed
    return data


def is_name(name: str) -> bool:
    """Whether a key may be named so."""
    return bool(name) and not any(c.isspace() or c < " " or c == "+" for c in name)


def label(who: Who) -> str:
    """A key as people are shown it: `city.example/log+6ad4a4bd`."""
    return f"{who[0]}+{who[1].hex()}"


def read_vkey(vkey: str, kind: bytes) -> tuple[Who, bytes]:
    """Whose, and the public key, of a published `name+id+key`. Raises `ValueError`."""
    name, number, encoded = (*vkey.split("+", 2), "", "")[:3]
    data = decode_base64(encoded)
    key_id = sha256(name.encode() + b"\n" + data).digest()[:ID_BYTES]
    if data[:1] != kind or len(data) != 1 + HALF or not is_name(name) or number != key_id.hex():
        raise Malformed
    return (name, key_id), data[1:]


class Note(NamedTuple):
    """A checkpoint with its signatures, of which none is verified yet."""

    text: str
    origin: str
    size: int
    root: bytes
    signatures: list[tuple[Who, bytes]]


def read_note(data: bytes) -> tuple[str, list[tuple[Who, bytes]]]:
    """Text and signatures of a signed note, strictly. Raises `ValueError`."""
    note = data.decode()
    text, blank, block = note.rpartition("\n\n")
    lines = block[:-1].split("\n")
    if any(character < " " and character != "\n" for character in note):
        raise Malformed
    if not blank or not block.endswith("\n") or len(lines) > MOST_SIGNATURES:
        raise Malformed
    signatures = []
    for line in lines:
        mark, name, encoded = (*line.split(" ", 2), "", "")[:3]
        signature = decode_base64(encoded)
        if mark != "—" or not is_name(name) or len(signature) <= ID_BYTES:
            raise Malformed
        signatures.append(((name, signature[:ID_BYTES]), signature[ID_BYTES:]))
    return text + "\n", signatures


def read_checkpoint(data: bytes) -> Note:
    """A signed checkpoint. Raises `ValueError`."""
    text, signatures = read_note(data)
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines) or not SIZE.fullmatch(lines[1]):  # noqa: PLR2004
        raise Malformed
    root = decode_base64(lines[2])
    if len(root) != HASH_BYTES:
        raise Malformed
    return Note(text, lines[0], int(lines[1]), root, signatures)


def log_signers(note: Note, keys: Keys) -> tuple[list[str], list[str]]:
    """Which of the keys signed a note; and which are named in it by a wrong signature."""
    good: list[str] = []
    bad: list[str] = []
    for who, signature in note.signatures:
        if who in keys:
            genuine = is_signed(keys[who], signature, note.text.encode())
            (good if genuine else bad).append(label(who))
    return good, bad


def cosigned_at(note: Note, key: bytes, signature: bytes) -> int | None:
    """When a witness cosigned, in seconds since 1970; None if it did not."""
    seconds = int.from_bytes(signature[:TIME_BYTES], "big")
    message = f"cosignature/v1\ntime {seconds}\n{note.text}".encode()
    genuine = seconds < 1 << 63 and is_signed(key, signature[TIME_BYTES:], message)
    return seconds if genuine else None


BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ROOT_DIGITS, CHECK_DIGITS, CODE_BYTES, GROUP = 32, 2, 20, 4


def _base32(data: bytes, digits: int) -> str:
    number = int.from_bytes(data, "big") >> (len(data) * 8 - digits * 5)
    return "".join(BASE32[number >> 5 * at & 31] for at in reversed(range(digits)))


def write_code(origin: str, size: int, root: bytes) -> str:
    """A checkpoint as it is printed (存证校验码): size, 160 bits of the root, a check."""
    root = root[:CODE_BYTES]
    check = _base32(sha256(f"{origin}\n{size}\n".encode() + root).digest(), CHECK_DIGITS)
    digits = _base32(root, ROOT_DIGITS)
    groups = [digits[at : at + GROUP] for at in range(0, ROOT_DIGITS, GROUP)]
    return "-".join([str(size), *groups, check])


def read_code(text: str, origins: Iterable[str]) -> tuple[int, bytes]:
    """Size and first bytes of the root, of a code as people type it. Raises `ValueError`."""
    text = "".join(unicodedata.normalize("NFKC", text).upper().split())
    text = re.sub("[‐‑‒–—―−]", "-", text).translate(str.maketrans("OIL", "011"))
    size, _, rest = text.partition("-")
    digits = rest.replace("-", "")
    if not SIZE.fullmatch(size) or len(digits) != ROOT_DIGITS + CHECK_DIGITS:
        raise Malformed
    number = 0
    for digit in digits[:ROOT_DIGITS]:
        number = number << 5 | BASE32.index(digit)
    root = number.to_bytes(CODE_BYTES, "big")
    if digits not in {
        write_code(o, int(size), root).partition("-")[2].replace("-", "") for o in origins
    }:
        raise Malformed
    return int(size), root


# ── 4. trust: C2SP tlog-policy ────────────────────────────────────────────────────────────────────


@dataclass
class Trust:
    """Whose keys count, and how many witnesses it takes. Names are octets, as in the standard."""

    logs: Keys = field(default_factory=dict)
    witnesses: dict[Who, tuple[bytes, bytes]] = field(default_factory=dict)
    """Whose key → what this file calls the witness, and its public key."""
    groups: list[tuple[bytes, int, list[bytes]]] = field(default_factory=list)
    quorum: bytes = b""
    free: dict[bytes, bool] = field(default_factory=dict)
    """Every name → whether it may still become a member of a group."""

    def is_met(self, names: Iterable[bytes]) -> bool:
        """Whether these witnesses are enough."""
        have = {b"none", *names}
        for name, threshold, members in self.groups:  # members stand before their group
            if len(have.intersection(members)) >= threshold:
                have.add(name)
        return self.quorum in have

    def read_line(self, verb: bytes, *rest: bytes) -> None:
        """Take in one line of the file. Raises `ValueError` for a wrong one."""
        if verb == b"log" and len(rest) in {1, 2}:
            who, key = read_vkey(rest[0].decode(), LOG_TYPE)
            if key in self.logs.values():
                raise Malformed
            self.logs[who] = key
        elif verb == b"witness" and len(rest) in {2, 3}:
            who, key = read_vkey(rest[1].decode(), WITNESS_TYPE)
            if key in {other for _name, other in self.witnesses.values()}:
                raise Malformed
            self._define(rest[0])
            self.witnesses[who] = (rest[0], key)
        elif verb == b"group" and len(rest) > 2:  # noqa: PLR2004  # name, threshold, a member
            self._read_group(rest[0], rest[1], list(rest[2:]))
        elif verb == b"quorum" and len(rest) == 1 and not self.quorum:
            if rest[0] != b"none" and rest[0] not in self.free:
                raise Malformed
            self.quorum = rest[0]
        else:
            raise Malformed

    def _read_group(self, name: bytes, k: bytes, members: list[bytes]) -> None:
        number = {b"all": b"%d" % len(members), b"any": b"1"}.get(k, k)
        if not re.fullmatch(rb"[1-9][0-9]{0,5}", number) or int(number) > len(members):
            raise Malformed
        for member in members:
            if not self.free.get(member):
                raise Malformed
            self.free[member] = False
        self._define(name)
        self.groups.append((name, int(number), members))

    def _define(self, name: bytes) -> None:
        if name == b"none" or name in self.free:
            raise Malformed
        self.free[name] = True


def read_trust(data: bytes, file: str) -> Trust:
    """A trust file. Raises `Unchecked` with the first wrong line."""
    trust = Trust()
    lines = data.split(b"\n")
    for number, line in enumerate(lines, start=1):
        words = [word for word in re.split(rb"[ \t]+", line) if word]
        try:
            if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", line) or (line and number == len(lines)):
                raise Malformed  # a control character, or a last line without its newline
            if words and not words[0].startswith(b"#"):
                trust.read_line(*words)
        except ValueError:
            raise Unchecked("bad-trust", file=file, line=number) from None
    if not trust.quorum:
        raise Unchecked("bad-trust", file=file, line=len(lines))
    return trust


# ── 5. tree: RFC 9162, section 2.1 ────────────────────────────────────────────────────────────────

WIDTH, HEIGHT = 256, 8
"""Hashes in a full tile, and levels of the tree that it spans."""
ROW_BYTES = WIDTH * HASH_BYTES


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 ‖ leaf)."""
    return sha256(b"\x00" + leaf).digest()


def full_root(row: bytes) -> bytes:
    """The root over a full tile: SHA-256(0x01 ‖ left ‖ right), until one hash is left."""
    while len(row) > HASH_BYTES:
        pairs = range(0, len(row), 2 * HASH_BYTES)
        row = b"".join([sha256(b"\x01" + row[at : at + 64]).digest() for at in pairs])
    return row


class Tree:
    """The right edge of a growing tree: the roots of its full subtrees, with their heights."""

    def __init__(self, size: int = 0, edge: Iterable[tuple[int, bytes]] = ()) -> None:
        self.size, self.edge = size, list(edge)

    def add(self, node: bytes, height: int = 0) -> None:
        """Append a leaf hash, or a full subtree where the size is a multiple of its width."""
        self.size += 1 << height
        while self.edge and self.edge[-1][0] == height:
            node, height = full_root(self.edge.pop()[1] + node), height + 1
        self.edge.append((height, node))

    def add_row(self, row: bytes) -> None:
        """Append a tile's worth of leaf hashes."""
        if len(row) == ROW_BYTES:
            self.add(full_root(row), HEIGHT)
        else:
            for node in split_row(row):
                self.add(node)

    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self.edge:
            return sha256(b"").digest()
        root = self.edge[-1][1]
        for _height, node in reversed(self.edge[:-1]):
            root = full_root(node + root)
        return root


def split_row(row: bytes) -> list[bytes]:
    """The hashes of a row."""
    return [row[at : at + HASH_BYTES] for at in range(0, len(row), HASH_BYTES)]


def differing(one: bytes, other: bytes) -> list[int]:
    """Where two rows of hashes differ."""
    a, b = split_row(one), split_row(other)
    return [at for at in range(max(len(a), len(b))) if a[at : at + 1] != b[at : at + 1]]


# ── 6. source: C2SP tlog-tiles ────────────────────────────────────────────────────────────────────

LARGEST = 64 << 20
"""Bytes of one file that are read at most."""
TRIES, PAUSE, PARALLEL, AHEAD = 3, 0.5, 8, 24
"""Tries of a request, seconds between; requests at a time; bundles fetched before their turn."""
GONE, REFUSED = (404, 410), range(400, 500)
FAILURES = (OSError, EOFError, ValueError, zlib.error, HTTPException)


def number_path(number: int) -> str:
    """1234067 → x001/x234/067."""
    groups = f"{number:,}".split(",")
    return "/".join([*(f"x{group:>03}" for group in groups[:-1]), f"{groups[-1]:>03}"])


def tile_path(level: object, number: int, width: int = WIDTH) -> str:
    """The path of a tile, or of an entry bundle where the level is `entries`."""
    return f"tile/{level}/{number_path(number)}" + ("" if width == WIDTH else f".p/{width}")


class Source:
    """A log in a folder, or over HTTP below an address."""

    def __init__(self, where: str) -> None:
        self.remote = where.startswith(("http://", "https://"))
        self.where = where.rstrip("/") if self.remote else where
        if not self.remote and not Path(where).is_dir():
            raise Unchecked("no-log", where=where)

    def get(self, path: str) -> bytes | None:
        """The content of a file; None if there is none. Raises `Unchecked` if it can't be had."""
        for left in reversed(range(TRIES if self.remote else 1)):
            try:
                return self._fetch(path) if self.remote else self._read(path)
            except (FileNotFoundError, NotADirectoryError):
                return None
            except FAILURES as error:
                status = getattr(error, "code", None)
                if status in GONE:
                    return None
                if not left or status in REFUSED:
                    raise Unchecked("unreadable", where=f"{self.where}/{path}", why=error) from None
                time.sleep(PAUSE)
        return None

    def _read(self, path: str) -> bytes:
        with (Path(self.where) / path).open("rb") as file:
            return _short(file.read(LARGEST + 1))

    def _fetch(self, path: str) -> bytes:
        url = f"{self.where}/{urllib.parse.quote(path)}"
        request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip, identity"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            content: bytes = answer.read(LARGEST + 1)
            if answer.headers.get("Content-Encoding") == "gzip":
                content = gzip.GzipFile(fileobj=io.BytesIO(content)).read(LARGEST + 1)
        return _short(content)


def _short(content: bytes) -> bytes:
    if len(content) > LARGEST:
        raise OSError(f"> {LARGEST >> 20} MiB")
    return content


# ── 7. entries: the forms of docs/explanation/ledger-format.md ────────────────────────────────────

INSTANT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z"
IS_INSTANT = re.compile(INSTANT).fullmatch
READ_LEAF = re.compile(
    rf'\{{"format":"yinuo\.entry/1","hash":"([0-9a-f]{{64}})","recorded_at":"({INSTANT})"\}}'
).fullmatch
Leaf = tuple[str, str]
"""The hash that a leaf holds, in hex, and when it was recorded."""
NO_LEAF = ("", "")
TO_THE_HOUR = len("2024-02-08T08")
TEXT = re.compile(r'"text:([0-9a-f]{64})"')
BODY = (
    *("actor", "at", "capacity", "format", "schema", "subject", "thread", "verb"),
    *("state", "version"),
)
BODY_TYPES = [str] * 8 + [dict, int]
LARGEST_NUMBER = 1 << 53
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
"""What wrong JSON can lead to."""


def read_time(instant: str) -> datetime:
    """The moment of `2024-02-08T08:30:00.000000Z`, in UTC. Raises `ValueError`."""
    return datetime.fromisoformat(instant[:-1])


def split_leaves(bundle: bytes) -> tuple[list[bytes], bool]:
    """The leaves of a bundle, each after its length; and whether it ends with the last."""
    leaves, at = [], 0
    while (start := at + 2) <= len(bundle):
        end = start + int.from_bytes(bundle[at:start], "big")
        if end > len(bundle):
            break
        leaves.append(bundle[start:end])
        at = end
    return leaves, at == len(bundle)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; a field given twice could be read one way here and another there."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed
    return found


DECODE_BODY = json.JSONDecoder(object_pairs_hook=_once).decode
IN_BODY, NAMES = itemgetter(*BODY), itemgetter("subject", "version", "verb")
ENCODE = json.JSONEncoder(ensure_ascii=False, indent=1).encode


def read_body(text: str) -> dict[str, Any]:
    """What an opened entry says. Raises `ValueError`."""
    try:
        body: dict[str, Any] = DECODE_BODY(text)
        if "\\u" in text:
            ENCODE(body).encode()  # raises for half a character, which cannot be stored
        read_time(body["at"])
        right = (
            len(body) == len(BODY)
            and [*map(type, IN_BODY(body))] == BODY_TYPES
            and 1 <= body["version"] < LARGEST_NUMBER
            and body["format"] == "yinuo.body/1"
            and body["schema"].partition("/")[0] == body["subject"].partition(":")[0]
            and IS_INSTANT(body["at"])
        )
    except UNREADABLE:
        raise Malformed from None
    if not right:
        raise Malformed
    return body


def read_openings(data: bytes, start: int) -> tuple[list[tuple[int, str, str]], dict[str, Any]]:
    """The opened entries of the bundle beginning at `start`, and the texts by their hash.

    An entry is its index, the hash of its salt and body, and the body. A text that does not fit
    its hash is None. Raises `ValueError`.
    """
    try:
        file = json.loads(data.decode())
        if file["format"] != "yinuo.openings/1":
            raise Malformed
        entries, last = [], start - 1
        for one in file["entries"]:
            index, body, digest = one["index"], one["body"], _salted(one["salt"], one["body"])
            if type(index) is not int or not last < index < start + WIDTH:
                raise Malformed
            last = index
            entries.append((index, digest, body))
        texts = {}
        for one in file["texts"]:
            fits = _salted(one["salt"], one["text"]) == one["hash"]
            one["hash"].encode()
            texts[one["hash"]] = one["text"] if fits else None
    except UNREADABLE:
        raise Malformed from None
    return entries, texts


def _salted(salt: str, text: str) -> str:
    """SHA-256(salt ‖ text), in hex. A salt of another length could take over letters."""
    data = bytes.fromhex(salt)
    if len(data) != HASH_BYTES:
        raise Malformed
    return sha256(data + text.encode()).hexdigest()


# ── 8. stories: what must hold across entries ─────────────────────────────────────────────────────

MOVED, CORRECTED = "commitment.moved", "commitment.corrected"
TERMS = itemgetter("due", "due_original", "moved_count")
DUE_AND_MOVED = ([str, str, int], [type(None), type(None), int])
"""Due, originally due, times moved: dated or undated."""


class Stories:
    """What opened entries say, kept in a temporary file so that memory stays flat, then judged."""

    def __init__(self) -> None:
        self.log_keys: dict[int, tuple[str, str]] = {}
        """Entry → the public key it announces, and the label of the key that one follows."""
        self.retired: dict[str, int] = {}
        """Label of a key → the entry that says it signs no more."""
        self.lost: list[tuple[int, int]] = []
        """First and last entries of ranges of which a recovery had back only hashes."""
        self.rows: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.db = sqlite3.connect("", isolation_level=None)
        self.db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE step (thread, entry, subject, version, verb, due, original, moved);"
            "CREATE TABLE approval (thread, entry, due);"
            "CREATE TABLE published (hash, path);"
            "CREATE TABLE missing (hash, entry, subject, version);"
            "CREATE TABLE erased (hash PRIMARY KEY, entry);"
            "CREATE INDEX approval_thread ON approval (thread); BEGIN;"
        )

    def put(self, table: str, *row: object) -> None:
        """Keep a row of a table."""
        self.rows[table].append(row)

    def flush(self) -> None:
        """Write the rows to the file."""
        for table, rows in self.rows.items():
            places = ", ".join("?" * len(rows[0]))
            self.db.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({places})", rows)  # noqa: S608
        self.rows.clear()

    def take(self, entry: int, body: dict[str, Any], *, trusted: bool) -> None:
        """Take in an opened entry; of one that does not fit its leaf only which it claims to be.

        Raises `ValueError` for a state that cannot be.
        """
        terms: tuple[Any, ...] = (None, None, None)
        try:
            if trusted and body["schema"] == "commitment/1":
                terms = TERMS(body["state"])
                if [*map(type, terms)] not in DUE_AND_MOVED or not 0 <= terms[2] < LARGEST_NUMBER:
                    raise Malformed
            elif trusted:
                self._listen(entry, body, body["state"])
        except UNREADABLE:
            raise Malformed from None
        self.put("step", body["thread"], entry, *NAMES(body), *terms)

    def _listen(self, entry: int, body: dict[str, Any], state: dict[str, Any]) -> None:
        """Take in what an entry says of other entries, of texts and of the log itself."""
        schema = body["schema"]
        if schema in {"change/1", "erasure/1"}:
            two = state["decided_by"] and state["decided_by"] != state["asked_by"]
            approved = state["status"] == "approved" and two
            if approved and schema == "erasure/1":
                self.put("erased", state["text"].partition(":")[2], entry)
            elif approved and state["kind"] == "moved":
                self.put("approval", body["thread"], entry, str(state["new"]["due"]))
        elif schema == "log_key/1" and body["verb"] == "key.retired":
            self.retired.setdefault(state["code"], entry)
        elif schema == "log_key/1":
            read_vkey(state["vkey"], LOG_TYPE)
            self.log_keys[entry] = (state["vkey"], state["follows"])
        elif schema == "recovery/1":
            self.lost += [(int(first), int(last)) for first, last in state["lost"]]

    def judge(self, report: Report) -> None:
        """Find what contradicts itself: versions, deadlines, texts."""
        self.flush()
        thread, seen = None, dict[str, Any]()
        for step in self.db.execute("SELECT * FROM step ORDER BY thread, entry"):
            if step[0] != thread:
                thread, seen = step[0], {}
            self._judge_step(report, step, seen)
        for digest, entry, subject, version in self.db.execute(
            "SELECT hash, min(entry), subject, version FROM missing"
            " WHERE hash NOT IN (SELECT hash FROM erased) GROUP BY hash ORDER BY 2"
        ):
            place = report.entry(entry, {"subject": subject, "version": version})
            report.find("TEXT-MISSING", place, entry=entry, hash=digest[:12])
        for digest, path, entry in self.db.execute(
            "SELECT hash, path, erased.entry FROM published JOIN erased USING (hash)"
        ):
            report.find("TEXT-NOT-ERASED", path, hash=digest[:12], at=entry)

    def _judge_step(self, report: Report, step: tuple[Any, ...], seen: dict[str, Any]) -> None:
        _, entry, subject, version, verb, due, original, moved = step
        # Before its first version a promise is as if it had always been due when it says.
        last, before, *terms = seen.get(subject, (-1, 0, due, due, 0))
        seen[subject] = (entry, version, due, original, moved)
        if version == before + 1 and [due, original, moved] == terms and verb != MOVED:
            return

        def find(name: str, **fields: object) -> None:
            place = report.entry(entry, {"subject": subject, "version": version})
            report.find(name, place, entry=entry, **fields)

        if version <= before:
            find("VERSION-ORDER", before=before)
        elif version > before + 1:
            missing = f"{before + 1}–{version - 1}" if version > before + 2 else str(before + 1)
            spans = (min(b, entry - 1) - max(a, last + 1) + 1 for a, b in self.lost)
            if sum(max(0, span) for span in spans) >= version - before - 1:
                report.remark("lost", place=report.entry(entry), missing=missing)
            else:
                find("VERSION-GAP", missing=missing)
        elif moved is not None and terms[2] is not None:
            self._judge_terms(find, step, *terms)

    def _judge_terms(
        self,
        find: Callable[..., None],
        step: tuple[Any, ...],
        was_due: str | None,
        was_original: str | None,
        times: int,
    ) -> None:
        """What an approved change alone may do to the deadline of a promise."""
        thread, entry, _, _, verb, due, original, moved = step
        if verb != CORRECTED and was_original is not None and original != was_original:
            find("ORIGINAL-DUE-CHANGED", before=was_original, after=original)
        if verb not in {MOVED, CORRECTED} and due != was_due:
            find("DUE-CHANGED", before=was_due, after=due)
        if moved != times + (verb == MOVED and was_due is not None):
            find("MOVED-COUNT-WRONG", before=times, after=moved)
        approved = "SELECT 1 FROM approval WHERE thread = ? AND entry < ? AND due = ?"
        if verb == MOVED and not self.db.execute(approved, (thread, entry, due)).fetchone():
            find("MOVE-UNAPPROVED", after=due)


# ── 9. walk: one pass over the log ────────────────────────────────────────────────────────────────


class Files(NamedTuple):
    """What is published of 256 entries; None for a file that is not there."""

    tile: bytes | None
    bundle: bytes | None
    openings: bytes | None


@dataclass
class Level:
    """A tile above level 0 as it fills: by the leaves, and by the published tiles below it."""

    number: int = 0
    by_leaves: bytes = b""
    by_tiles: bytes = b""


@dataclass
class Walk:
    """Reads every file once, compares leaves, tiles and openings, and computes the roots."""

    source: Source
    size: int
    report: Report
    watch: set[int]
    """Sizes at which the root is wanted."""
    subject: str = ""
    """The story to keep for telling."""
    only: set[int] | None = None
    """Bundles of which leaves and openings are read; None for all."""
    stories: Stories = field(default_factory=Stories)
    tree: Tree = field(default_factory=Tree)
    levels: list[Level] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)
    """Size → root, by the leaves."""
    unlike: list[tuple[int, bytes, bytes]] = field(default_factory=list)
    """Bundles that do not hash to their tile: number, hashes of the leaves, the tile."""
    first: str = ""
    latest: str = ""
    opened: int = 0
    texts: int = 0
    story: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    """Entries of the wanted story: number, when recorded, body."""
    words: dict[str, str] = field(default_factory=dict)
    """Texts named in it, by hash."""

    def run(self, progress: Callable[[int, int], None]) -> bool:
        """Go through the log; False where so much is missing that there is no root."""
        self.roots[0] = self.tree.root()
        for number, files in self._fetched():
            if not self._check_bundle(number, files):
                return False
            progress(self.tree.size, self.size)
        for level in range(len(self.levels)):
            if self.levels[level].by_leaves:
                self._check_upper(level)
        self.roots[self.size] = self.tree.root()
        return True

    def _fetched(self) -> Iterator[tuple[int, Files]]:
        """The files of every bundle in turn; over HTTP the next ones are fetched meanwhile."""
        count = -(-self.size // WIDTH)
        if not self.source.remote:
            yield from ((number, self._files(number)) for number in range(count))
            return
        with ThreadPoolExecutor(PARALLEL) as pool:
            waiting: deque[Future[Files]] = deque()
            for number in range(count):
                for ahead in range(number + len(waiting), min(count, number + AHEAD)):
                    waiting.append(pool.submit(self._files, ahead))
                yield number, waiting.popleft().result()

    def _files(self, number: int) -> Files:
        width = min(WIDTH, self.size - number * WIDTH)
        tile = self._wide(0, number, width)
        if not self._is_read(number):
            return Files(tile, None, None)
        openings = self.source.get(f"openings/{number_path(number)}")
        return Files(tile, self._wide("entries", number, width), openings)

    def _is_read(self, number: int) -> bool:
        return self.only is None or number in self.only

    def _wide(self, level: object, number: int, width: int) -> bytes | None:
        """A tile or bundle; cut from the full one where the narrow one is no longer kept."""
        content = self.source.get(tile_path(level, number, width))
        if content is not None or width == WIDTH:
            return content
        content = self.source.get(tile_path(level, number))
        if content is None or level != "entries":
            return content and content[: width * HASH_BYTES]
        leaves = split_leaves(content)[0][:width]
        return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)

    def _check_bundle(self, number: int, files: Files) -> bool:
        """Compare leaves with their tile, grow the tree by them, and open what is opened."""
        width = min(WIDTH, self.size - number * WIDTH)
        row, tile, sealed = None, files.tile, [NO_LEAF] * width
        if tile is None:
            self.report.find("FILE-MISSING", tile_path(0, number, width))
        elif len(tile) != width * HASH_BYTES:
            self.report.find("TILE-ALTERED", tile_path(0, number, width), at=f"{len(tile)} B")
            tile = None
        if files.bundle is not None:
            row = self._check_leaves(number, files.bundle, sealed)
            if tile is not None and row != tile and len(self.unlike) < MOST_LISTED:
                self.unlike.append((number, row, tile))
        if row is None or len(row) != width * HASH_BYTES:
            row = tile
        if row is None:
            return False
        self._grow(row, row if tile is None else tile)
        if self._is_read(number):
            if files.bundle is None:
                self.report.find("FILE-MISSING", tile_path("entries", number, width))
            self._check_openings(number, sealed, files.openings)
        return True

    def _check_leaves(self, number: int, bundle: bytes, sealed: list[Leaf]) -> bytes:
        """The hashes of the leaves, joined; puts into `sealed` what they say."""
        leaves, whole = split_leaves(bundle)
        if not whole or len(leaves) != len(sealed):
            path = tile_path("entries", number, len(sealed))
            self.report.find("BUNDLE-MALFORMED", path, due=len(sealed), found=len(leaves))
        for place, leaf in enumerate(leaves[: len(sealed)]):
            entry = number * WIDTH + place
            try:
                digest, recorded_at = READ_LEAF(leaf.decode()).groups()  # type: ignore[union-attr]
                self._check_time(entry, recorded_at)
                sealed[place] = (digest, recorded_at)
            except (AttributeError, ValueError):
                self.report.find("LEAF-MALFORMED", self.report.entry(entry), entry=entry)
        return b"".join([leaf_hash(leaf) for leaf in leaves])

    def _check_time(self, entry: int, recorded_at: str) -> None:
        """Only a time in another hour than the latest needs to be looked at closely."""
        if recorded_at[:TO_THE_HOUR] != self.latest[:TO_THE_HOUR]:
            moment = read_time(recorded_at)
            if self.latest and read_time(self.latest) - moment > timedelta(hours=1):
                place = self.report.entry(entry)
                times = {"found": recorded_at, "latest": self.latest}
                self.report.find("BACKDATED", place, entry, **times)
        self.first = self.first or recorded_at
        self.latest = max(self.latest, recorded_at)

    def _grow(self, row: bytes, tile: bytes) -> None:
        """Append the leaf hashes of a bundle, and note the roots that are wanted on the way."""
        start, width = self.tree.size, len(row) // HASH_BYTES
        for size in self.watch:
            if start < size <= start + width:
                then = Tree(start, self.tree.edge)
                then.add_row(row[: (size - start) * HASH_BYTES])
                self.roots[size] = then.root()
        if width < WIDTH:
            self.tree.add_row(row)
        else:
            root = full_root(row)
            self.tree.add(root, HEIGHT)
            self._rise(0, root, root if row == tile else full_root(tile))

    def _rise(self, level: int, by_leaves: bytes, by_tiles: bytes) -> None:
        """The root of a full tile becomes a hash of the tile above it."""
        if len(self.levels) == level:
            self.levels.append(Level())
        above = self.levels[level]
        above.by_leaves += by_leaves
        above.by_tiles += by_tiles
        if len(above.by_leaves) == ROW_BYTES:
            self._check_upper(level)

    def _check_upper(self, level: int) -> None:
        """Compare a published tile with the level below; what is wrong there is named there."""
        above, self.levels[level] = self.levels[level], Level(self.levels[level].number + 1)
        path = tile_path(level + 1, above.number, len(above.by_leaves) // HASH_BYTES)
        tile = self._wide(level + 1, above.number, len(above.by_leaves) // HASH_BYTES)
        if tile is None:
            self.report.find("FILE-MISSING", path)
        elif tile not in (above.by_leaves, above.by_tiles):
            self.report.find("TILE-ALTERED", path, at=runs(differing(above.by_leaves, tile)))
        if tile is None or len(tile) != len(above.by_leaves):
            tile = above.by_tiles
        if len(tile) == ROW_BYTES:
            self._rise(level + 1, full_root(above.by_leaves), full_root(tile))

    def _check_openings(self, number: int, sealed: list[Leaf], data: bytes | None) -> None:
        path = f"openings/{number_path(number)}"
        if data is None:
            self.report.find("FILE-MISSING", path)
            return
        try:
            entries, texts = read_openings(data, number * WIDTH)
        except Malformed:
            self.report.find("OPENINGS-MALFORMED", path)
            return
        for digest, words in texts.items():
            if words is None:
                self.report.find("TEXT-ALTERED", f"{path} · {digest[:12]}")
            self.stories.put("published", digest, path)
        self.texts += len(texts)
        for index, digest, text in entries:
            place = index - number * WIDTH  # beyond the checkpoint: the log grew meanwhile
            if place < len(sealed) and sealed[place] != NO_LEAF:
                self._check_entry(index, sealed[place], digest, text, texts)
        self.stories.flush()

    def _check_entry(
        self, entry: int, leaf: Leaf, digest: str, text: str, texts: dict[str, Any]
    ) -> None:
        """Check an opened entry against its leaf, its form and the texts published with it."""
        self.opened += 1
        fits, body = digest == leaf[0], None
        try:
            body = read_body(text)
            self.stories.take(entry, body, trusted=fits)
        except Malformed:
            if fits:
                self.report.find("BODY-MALFORMED", self.report.entry(entry), entry)
                return
        if not fits:
            self.report.find("ENTRY-ALTERED", self.report.entry(entry, body), entry)
        if not fits or body is None:
            return
        named = TEXT.findall(text) if '"text:' in text else ()
        for named_text in named:
            if named_text not in texts:
                names = (body["subject"], body["version"])
                self.stories.put("missing", named_text, entry, *names)
        if self.subject and self.subject in {body["subject"], body["thread"]}:
            self.story.append((entry, leaf[1], body))
            self.words.update((one, texts[one]) for one in named if texts.get(one))

    def name_differences(self, root: bytes) -> None:
        """Where leaves and tile differ, the side that does not lead to the signed root is wrong."""
        for number, row, tile in self.unlike:
            if len(row) == len(tile) and self.roots.get(self.size) == root:
                path = tile_path(0, number, len(tile) // HASH_BYTES)
                self.report.find("TILE-ALTERED", path, at=runs(differing(row, tile)))
                continue
            found, due = split_row(row), split_row(tile)
            gone = {at for at, one in enumerate(due) if one not in set(found)}
            new = {at for at, one in enumerate(found) if one not in set(due)}
            for name, places in (
                ("LEAF-ALTERED", gone & new),
                ("ENTRY-DROPPED", gone - new),
                ("ENTRY-INSERTED", new - gone),
                ("ENTRIES-SWAPPED", set() if gone or new else set(differing(row, tile))),
            ):
                if places:
                    numbers = [number * WIDTH + place for place in places]
                    self.report.find(name, self.report.entry(runs(numbers)), entry=min(numbers))


def runs(numbers: Iterable[int]) -> str:
    """[1, 2, 3, 7] → "1–3, 7"."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in found)


# ── 10. judgement: signatures, handovers, witnesses, checkpoints kept elsewhere ───────────────────


class Kept(NamedTuple):
    """A checkpoint to compare with today's log."""

    place: str
    size: int
    root: bytes
    """Its first 20 bytes where only a code was kept."""
    note: Note | None
    """None for a code, which nobody signed."""


class Handover(NamedTuple):
    """A step by which trust passes from an old key of the log to a new one."""

    old: Who
    old_key: bytes
    new: Who
    new_key: bytes
    new_vkey: str
    entry: int
    """The entry that announces the new key."""
    note: Note
    """A checkpoint over that entry, signed by the old key."""


def read_handovers(data: bytes) -> list[Handover | None]:
    """The steps of `handovers.json`, oldest first; None for one that cannot be read."""
    steps: list[Handover | None] = []
    try:
        for step in json.loads(data.decode())["handovers"]:
            steps.append(None)
            old, new = read_vkey(step["old"], LOG_TYPE), read_vkey(step["new"], LOG_TYPE)
            note = read_checkpoint(step["note"].encode())
            steps[-1] = Handover(*old, *new, step["new"], int(step["index"]), note)
    except UNREADABLE:
        return steps or [None]
    return steps


def read_kept(text: str, origins: set[str], report: Report) -> Kept:
    """A file with a checkpoint or a code, or a code as typed. Raises `Unchecked`."""
    try:
        data = Path(text).read_bytes() if Path(text).is_file() else text.encode()
    except (OSError, ValueError) as error:
        raise Unchecked("unreadable", where=text, why=error) from None
    place = report.say("kept", name=text)
    try:
        note = read_checkpoint(data)
        return Kept(place, note.size, note.root, note)
    except ValueError:
        try:
            return Kept(place, *read_code(data.decode(), origins), None)
        except ValueError:
            raise Unchecked("bad-since", text=text) from None


@dataclass
class Judge:
    """What is asked of the checkpoint once the roots are known."""

    report: Report
    walk: Walk
    head: Note
    trust: Trust
    itself: bool
    """No key was given: the log's own entries name it."""
    today: Keys = field(default_factory=dict)
    """Keys that may sign now: the trusted ones, and those they handed over to."""
    ever: Keys = field(default_factory=dict)
    """Those, and the keys before them."""
    signed_by: str = ""

    def judge(self, steps: list[Handover | None], older: Kept | None, kept: list[Kept]) -> None:
        """Check signatures, handovers, witnesses and what was kept elsewhere."""
        if self.itself:
            for vkey, _follows in self.walk.stories.log_keys.values():
                who, public = read_vkey(vkey, LOG_TYPE)
                self.trust.logs.setdefault(who, public)
            self.report.remark("self")
        self._follow(steps)
        good = self._check_signed("checkpoint", self.head, self.today)
        self.signed_by = ", ".join(good)
        for key in good:
            at = self.walk.stories.retired.get(key, self.head.size)
            if self.head.size > at:
                self.report.find("KEY-RETIRED", "checkpoint", key=key, at=at)
        self._check_witnesses(older)
        for one in kept:
            self._compare(one)

    def _follow(self, steps: list[Handover | None]) -> None:
        self.today = dict(self.trust.logs)
        proven = []
        for number, step in enumerate(steps, start=1):
            why = self._why_not(step)
            if step is None or why:
                place = self.report.say("handover", number=number)
                told = self.report.say(why, at=step.entry if step else "")
                self.report.find("HANDOVER-BAD", place, why=told)
                continue
            proven.append(step)
            if step.old in self.today:
                self.today.setdefault(step.new, step.new_key)
        self.ever = dict(self.today)
        for step in reversed(proven):
            if step.new in self.ever:
                self.ever.setdefault(step.old, step.old_key)

    def _why_not(self, step: Handover | None) -> str:
        """What speaks against a handover; empty if nothing does."""
        if step is None:
            return "form"
        good, _bad = log_signers(step.note, {step.old: step.old_key})
        if not good or step.note.origin != step.old[0]:
            return "by-old"
        if not 0 <= step.entry < step.note.size:
            return "too-small"
        announced = (step.new_vkey, label(step.old))
        if self.walk.stories.log_keys.get(step.entry) != announced:
            return "no-entry"
        root = self.walk.roots.get(step.note.size)
        if root is None:
            return "no-root"
        return "" if root == step.note.root else "other-root"

    def _check_signed(self, place: str, note: Note, keys: Keys) -> list[str]:
        """The trusted keys that signed a note."""
        good, bad = log_signers(note, keys)
        for key in bad:
            self.report.find("SIGNATURE-BAD", place, key=key)
        if not good and not bad:
            others = ", ".join(label(who) for who, _signature in note.signatures)
            self.report.find("SIGNATURE-UNKNOWN", place, key=others)
        if good and note.origin not in {key.rpartition("+")[0] for key in good}:
            self.report.find("ORIGIN-WRONG", place, found=note.origin)
        return good

    def _check_witnesses(self, older: Kept | None) -> None:
        """Whether the newest checkpoint has its quorum, or at least an older one had."""
        found, size = self._cosigned("checkpoint", self.head), self.head.size
        if older and older.note and older.note != self.head:
            signed = self._check_signed(older.place, older.note, self.ever)
            before = self._cosigned(older.place, older.note)
            if signed and self._compare(older) and not self.trust.is_met(found):
                found, size = before, older.size
        by = ", ".join(name.decode(errors="replace") for name in found)
        if self.trust.quorum in {b"", b"none"}:
            if not self.itself:
                self.report.remark("none")
        elif not self.trust.is_met(found):
            quorum = self.trust.quorum.decode(errors="replace")
            named = by or self.report.say("nobody")
            self.report.find("QUORUM-MISSING", "checkpoint", quorum=quorum, found=named)
        else:
            at = civil(max(found.values()))
            told = {"size": size, "all": self.head.size, "by": by, "at": at}
            self.report.remark("witnessed" if size == self.head.size else "partly", **told)
            self.report.facts["witnessed"] = told

    def _cosigned(self, place: str, note: Note) -> dict[bytes, int]:
        """Witness → when it signed; a wrong signature in the name of one is a finding."""
        found: dict[bytes, int] = {}
        for who, signature in note.signatures:
            witness, key = self.trust.witnesses.get(who, (b"", b""))
            seconds = cosigned_at(note, key, signature) if witness else None
            if seconds is not None:
                found[witness] = max(seconds, found.get(witness, 0))
            elif witness:
                self.report.find("COSIGNATURE-FORGED", place, key=label(who))
            elif who not in self.ever and who[0] != note.origin:
                self.report.remark("unlisted", key=label(who))
        return found

    def _compare(self, kept: Kept) -> bool:
        """Whether today's log continues a checkpoint that was kept elsewhere."""
        signers = self.report.say("a code")
        if kept.note is not None:
            good, bad = log_signers(kept.note, self.ever)
            others = ", ".join(label(who) for who, _signature in kept.note.signatures)
            signers = ", ".join(good)
            if bad or not good:
                key, name = (
                    (", ".join(bad), "SIGNATURE-BAD") if bad else (others, "SIGNATURE-UNKNOWN")
                )
                why = self.report.say(name, key=key)
                self.report.find("SINCE-UNSIGNED", kept.place, why=why)
                return False
        told: dict[str, Any] = {"size": kept.size, "signers": signers}
        found = self.walk.roots.get(kept.size)
        if kept.size > self.head.size:
            self.report.find("LOG-SHORTER", kept.place, now=self.head.size, **told)
        elif found is not None and found.startswith(kept.root):
            self.report.remark("continues", place=kept.place)
        elif found is not None:
            told["kept"], told["found"] = kept.root.hex(), found[: len(kept.root)].hex()
            told["now"] = self.signed_by or self.report.say("nobody")
            self.report.find("REWRITTEN", kept.place, **told)
        return found is not None and found.startswith(kept.root)


# ── 11. answer ────────────────────────────────────────────────────────────────────────────────────

CHINA = timedelta(hours=8)
VERBS = {
    "registered": "登记", "published": "公开审查", "delivered": "申请销号", "made": "报送进展",
    "verified": "核实：已兑现", "rejected": "退回：未核实", "found_broken": "认定：未兑现",
    "overturned": "推翻核实结论，重新进行", "found_false": "推翻核实结论，认定未兑现",
    "moved": "时限已调整", "revised": "指标已调整", "rescoped": "内容已调整", "asked": "申请",
    "transferred": "责任单位已移交", "merged": "已并入另一承诺", "withdrawn": "任务终止",
    "corrected": "录入错误已更正", "kept_in_part": "认定：部分兑现", "approved": "批准",
    "refused": "不批准", "waived": "免除",
}  # fmt: skip
COLUMNS = {
    "title": "内容", "kind": "类型", "lead_said": "责任单位", "lead_id": "责任单位编号",
    "operator": "比较方式", "value": "数值", "unit": "单位", "due": "完成时限",
    "due_original": "原定时限", "moved_count": "调整次数", "status": "状态", "outcome": "结果",
    "delivered_date": "申报完成日期", "visibility": "公开类型", "as_of_date": "截至",
    "after_the_fact": "事后申请", "reason_text": "理由", "decision_text": "决定理由",
    "remark_text": "说明", "note_text": "说明",
}  # fmt: skip
TOLD_FIRST = {"title", "kind", "lead_said", "operator", "value", "unit", "due", "as_of_date"}


def civil(seconds: int) -> str:
    """A moment as the clock on the wall in China shows it."""
    try:
        moment = datetime.fromisoformat("1970-01-01") + timedelta(seconds=seconds) + CHINA
    except OverflowError:
        return str(seconds)
    return f"{moment:%Y-%m-%d %H:%M}"


def tell_story(report: Report, walk: Walk) -> None:
    """Fill in the history of the wanted subject, a line an entry."""
    doubted = {finding["entry"] for finding in report.findings}
    sound = not {"ROOT-WRONG", "SIGNATURE-BAD", "SIGNATURE-UNKNOWN"} & report.counts.keys()
    states: dict[str, dict[str, Any]] = {}
    for entry, recorded_at, body in walk.story:
        mark = "✓" if sound and entry not in doubted else "✗"
        verb = body["verb"]
        if report.lang != "en":
            verb = VERBS.get(verb.partition(".")[2], verb)
        at, recorded = read_time(body["at"]), read_time(recorded_at)
        late = f" ({recorded + CHINA:%Y-%m-%d %H:%M})" if recorded - at > timedelta(days=1) else ""
        told = [
            f"{at + CHINA:%Y-%m-%d %H:%M}{late}",
            verb,
            f"{body['actor']} {body['capacity']}".strip(),
        ]
        told += _changes(report, walk.words, states.get(body["subject"], {}), body["state"])
        report.story.append(f"{mark} {report.entry(entry, body)} {' · '.join(told)}")
        states[body["subject"]] = body["state"]


def _changes(
    report: Report, words: dict[str, str], old: dict[str, Any], new: dict[str, Any]
) -> list[str]:
    """What an entry changed, in words; of a first entry the main terms."""

    def name(column: str) -> str:
        return column if report.lang == "en" else COLUMNS.get(column, column)

    def told(value: object) -> object:
        return "—" if value in ("", None) else value

    lines = []
    for column, value in new.items():
        text = TEXT.fullmatch(f'"{value}"')
        if column == "new" and not old and isinstance(value, dict):  # a request: what for what
            was = new["old"] if isinstance(new.get("old"), dict) else {}
            lines += [f"{name(key)}: {told(was.get(key))} → {told(value[key])}" for key in value]
        elif old.get(column, "") == value or (not old and value is None):
            continue
        elif text:
            lines.append(f"{name(column)}: {words.get(text[1], report.say('erased'))}")
        elif old and column in COLUMNS:
            lines.append(f"{name(column)}: {told(old.get(column))} → {told(value)}")
        elif not old and column in TOLD_FIRST:
            lines.append(f"{name(column)}: {value}")
    return lines


class Asked(NamedTuple):
    """What is to be checked, and against what."""

    where: str
    trust: str = ""
    keys: tuple[str, ...] = ()
    since: tuple[str, ...] = ()
    subject: str = ""
    quick: bool = False
    lang: str = "zh"


def read_trusted(asked: Asked) -> Trust:
    """The trust file, and the keys given beside it. Raises `Unchecked`."""
    trust = Trust()
    if asked.trust:
        try:
            trust = read_trust(Path(asked.trust).read_bytes(), asked.trust)
        except OSError as error:
            raise Unchecked("unreadable", where=asked.trust, why=error) from None
    for vkey in asked.keys:
        try:
            who, key = read_vkey(vkey.strip(), LOG_TYPE)
        except ValueError:
            raise Unchecked("bad-key", key=vkey) from None
        trust.logs[who] = key
    return trust


def check(asked: Asked, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Report:
    """Check a whole log. Raises `Unchecked` where that cannot be done.

    `progress` is told how many entries are done, and of how many.
    """
    report, trust, source = Report(asked.lang), read_trusted(asked), Source(asked.where)
    # The newest checkpoint last: what was fetched before can then not be ahead of it.
    steps = read_handovers(source.get("handovers.json") or b'{"handovers":[]}')
    older, newest = source.get("checkpoint.witnessed"), source.get("checkpoint")
    if newest is None:
        raise Unchecked("no-log", where=asked.where)
    notes: list[Note | None] = []
    for path, data in (("checkpoint", newest), ("checkpoint.witnessed", older)):
        try:
            notes.append(read_checkpoint(data) if data is not None else None)
        except ValueError:
            report.find("CHECKPOINT-MALFORMED", path)
            notes.append(None)
    head, before = notes
    if head is None:
        return report
    witnessed = before and Kept("checkpoint.witnessed", before.size, before.root, before)
    known = [step for step in steps if step]
    names = {head.origin, *(who[0] for step in known for who in (step.old, step.new))}
    kept = [read_kept(text, names, report) for text in asked.since]
    watch = {one.size for one in kept} | {step.note.size for step in known}
    only = {0, *(step.entry // WIDTH for step in known)} if asked.quick else None
    watch |= {before.size} if before else set()
    walk = Walk(source, head.size, report, watch, asked.subject, only)
    with closing(walk.stories.db):
        if walk.run(progress) and walk.roots[head.size] != head.root:
            found, signed = walk.roots[head.size].hex(), head.root.hex()
            report.find("ROOT-WRONG", "checkpoint", found=found, signed=signed)
        walk.name_differences(head.root)
        Judge(report, walk, head, trust, not trust.logs).judge(steps, witnessed, kept)
        _finish(asked, report, walk, head)
    return report


def _finish(asked: Asked, report: Report, walk: Walk, head: Note) -> None:
    """Judge the stories, tell the wanted one, and put the figures together."""
    if asked.quick:
        report.remark("quick")
    else:
        walk.stories.judge(report)
    if walk.source.remote and {"VERSION-GAP", "TEXT-MISSING"} & report.counts.keys():
        now = walk.source.get("checkpoint") or b""
        if not now.startswith(head.text.encode()):
            report.remark("grew")
    for name, count in report.counts.items():
        if count > MOST_LISTED:
            report.remark("more", name=name, count=count - MOST_LISTED)
    if asked.subject:
        tell_story(report, walk)
        if not report.story and not report.findings:
            raise Unchecked("no-subject", subject=asked.subject)
    report.facts.update(
        where=asked.where, origin=head.origin, size=head.size, root=head.root.hex(),
        code=write_code(head.origin, head.size, head.root), opened=walk.opened,
        closed=head.size - walk.opened, texts=walk.texts, first=walk.first, last=walk.latest,
        quick=asked.quick,
    )  # fmt: skip


HELP = {
    "what": ("核验一座城市公布的存证账本", "check a city's published ledger"),
    "where": ("账本的网址或目录（含 checkpoint 的那一层）", "address or folder of the log"),
    "trust": ("信任文件：账本公钥、见证单位、法定数目", "trust file: keys, witnesses, quorum"),
    "key": ("信任的账本公钥，可多次给出", "a trusted key of the log; may be given again"),
    "since": ("保存下来的存证校验点文件，或存证校验码", "a checkpoint you kept, or its code"),
    "subject": ("讲述一个事项的经过，如 commitment:DL2024-015", "tell the story of a subject"),
    "quick": ("只核对瓦片、根哈希和签名，不读存证记录", "tiles, root and signatures only"),
    "full": ("读取并核对每一个文件（默认）", "read and compare every file (default)"),
    "json": ("输出 JSON", "print JSON"),
    "lang": ("输出语言", "language of the answer"),
    "size": ("存证记录 {size:,} 条，已公开 {opened:,} 条，未公开 {closed:,} 条（只见时间和哈希）",
             "{size:,} entries, {opened:,} of them public, {closed:,} closed (time and hash only)"),
    "times": ("记录时间 {first} 至 {last}", "recorded from {first} to {last}"),
    "root": ("根哈希 {root}", "root {root}"),
    "code": ("存证校验码 {code}（请抄下或打印，日后用 --since 核对）",
             "code {code} (keep it, and give it to --since another day)"),
    "clean": ("✓ 未发现问题", "✓ nothing found"),
    "found": ("✗ 发现 {count} 个问题", "✗ {count} findings"),
    "proven": (
        "这说明：校验点签署之后，没有记录被改动、抽走、插入或调换；公开的内容就是封存的内容。\n"
        "这不说明：承诺已经兑现、数字属实，也不说明别人看到的是同一本账：\n"
        "那要靠见证单位，以及各人存下的校验点。",
        "This shows: since the checkpoint was signed no entry was altered, removed, added or moved,"
        "\nand what is public is what was sealed. It does not show that a promise was kept or a"
        "\nfigure is true, nor that others see the same log: witnesses and kept checkpoints do.",
    ),
}  # fmt: skip
"""What the command line says: Chinese, English."""


def language(arguments: list[str]) -> str:
    """`zh` or `en`: as asked for, else by the locale."""
    for at, argument in enumerate(arguments):
        if argument.startswith("--lang"):
            return (argument.partition("=")[2] or "".join(arguments[at + 1 : at + 2]))[:2]
    return "en" if os.environ.get("LANG", "").startswith("en") else "zh"


def read_arguments(arguments: list[str]) -> tuple[Asked, bool]:
    """What the command line asks for, and whether as JSON. Exits with 2 for wrong usage."""
    lang = language(arguments)

    def words(key: str) -> str:
        return HELP[key][lang == "en"]

    parser = argparse.ArgumentParser(prog="yinuo-verify", description=words("what"))
    parser.add_argument("where", metavar="DIR|URL", help=words("where"))
    parser.add_argument("--trust", metavar="FILE", default="", help=words("trust"))
    parser.add_argument("--key", metavar="VKEY", action="append", default=[], help=words("key"))
    parser.add_argument(
        "--since", metavar="FILE|CODE", action="append", default=[], help=words("since")
    )
    parser.add_argument("--subject", metavar="SUBJECT", default="", help=words("subject"))
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help=words("quick"))
    how.add_argument("--full-tiles", action="store_true", help=words("full"))
    parser.add_argument("--json", action="store_true", help=words("json"))
    parser.add_argument("--lang", choices=("zh", "en"), default=lang, help=words("lang"))
    given = parser.parse_args(arguments)
    keys, since = tuple(given.key), tuple(given.since)
    asked = Asked(given.where, given.trust, keys, since, given.subject, given.quick, given.lang)
    return asked, given.json


def printable(line: str) -> str:
    """The line without what could make a terminal show something else than it says."""
    hidden = {"Cc", "Cf", "Cs"}
    return "".join(" " if unicodedata.category(c) in hidden else c for c in line)


def print_report(report: Report) -> None:
    """The report as people read it."""

    def words(key: str, **fields: object) -> str:
        return HELP[key][report.lang == "en"].format(**fields)

    facts = report.facts
    lines = [f"{facts['origin']}  {facts['where']}"] if facts else []
    if facts:
        lines += [words("size", **facts), words("times", **facts)] if facts["last"] else []
        lines += [words("root", **facts), words("code", **facts)]
    lines += [f"· {remark}" for remark in report.remarks]
    lines += report.story
    lines += [f"✗ {one['name']} [{one['place']}] {one['what']}" for one in report.findings]
    count = sum(report.counts.values())
    lines.append(words("found", count=count) if count else words("clean"))
    if not count and not facts["quick"]:
        lines += words("proven").split("\n")
    sys.stdout.write("".join(printable(line) + "\n" for line in lines))


def show_progress() -> Callable[[int, int], None]:
    """A line on a terminal's stderr, from the third second on."""
    start, shown = time.monotonic(), [""]

    def progress(done: int, every: int) -> None:
        line = f"{100 * done // every} %"
        if line != shown[0] and time.monotonic() - start > 2:  # noqa: PLR2004  # seconds
            shown[0] = line
            sys.stderr.write(f"\r{line} " if done < every else "\r      \r")
            sys.stderr.flush()

    return progress if sys.stderr.isatty() else lambda _done, _all: None


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns 0 (nothing found), 1 (findings) or 2 (not checked)."""
    asked, as_json = read_arguments(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks ✓ shows ? instead
    try:
        report = check(asked, show_progress())
    except Unchecked as unchecked:
        said = Report(asked.lang).say(unchecked.key, **unchecked.fields)
        sys.stderr.write(f"yinuo-verify: {said}\n")
        return 2
    if as_json:
        answer = {
            **report.facts, "findings": report.findings, "counts": report.counts,
            "remarks": report.remarks, "story": report.story,
        }  # fmt: skip
        sys.stdout.write(ENCODE(answer) + "\n")
    else:
        print_report(report)
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
