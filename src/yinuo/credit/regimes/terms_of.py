"""Until when a record as it lies in a release is public, whatever kind it is. Pure.

Penalties go by the rule of the day of decision (`ends`). Other kinds go by the rule that is in
force for their kind (`kinds`): public while they hold, as the record itself says or for so many
months. Without a rule nothing is public.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from yinuo.credit.regimes.ends import Decided, Term, publicity
from yinuo.credit.regimes.kinds import KindRule, rule_of
from yinuo.credit.regimes.levels import Grave, levels_of
from yinuo.credit.regimes.months import months_later
from yinuo.credit.regimes.rules import Rule
from yinuo.lake.records.description import Disclosure, SourceDescription

PENALTY, PERSON = "penalty", "person"
ADVERSE = frozenset({PENALTY, "blacklist", "listing"})
"""Kinds of record that are repaired. Source: 信用修复管理办法（国家发展改革委令第36号）."""
CLOSED = "不公示，只按法定用途提供"
NO_RULE = "没有登记公示规则，不向公众显示"
HELD_UNTIL = ("removed_on", "until", "valid_until")
"""Fields that say until when what a record states holds, the surest first."""


def term_of(
    source: SourceDescription,
    row: Mapping[str, Any],
    *,
    levels: Sequence[Grave],
    rules: Sequence[Rule],
    kinds: Sequence[KindRule],
    on: date,
) -> Term:
    """What is to be said of the publicity of one record on a day."""
    if source.kind == PENALTY and (decided_on := day_of(row.get("decided_on"))) is not None:
        found = _of_penalty(row, decided_on, levels, rules, on)
    else:
        found = _of_kind(source, row, kinds, on)
    if row.get("subject") != PERSON:
        return found
    # No purpose that is open to everybody covers persons (`purposes.csv`).
    why = f"个人的记录不公示；{found.why}"
    return replace(found, public=False, until=None, why=why)


def _of_penalty(
    row: Mapping[str, Any],
    decided_on: date,
    levels: Sequence[Grave],
    rules: Sequence[Rule],
    on: date,
) -> Term:
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


def _of_kind(
    source: SourceDescription, row: Mapping[str, Any], kinds: Sequence[KindRule], on: date
) -> Term:
    if source.disclosure is not Disclosure.PUBLIC:
        return _closed(CLOSED)
    rule = rule_of(kinds, kind=source.kind, source=source.id, on=on)
    if rule is None:
        return _closed(NO_RULE)
    start = day_of(row.get(rule.start)) if rule.start else None
    until = next((day for name in HELD_UNTIL if (day := day_of(row.get(name)))), None)
    if until is None and start is not None:
        until = months_later(start, rule.most)
    words = f"有效至 {until}" if until else "没有登记期限"
    return Term(
        rule=rule.number,
        public=rule.public and (until is None or on <= until),
        until=until if rule.public else None,
        repairable=rule.repairable,
        repair_from=months_later(start, rule.least) if start and rule.repairable else None,
        why=f"{rule.cited}：{words if rule.public else '不公示'}",
    )


def said_of(source: SourceDescription, kinds: Sequence[KindRule], *, on: date) -> str:
    """What holds for the publicity of a source's records on a day, in words, of persons apart."""
    if source.disclosure is not Disclosure.PUBLIC:
        return CLOSED
    if source.kind == PENALTY:
        return "按处罚的等级和作出决定之日有效的规定公示"
    rule = rule_of(kinds, kind=source.kind, source=source.id, on=on)
    if rule is None:
        return NO_RULE
    return f"{rule.cited}：{'公示' if rule.public else '不公示'}"


def day_of(value: object) -> date | None:
    """A landed date, which documents hold as text."""
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def _closed(why: str) -> Term:
    return Term(rule="", public=False, until=None, repairable=False, repair_from=None, why=why)
