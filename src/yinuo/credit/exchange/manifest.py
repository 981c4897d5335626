"""The manifest of a package: what is in it, of whom, for whom. Pure.

    yinuo.exchange/1
    {"content":"penalty","files":[…],"made_at":…,"number":…,"receiver":…,"sender":…}

    — dalian.example/ledger Az3grlgtzPIC…

The first line says what is signed, so that no manifest can pass for a checkpoint of a log.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yinuo.credit.errors.exchange import BadManifest
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.instants import instant_text

FORMAT = "yinuo.exchange/1"
CONTENTS: Mapping[str, str] = {
    "licence": "行政许可",
    "penalty": "行政处罚",
    "letters": "信用承诺书",
}
"""What is exchanged; the name of a source too."""
NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{2,39}")
NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,60}\.csv")
SHA256 = re.compile(r"[0-9a-f]{64}")
MOST_FILES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file."""

    name: str
    sha256: str
    size: int
    rows: int
    """Records, the headings apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a package holds."""

    number: str
    """Given by the sender; the same number is the same package for ever."""
    sender: str
    """Name of its key."""
    receiver: str
    content: str
    """A key of `CONTENTS`."""
    made_at: datetime
    simulated: bool
    files: tuple[Item, ...]

    @property
    def rows(self) -> int:
        """Records in all files."""
        return sum(each.rows for each in self.files)

    def text(self) -> str:
        """The text to be signed."""
        said: dict[str, Canonical] = {
            "number": self.number,
            "sender": self.sender,
            "receiver": self.receiver,
            "content": self.content,
            "made_at": instant_text(self.made_at),
            "simulated": self.simulated,
            "files": [
                {"name": f.name, "sha256": f.sha256, "size": f.size, "rows": f.rows}
                for f in self.files
            ],
        }
        return f"{FORMAT}\n{canonical_bytes(said).decode()}\n"


def read(text: str) -> Manifest:
    """The manifest in a text whose signature was checked. Raises `BadManifest`."""
    said = body(text, FORMAT)
    try:
        found = Manifest(
            number=str(said["number"]),
            sender=str(said["sender"]),
            receiver=str(said["receiver"]),
            content=str(said["content"]),
            made_at=datetime.fromisoformat(said["made_at"]),
            simulated=said["simulated"] is True,
            files=tuple(_item(each) for each in said["files"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadManifest("清单", f"清单缺少项目或写法不对：{error}") from None
    _check(found)
    return found


def _item(said: Mapping[str, Any]) -> Item:
    return Item(
        name=str(said["name"]),
        sha256=str(said["sha256"]),
        size=int(said["size"]),
        rows=int(said["rows"]),
    )


def body(text: str, form: str) -> Mapping[str, Any]:
    """The data under the line that says what it is. Raises `BadManifest`."""
    head, _, rest = text.partition("\n")
    if head != form:
        raise BadManifest("清单", f"第一行应为 {form}，现为 {head[:40]}")
    try:
        said = json.loads(rest)
    except ValueError:
        raise BadManifest("清单", "不是 JSON") from None
    if not isinstance(said, dict):
        raise BadManifest("清单", "不是一个对象")
    return said


def _check(found: Manifest) -> None:
    names = [each.name for each in found.files]
    wrong = {
        "编号只能有字母、数字和短横，3 至 40 个": not NUMBER.fullmatch(found.number),
        f"不认得内容“{found.content}”，应为 {'、'.join(CONTENTS)}": found.content not in CONTENTS,
        f"文件应有 1 至 {MOST_FILES} 个": not 1 <= len(names) <= MOST_FILES,
        "文件名重复": len(set(names)) != len(names),
        "文件名只能是字母、数字、下划线和短横，以 .csv 结尾": not all(map(NAME.fullmatch, names)),
        "SHA-256 应为 64 位十六进制": not all(SHA256.fullmatch(f.sha256) for f in found.files),
        "大小和行数不能为负": any(f.size < 0 or f.rows < 0 for f in found.files),
        "制作时间没有时区": found.made_at.tzinfo is None,
    }
    for why, is_wrong in wrong.items():
        if is_wrong:
            raise BadManifest(found.number[:40], why)
