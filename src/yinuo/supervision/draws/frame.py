"""What is drawn from (抽样框) as one file whose hash is fixed before the randomness exists. Pure.

A commitment that is public stands in it by its code, any other by a label that tells nothing:
HMAC-SHA-256 of its code under a key of this frame. So the file can be published whole, and anyone
can draw again.
"""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import instant_text
from yinuo.supervision.draws.ticket import Ticket, seed_of, tickets

FORMAT = "yinuo.frame/1"
CLOSED = "closed-"
LABEL_DIGITS = 32


class FrameUnreadable(YinuoError):
    """Bytes that are no frame."""

    code = "DRAW-E002"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"读不出抽样框：{why}",
            place="抽样框",
            next_step="请从这次抽查的页面重新下载，不要改动文件",
        )


@dataclass(frozen=True)
class Stratum:
    """One layer of risk."""

    name: str
    size: int
    take: int
    """How many of them are drawn."""

    @property
    def chance(self) -> float:
        """With what probability each of them is drawn."""
        return self.take / self.size


@dataclass(frozen=True)
class FrameRow:
    """One commitment that was reported as kept."""

    label: str
    stratum: str


@dataclass(frozen=True)
class Announced:
    """Which randomness will decide, said before it exists."""

    kind: str
    name: str
    number: str
    known_from: datetime
    """When its value becomes known at the earliest."""


@dataclass(frozen=True)
class Frame:
    """All that is fixed before the draw."""

    draw: str
    unit: str
    from_date: date
    until_date: date
    """The last day, included."""
    table: str
    """The version that decided strata and sizes: name, edition and hash."""
    source: Announced
    strata: tuple[Stratum, ...]
    rows: tuple[FrameRow, ...]


@dataclass(frozen=True)
class Drawn:
    """One commitment that was drawn."""

    stratum: str
    place: int
    """In its stratum, from 1."""
    label: str
    ticket: str


def hidden_label(code: str, key: bytes) -> str:
    """The label of a commitment that is not public."""
    return CLOSED + hmac.new(key, code.encode(), hashlib.sha256).hexdigest()[:LABEL_DIGITS]


def frame_bytes(frame: Frame) -> bytes:
    """The file: canonical JSON, rows by label, so that one frame has one hash."""
    rows: list[Canonical] = [
        {"label": row.label, "stratum": row.stratum}
        for row in sorted(frame.rows, key=lambda row: row.label)
    ]
    strata: list[Canonical] = [
        {"name": each.name, "size": each.size, "take": each.take} for each in frame.strata
    ]
    return canonical_bytes(
        {
            "format": FORMAT,
            "draw": frame.draw,
            "unit": frame.unit,
            "from": frame.from_date.isoformat(),
            "until": frame.until_date.isoformat(),
            "table": frame.table,
            "source": {
                "kind": frame.source.kind,
                "name": frame.source.name,
                "number": frame.source.number,
                "known_from": instant_text(frame.source.known_from),
            },
            "strata": strata,
            "rows": rows,
        }
    )


def read_frame(data: bytes) -> Frame:
    """The frame in a file. Raises `FrameUnreadable` for anything that does not add up."""
    try:
        found = _frame(json.loads(data))
    except (ValueError, KeyError, TypeError) as error:
        raise FrameUnreadable(f"不是 {FORMAT} 的文件（{error}）") from error
    _check(found)
    return found


def _frame(given: Mapping[str, Any]) -> Frame:
    if given["format"] != FORMAT:
        raise ValueError(given["format"])
    source = given["source"]
    return Frame(
        draw=given["draw"],
        unit=given["unit"],
        from_date=date.fromisoformat(given["from"]),
        until_date=date.fromisoformat(given["until"]),
        table=given["table"],
        source=Announced(
            kind=source["kind"],
            name=source["name"],
            number=source["number"],
            known_from=datetime.fromisoformat(source["known_from"]),
        ),
        strata=tuple(Stratum(s["name"], int(s["size"]), int(s["take"])) for s in given["strata"]),
        rows=tuple(FrameRow(r["label"], r["stratum"]) for r in given["rows"]),
    )


def _check(frame: Frame) -> None:
    labels = Counter(row.label for row in frame.rows)
    twice = sorted(label for label, times in labels.items() if times > 1)
    if twice:
        raise FrameUnreadable(f"{twice[0]} 出现了 {labels[twice[0]]} 次")
    sizes = Counter(row.stratum for row in frame.rows)
    for stratum in frame.strata:
        if sizes.pop(stratum.name, 0) != stratum.size:
            raise FrameUnreadable(f"“{stratum.name}”的项数与写明的 {stratum.size} 不同")
        if not 0 < stratum.take <= stratum.size:
            raise FrameUnreadable(f"“{stratum.name}”要抽 {stratum.take} 项，共 {stratum.size} 项")
    if sizes:
        raise FrameUnreadable(f"没有写明“{next(iter(sizes))}”要抽几项")


def sha256_of(data: bytes) -> str:
    """The hash under which a frame stands on the ledger."""
    return hashlib.sha256(data).hexdigest()


def draw_from(data: bytes, randomness: str) -> tuple[Drawn, ...]:
    """Who is drawn from a frame's very bytes with a public value, stratum by stratum."""
    frame = read_frame(data)
    seed = seed_of(frame_sha256=sha256_of(data), randomness=randomness)
    return tuple(
        Drawn(stratum.name, place, found.label, found.number)
        for stratum in frame.strata
        for place, found in enumerate(_first(frame.rows, stratum, seed), start=1)
    )


def _first(rows: Sequence[FrameRow], stratum: Stratum, seed: str) -> list[Ticket]:
    labels = [row.label for row in rows if row.stratum == stratum.name]
    return tickets(labels, seed)[: stratum.take]
