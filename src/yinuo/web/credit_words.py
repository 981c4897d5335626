"""How pages of credit data speak: reasons with their counts, ways of joining, who reads what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yinuo.credit.permission import readable_units, reads_all
from yinuo.credit.queries.entity import HOW_LABELS
from yinuo.credit.queries.judgements import JudgementView
from yinuo.credit.queries.releases import ReleaseView
from yinuo.lake.records.reasons import Reason
from yinuo.parties.queries import names
from yinuo.parties.viewer import Viewer
from yinuo.web.asking import askers
from yinuo.web.credit import means

RECORD = "rec:"
"""Before the id of a record, where it is one of the two that are judged."""
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Counted:
    """A reason for which rows were put aside, and how many."""

    code: str
    words: str
    rows: int


def counted(reasons: Mapping[str, int], said: Mapping[str, str] = NOTHING) -> tuple[Counted, ...]:
    """The reasons in words, the most frequent first."""
    found = (Counted(code, said.get(code) or reason_words(code), n) for code, n in reasons.items())
    return tuple(sorted(found, key=lambda each: (-each.rows, each.code)))


def reason_words(code: str) -> str:
    """A reason as people read it; the code itself where it is of an older version."""
    return Reason[code].words if code in Reason.__members__ else code


def credit_ways(viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """The pages of credit data that are for this viewer: (name of the address, label)."""
    given = means()
    ways = [("credit_sources", "数据源"), ("credit_look", "查主体")]
    if reads_all(given, viewer):
        ways.append(("credit_proposals", "待确认的关联"))
    if viewer.officer_of or viewer.auditor_of:
        ways += [
            ("credit_objections", "异议"),
            ("credit_repairs", "修复"),
            ("exchange", "数据交换"),
        ]
    if reads_all(given, viewer):
        ways += [
            ("credit_judgements", "拆分与确认"),
            ("credit_releases", "数据版本"),
            ("forgettings", "依法删除"),
        ]
    return tuple(ways)


def keeps_credit(viewer: Viewer) -> bool:
    """Whether the viewer has to do with any source of credit data."""
    given = means()
    units = readable_units(given, viewer)
    return units is None or any(source.owner in units for source in given.sources.values())


def may_ask(viewer: Viewer) -> bool:
    """Whether a unit of the viewer may ask questions of credit."""
    allowed = askers()
    return any(unit in allowed for unit in viewer.officer_of)


def per_mille(share: int) -> str:
    """A share of a thousand in percent.

    >>> per_mille(983), per_mille(1000), per_mille(0)
    ('98.3%', '100%', '0%')
    """
    whole, tenth = divmod(share, 10)
    return f"{whole}.{tenth}%" if tenth else f"{whole}%"


def plus(number: int) -> str:
    """A difference with its sign.

    >>> plus(1200), plus(-3), plus(0)
    ('+1,200', '−3', '0')
    """
    if not number:
        return "0"
    return f"+{number:,}" if number > 0 else f"−{-number:,}"


@dataclass(frozen=True)
class JudgementLine:
    """A judgement with names instead of codes."""

    it: JudgementView
    who: str
    source: str
    """Name of the source of the record."""
    record: str


def judgement_lines(rows: Sequence[JudgementView], viewer: Viewer) -> tuple[JudgementLine, ...]:
    """Judgements with the people who made them."""
    people = names(actors=[row.judged_by for row in rows], viewer=viewer)
    sources = means().sources
    return tuple(
        JudgementLine(
            it=row,
            who=people.get(row.judged_by, ""),
            source=sources[row.source].name if row.source in sources else row.source,
            record=row.left.removeprefix(RECORD),
        )
        for row in rows
    )


@dataclass(frozen=True)
class ReleaseLine:
    """A release with its counts in words."""

    it: ReleaseView
    ways: tuple[tuple[str, int], ...]
    """How records were joined, and how many."""
    by_source: tuple[tuple[str, int, int], ...]
    """Name of the source, records, how many more than before."""


def release_line(view: ReleaseView, labels: Mapping[str, str]) -> ReleaseLine:
    """The counts of a release by the names of sources and ways of joining."""
    return ReleaseLine(
        it=view,
        ways=tuple(
            (label, view.joined[how]) for how, label in HOW_LABELS.items() if view.joined.get(how)
        ),
        by_source=tuple(
            (labels.get(source, source), view.facts.get(source, 0), more)
            for source, more in view.more_facts.items()
        ),
    )
