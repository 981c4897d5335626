"""Until when a decision is public, from when it may be repaired, and by which rule. Pure.

The rule is the one in force on the day of the decision. What was decided in 2025 and is read in
2026 keeps the end that the rule of 2025 gives, whatever has come into force since: an end, once
told to somebody, is not moved by a later order. See `docs/adr/0050`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from yinuo.credit.regimes.months import months_later
from yinuo.credit.regimes.rules import GENERAL, Level, Rule, Start


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What is known of a decision."""

    kind: str
    """Of record: penalty, blacklist, listing …"""
    levels: Collection[Level]
    """Of each kind of penalty in it: the longest counts (令58)."""
    decided_on: date
    field: str = GENERAL
    published_on: date | None = None
    """None: not yet."""
    restricted_until: date | None = None
    """The last day of a restriction that it imposes."""
    corrected_on: date | None = None
    """When duties were done and the breach put right; None: not yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What the rule says of one decision on one day."""

    rule: str
    """Number of the rule; empty where none is known."""
    public: bool | None
    """Whether it is to be public on the day asked; None where no rule is known."""
    until: date | None
    """The last day of publicity; None where it is not published, has not begun, or goes on until
    it is corrected."""
    repairable: bool
    """Whether it may be repaired at all before that day."""
    repair_from: date | None
    """The first day on which that may be asked for: the corresponding day of its least period;
    None for at once, for never, and where publicity has not begun."""
    why: str
    """In words, with the order."""


def publicity(rules: Iterable[Rule], decided: Decided, *, on: date) -> Term:
    """The last day of publicity and the first of repair, by the rule of the day of decision."""
    found = _longest(rules, decided)
    if found is None:
        why = f"{decided.decided_on} 作出的这类决定没有登记适用的公示规则，须由人核定"
        return Term(rule="", public=None, until=None, repairable=False, repair_from=None, why=why)
    if not found.public:
        return _told(found, public=False, why="原则上不公示")
    start = decided.decided_on if found.start is Start.DECIDED else decided.published_on
    if start is None:
        return _told(found, public=False, why="自公示之日起算，还没有公示")
    return _running(found, decided, start, on)


def _running(rule: Rule, decided: Decided, start: date, on: date) -> Term:
    until = months_later(start, rule.most)
    words = [f"自{rule.start}之日 {start} 起 {rule.most} 个月，至 {until}"]
    if rule.extends and decided.restricted_until is not None and decided.restricted_until > until:
        until = decided.restricted_until
        words.append(f"限制期更长，延至 {until}")
    last: date | None = until
    if rule.until_corrected:
        corrected = decided.corrected_on
        if corrected is None and on > until:
            last = None
            words.append("期满未改正，按行业规定继续公示，改正后终止")
        elif corrected is not None and corrected > until:
            last = corrected
            words.append(f"期满后于 {corrected} 改正，当日终止")
    repair = months_later(start, rule.least) if rule.repairable else None
    if not rule.repairable:
        words.append("不得提前终止公示")
    is_public = start <= on and (last is None or on <= last)
    return _told(rule, public=is_public, why="；".join(words), repair=repair, until=last)


def _told(
    rule: Rule, *, public: bool, why: str, repair: date | None = None, until: date | None = None
) -> Term:
    return Term(
        rule=rule.number,
        public=public,
        until=until,
        repairable=rule.repairable,
        repair_from=repair,
        why=f"{rule.source}：{why}",
    )


def _longest(rules: Iterable[Rule], decided: Decided) -> Rule | None:
    """Of the rules for its levels on its day the one that keeps it public longest.

    A rule for its own field goes before one for every field; one that never lets it be repaired
    before one that does.
    """
    known = [rule for rule in rules if rule.in_force(decided.decided_on)]
    found = []
    for level in decided.levels:
        for field in dict.fromkeys((decided.field, GENERAL)):
            fitting = [r for r in known if r.answers(field=field, kind=decided.kind, level=level)]
            if fitting:
                found.append(fitting[0])
                break
        else:
            return None  # one part of the decision without a rule leaves the whole open
    return max(found, key=lambda rule: (rule.most, not rule.repairable, rule.least), default=None)
