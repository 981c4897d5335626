"""A file of the 2015/16 column set, made fit to land.

The old columns are aliases in the descriptions of the sources. What the set lacks is added: the
kind of the party, told by which of its numbers is filled, and the code of the authority, by its
name. Nothing is left out and no cell is changed.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yinuo.credit.double_publicity.columns import OLD, Decision
from yinuo.credit.double_publicity.errors import NotTheOldSet
from yinuo.credit.double_publicity.exporting import PARTY_WORDS

TRADER = "92"
"""First characters of the credit code of a sole trader."""
ADDED = 2
"""Columns more."""
_NUMBERS = ("uscc", "org", "reg", "tax")


@dataclass(frozen=True)
class Upgraded:
    """What came of a file."""

    rows: int
    """All, torn ones included."""
    unknown_authorities: Mapping[str, int]
    """Authorities whose code is not known → rows; these land without it."""


def upgrade(
    path: Path,
    decision: Decision,
    *,
    into: Path,
    authorities: Mapping[str, str],
    encoding: str = "utf-8-sig",
) -> Upgraded:
    """Write the file again as UTF-8 CSV with two columns more.

    `authorities`: name → unified social credit code. Rows of another width than the headings are
    passed on as torn as they are, and what is not of the encoding as U+FFFD, so that the landing
    puts them aside. Raises `NotTheOldSet`.
    """
    of = "XK" if decision is Decision.LICENCE else "CF"
    authority_code = "XK_XKJGDM" if decision is Decision.LICENCE else "CF_CFJGDM"
    unknown: dict[str, int] = {}
    rows = 0
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = csv.reader(file)
        head = [heading.strip().upper() for heading in next(lines, [])]
        places = _places(head, decision, path.name)
        with into.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow([*head, f"{of}_XDR_LB", authority_code])
            for row in filter(None, lines):
                rows += 1
                if len(row) != len(head):
                    writer.writerow([*row, ""] if len(row) == len(head) + ADDED else row)
                    continue
                authority = row[places["authority"]].strip()
                code = authorities.get(authority, "")
                if not code:
                    unknown[authority] = unknown.get(authority, 0) + 1
                writer.writerow([*row, party_word(row, places), code])
    return Upgraded(rows, unknown)


def _places(head: Sequence[str], decision: Decision, file: str) -> dict[str, int]:
    known = OLD[decision]
    places = {known[column]: at for at, column in enumerate(head) if known.get(column)}
    needed = [column for column, field in known.items() if field in {"name", "authority"}]
    missing = [column for column in needed if known[column] not in places]
    if missing:
        raise NotTheOldSet(file, missing)
    return places


def party_word(row: Sequence[str], places: Mapping[str, int]) -> str:
    """The kind of the party: a person where a resident number is the only one that is filled.

    >>> party_word(["", "21029019800101001X"], {"uscc": 0, "rid": 1})
    '自然人'
    >>> party_word(["92210202MX00000000", ""], {"uscc": 0, "rid": 1})
    '个体工商户'
    """

    def filled(field: str) -> str:
        return row[places[field]].strip() if field in places else ""

    if filled("rid") and not any(filled(field) for field in _NUMBERS):
        return PARTY_WORDS["person"]
    return PARTY_WORDS["trader" if filled("uscc").startswith(TRADER) else "firm"]
