"""A receipt: which rows of a package were accepted, which refused and why. Pure.

No cell of a row stands in it: place and rule are enough for whoever has the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yinuo.credit.errors.exchange import BadManifest
from yinuo.credit.exchange.manifest import Manifest, body
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.instants import instant_text

FORMAT = "yinuo.exchange-receipt/1"
FIRST_LINE = 2
"""Under the headings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One row that was not accepted."""

    file: str
    line: int
    """Number of the record in the file; the headings are 1."""
    rule: str
    """What is wrong."""
    next_step: str
    """What to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to one package: accepted + refused = its rows."""

    number: str
    manifest: str
    """SHA-256 of the signed manifest that it answers."""
    sender: str
    """Who answers: the name of its key."""
    at: datetime
    accepted: int
    held: bool
    """Whether the whole still waits for somebody, because too much of it is odd."""
    refused: tuple[Refused, ...]

    def text(self) -> str:
        """The text to be signed."""
        said: dict[str, Canonical] = {
            "number": self.number,
            "manifest": self.manifest,
            "sender": self.sender,
            "at": instant_text(self.at),
            "accepted": self.accepted,
            "held": self.held,
            "refused": [
                {"file": r.file, "line": r.line, "rule": r.rule, "next_step": r.next_step}
                for r in self.refused
            ],
        }
        return f"{FORMAT}\n{canonical_bytes(said).decode()}\n"


def read(text: str) -> Receipt:
    """The receipt in a text whose signature was checked. Raises `BadManifest`."""
    said = body(text, FORMAT)
    try:
        return Receipt(
            number=str(said["number"]),
            manifest=str(said["manifest"]),
            sender=str(said["sender"]),
            at=datetime.fromisoformat(said["at"]),
            accepted=int(said["accepted"]),
            held=said["held"] is True,
            refused=tuple(_refused(each) for each in said["refused"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadManifest("回执", f"回执缺少项目或写法不对：{error}") from None


def _refused(said: Mapping[str, Any]) -> Refused:
    return Refused(
        file=str(said["file"]),
        line=int(said["line"]),
        rule=str(said["rule"])[:400],
        next_step=str(said["next_step"])[:400],
    )


def fault(found: Receipt, manifest: Manifest, digest: str) -> str:
    """Why a receipt is no answer to a package, in words; empty where it is one."""
    lines = {each.name: each.rows for each in manifest.files}
    places = {(each.file, each.line) for each in found.refused}
    strange = [
        each
        for each in found.refused
        if not FIRST_LINE <= each.line < lines.get(each.file, 0) + FIRST_LINE
    ]
    if found.manifest != digest:
        return "回执答的不是这个包：清单的校验值不同"
    if strange:
        return f"回执退回了包里没有的行：{strange[0].file} 第 {strange[0].line} 行"
    if len(places) != len(found.refused):
        return "回执把同一行退回了两次"
    if found.accepted + len(found.refused) != manifest.rows:
        return (
            f"回执的接收 {found.accepted:,} 加退回 {len(found.refused):,}，"
            f"不等于包里的 {manifest.rows:,} 行"
        )
    return ""
