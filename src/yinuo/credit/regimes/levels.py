"""How grave the kinds of penalty are, as dated rows: `content/credit/levels.csv`. Pure.

The order of 2026 names 轻微, 一般 and 严重; where the amount of a fine decides, the city says from
how much. A penalty of several kinds has the levels of all of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from yinuo.credit.checked_rows import rows, sound
from yinuo.credit.regimes.rules import Level
from yinuo.kernel.errors import Finding

FILE = "levels.csv"
COLUMNS = ("处罚类别", "罚款不低于（元）", "等级", "自", "至", "依据", "说明")
SEPARATORS = str.maketrans(dict.fromkeys(";,，、", "；"))
"""Between the kinds of one penalty; the standard says ；."""
FEN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Grave:
    """One row: penalties whose kind begins so, fined so much or more, are of this level."""

    penalty: str
    fine: int
    """分."""
    level: Level
    valid_from: date
    valid_to: date | None

    def in_force(self, day: date) -> bool:
        """Whether it was in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def load_levels(data: bytes, *, file: str = FILE) -> tuple[Grave, ...]:
    """The rows in their order. Raises `BadTable` with every fault found."""
    findings: list[Finding] = []
    found = []
    for row in rows(data, file=file, columns=COLUMNS, into=findings):
        level = row.one_of("等级", list(Level))
        since, until = row.day("自"), row.day("至")
        row.filled("依据")
        if since is None:
            row.fault("CREDIT-E093", "自", "没有填写从哪天起有效", "请写成 2026-04-01 这样")
        if until is not None and since is not None and until < since:
            row.fault("CREDIT-E096", "至", "止于开始之前", "核对起止日期")
        if since is not None and level in set(Level):
            found.append(
                Grave(
                    penalty=row.filled("处罚类别"),
                    fine=row.whole("罚款不低于（元）") * FEN,
                    level=Level(level),
                    valid_from=since,
                    valid_to=until,
                )
            )
    sound(findings)
    return tuple(found)


def kinds_of(penalty: str) -> tuple[str, ...]:
    """The kinds of one penalty.

    >>> kinds_of("警告;罚款")
    ('警告', '罚款')
    """
    parts = penalty.translate(SEPARATORS).split("；")
    return tuple(part.strip() for part in parts if part.strip())


def levels_of(table: Sequence[Grave], penalty: str, fine: int | None, on: date) -> frozenset[Level]:
    """The levels of a penalty decided on a day; none where a kind of it is in no row.

    `fine` in 分. None either where it has no kind, or rows ask for a fine that is not known.
    """
    known = [each for each in table if each.in_force(on)]
    found = [_level(known, kind, fine) for kind in kinds_of(penalty)]
    return frozenset() if None in found else frozenset(each for each in found if each)


def _level(table: Iterable[Grave], kind: str, fine: int | None) -> Level | None:
    fitting = [each for each in table if kind.startswith(each.penalty)]
    if fine is None and any(each.fine for each in fitting):
        return None
    reached = [each for each in fitting if each.fine <= (fine or 0)]
    best = max(reached, key=lambda each: (len(each.penalty), each.fine), default=None)
    return best.level if best else None
