"""What one unit is to contribute to a task that is broken down (任务分解). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yinuo.kernel.decimals import canonical_decimal, plus
from yinuo.kernel.errors import YinuoError

MOST_SHARES = 200
"""Shares in one go."""
LONGEST_CODE = 40
"""Characters of a commitment's code."""
LONGEST = {"title": 300, "area": 300, "measure": 20}
"""Characters of the texts of a share."""
LABELS = {"title": "内容", "area": "责任地区", "measure": "数量单位"}
_CODE_DIGITS = 2


@dataclass(frozen=True, kw_only=True)
class Share:
    """One unit's share. Codes refer to units."""

    unit: str
    title: str = ""
    """What this unit is to do; empty: what the whole task says."""
    operator: str = ""
    """Name of the comparison; empty: as in the whole task, or 完成 without a value."""
    value: str = ""
    """Canonical decimal; empty: no figure."""
    measure: str = ""
    """Unit of the figure, such as 个; empty: as in the whole task."""
    due: date | None = None
    """None: as in the whole task."""
    cooperating: tuple[str, ...] = ()
    area: str = ""


@dataclass(frozen=True)
class ShareFault:
    """What is wrong with one share."""

    line: int
    """From 1."""
    field: str
    """Name of the field of `Share`."""
    what: str


class BadShares(YinuoError):
    """Shares that break a rule, each fault with its line; `faults` holds every one of them."""

    code = "SHARE-E001"

    def __init__(self, place: str, faults: Iterable[ShareFault]) -> None:
        self.faults = tuple(faults)
        lines = "；".join(f"第 {fault.line} 行 {fault.what}" for fault in self.faults)
        super().__init__(lines, place=place, next_step="请改正后重新提交，其余各行不用再填")


def share_codes(parent: str, count: int, taken: Iterable[str]) -> list[str]:
    """Codes `{parent}-{nn}` for new shares, after the highest that is taken.

    >>> share_codes("PS2024-001", 2, ["PS2024-001-01", "PS2024-001-01-01"])
    ['PS2024-001-02', 'PS2024-001-03']
    """
    tails = [code.removeprefix(f"{parent}-") for code in taken if code.startswith(f"{parent}-")]
    highest = max((int(tail) for tail in tails if tail.isascii() and tail.isdigit()), default=0)
    return [f"{parent}-{highest + n:0{_CODE_DIGITS}}" for n in range(1, count + 1)]


@dataclass(frozen=True)
class Sum:
    """The figures of the shares beside the figure of the whole; shown, never forced."""

    value: str
    """Canonical decimal, in the unit of the whole."""
    counted: int
    others: int
    """Shares without a figure, or with one in another unit."""
    rest: str
    """The whole minus the sum; negative where the shares come to more."""


def share_sum(whole: str, measure: str, shares: Sequence[tuple[str, str]]) -> Sum | None:
    """(value, unit) of each share against the whole; None where the whole has no figure."""
    if not whole:
        return None
    same = [value for value, unit in shares if value and unit == measure]
    total = Decimal(0)
    for value in same:
        total = plus(total, value)
    rest = canonical_decimal(plus(whole, -total))
    return Sum(canonical_decimal(total), len(same), len(shares) - len(same), rest)


def basic_faults(
    shares: Sequence[Share],
    *,
    due: date | None,
    measure: str,
    units: Mapping[str, str],
    given: Mapping[str, str],
) -> list[ShareFault]:
    """What is wrong with shares, line by line.

    `due` and `measure` are those of the whole task, `units` the units that exist now, by code,
    `given` the units that have a share already, with the code of that.
    """
    found: list[ShareFault] = []
    lines: dict[str, int] = {}
    for line, share in enumerate(shares, start=1):
        faults = [
            *_unit_faults(share, units, given, lines.get(share.unit)),
            *_cooperation_faults(share, units),
            *_figure_faults(share, measure),
            *_length_faults(share),
        ]
        if due is not None and share.due is not None and share.due > due:
            faults.append(("due", f"时限 {share.due} 晚于上级任务的时限 {due}"))
        found += [ShareFault(line, field, what) for field, what in faults]
        lines.setdefault(share.unit, line)
    return found


def _unit_faults(
    share: Share, units: Mapping[str, str], given: Mapping[str, str], line: int | None
) -> list[tuple[str, str]]:
    if share.unit not in units:
        return [("unit", f"没有代码为 {share.unit or '（空）'} 的单位，或它已经撤销")]
    if share.unit in given:
        return [("unit", f"{units[share.unit]}已经分到 {given[share.unit]}")]
    if line is not None:
        return [("unit", f"{units[share.unit]}在第 {line} 行已经有一份")]
    return []


def _cooperation_faults(share: Share, units: Mapping[str, str]) -> list[tuple[str, str]]:
    unknown = [code for code in share.cooperating if code not in units]
    if unknown:
        return [("cooperating", f"没有代码为 {'、'.join(unknown)} 的单位，或它已经撤销")]
    if share.unit in share.cooperating:
        return [("cooperating", "配合单位里有牵头单位自己")]
    if len(set(share.cooperating)) != len(share.cooperating):
        return [("cooperating", "配合单位写了两遍")]
    return []


def _figure_faults(share: Share, measure: str) -> list[tuple[str, str]]:
    if share.value and not (share.measure or measure):
        return [("value", "上级任务没有数量单位，请连单位一起写，如 5 个")]
    if not share.value and share.operator not in {"", "done"}:
        return [("value", "写了比较方式，没有写数")]
    return []


def _length_faults(share: Share) -> list[tuple[str, str]]:
    return [
        (name, f"{LABELS[name]}最多 {most} 字，现有 {len(getattr(share, name))} 字")
        for name, most in LONGEST.items()
        if len(getattr(share, name)) > most
    ]
