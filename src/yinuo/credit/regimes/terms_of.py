"""Until when a record as it lies in a release is public, whatever kind it is. Pure.

Penalties go by the rule of the day of decision (`ends`). Other kinds have no such rule here: they
are public while they hold, as the record itself says, or not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from yinuo.credit.regimes.ends import Decided, Term, publicity
from yinuo.credit.regimes.levels import Grave, levels_of
from yinuo.credit.regimes.rules import Rule
from yinuo.lake.records.description import Disclosure, SourceDescription

PENALTY, PERSON = "penalty", "person"
ADVERSE = frozenset({PENALTY, "blacklist", "listing"})
"""Kinds of record that are repaired. Source: 信用修复管理办法（国家发展改革委令第36号）."""
HELD_UNTIL = ("removed_on", "until", "valid_until")
"""Fields that say until when what a record states holds, the surest first."""


def term_of(
    source: SourceDescription,
    row: Mapping[str, Any],
    *,
    levels: Sequence[Grave],
    rules: Sequence[Rule],
    on: date,
) -> Term:
    """What is to be said of the publicity of one record on a day."""
    found = _of_record(source, row, levels, rules, on)
    if row.get("subject") != PERSON:
        return found
    # No purpose that is open to everybody covers persons (`purposes.csv`).
    why = f"个人的记录不公示；{found.why}"
    return replace(found, public=False, until=None, why=why)


def _of_record(
    source: SourceDescription,
    row: Mapping[str, Any],
    levels: Sequence[Grave],
    rules: Sequence[Rule],
    on: date,
) -> Term:
    if source.kind == PENALTY and (decided_on := day_of(row.get("decided_on"))) is not None:
        graves = levels_of(levels, str(row.get("class") or ""), row.get("fine"), decided_on)
        # Records do not say whether the breach was put right; as in profiles, nobody is held to
        # what is not known, so publicity ends by the rule alone.
        decided = Decided(
            kind=PENALTY,
            levels=sorted(graves),
            decided_on=decided_on,
            corrected_on=decided_on,
        )
        return publicity(rules, decided, on=on)
    if source.disclosure is not Disclosure.PUBLIC:
        return _plain(public=False, until=None, why="不公示，只按法定用途提供")
    until = next((day for name in HELD_UNTIL if (day := day_of(row.get(name)))), None)
    if until is None:
        return _plain(public=True, until=None, why="按数据目录公开，没有登记期限")
    return _plain(public=on <= until, until=until, why=f"有效至 {until}")


def day_of(value: object) -> date | None:
    """A landed date, which documents hold as text."""
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def _plain(*, public: bool, until: date | None, why: str) -> Term:
    return Term(rule="", public=public, until=until, repairable=False, repair_from=None, why=why)
