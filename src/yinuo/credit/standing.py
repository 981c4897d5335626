"""Whether credit speaks for or against an applicant: the answer to `commitments.standing`. Pure.

A window asks one question and gets yes, no or undetermined, with the reason and the day: never the
file. The answer comes from the table 申请人信用 over figures of the entity. It rests only on kinds
of record that the purpose covers, and the look stands in the read log before it is given.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yinuo.commitments.standing import Answer, Party, Purpose, Standing
from yinuo.credit.profile.build import KIND
from yinuo.credit.profile.figures import Figure
from yinuo.credit.profile.single import given, profile_of
from yinuo.credit.profile.terms import Regime
from yinuo.credit.purposes import purpose as purposes
from yinuo.credit.purposes.purpose import Capacity, Looker
from yinuo.credit.reads.log import Read, ReadLog, ReadNotLogged
from yinuo.lake.records.description import SourceDescription
from yinuo.rules.decision import Decision, State
from yinuo.rules.single import Tables
from yinuo.rules.table import Rulebook

TABLE = "申请人信用"
FILE = "tables/standing.xlsx"
ASKED_FOR = "信用用途"
WORDS = {
    Purpose.DEFERRAL: "容缺受理",
    Purpose.DECLARATION: "告知承诺",
    Purpose.TRACK: "办理方式",
}
ANSWERS = {"良好": Answer.YES, "失信": Answer.NO}
READER = "program:standing"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known on the day of a question: a release, and the city's rules."""

    by_code: Callable[[str], Mapping[str, Any] | None]
    """`serving.reading.Serving.by_code` of the release that is current."""
    as_of: date
    """The day of the release."""
    sources: Mapping[str, SourceDescription]
    """Those in the release."""
    figures: Sequence[Figure]
    regime: Regime
    purpose: purposes.Purpose
    """For which windows look."""
    book: Rulebook | None
    """`tables/standing.xlsx` as it is in force; None where it is not."""


class CreditStanding:
    """A provider for `commitments.standing.provide`."""

    def __init__(
        self,
        *,
        known: Callable[[date], Known | None],
        log: ReadLog,
        now: Callable[[], datetime],
    ) -> None:
        """`known` gives what is in force on a day, None before any release; `now` the time."""
        self._known = known
        self._log = log
        self._now = now

    def __call__(self, party: Party, purpose: Purpose, on: date) -> Standing:
        """The standing of a party. What is not known, or cannot be logged, is undetermined."""
        known = self._known(on)
        if known is None:
            return _open("还没有发布信用数据", on)
        document = known.by_code(party.number)
        if document is None:
            return _open("信用数据里没有这个主体", known.as_of)
        # What the records say, not the applicant: a person is never asked about as a firm.
        kind = str(document["kind"])
        if why := purposes.refusal(known.purpose, _window(), kind):
            return _open(why, known.as_of)
        table = _table(known.book, on)
        if table is None:
            return _open(f"还没有生效的“{TABLE}”规则表", known.as_of)
        asked = _asked(known, table)
        try:
            self._log.append(
                Read(
                    reader=READER,
                    capacity=purpose.value,
                    purpose=known.purpose.id,
                    entity=str(document["entity"]),
                    fields=[figure.name for figure in asked],
                ),
                at=self._now(),
            )
        except ReadNotLogged as unlogged:
            return _open(f"{unlogged.what}，请管理员处理", known.as_of)
        told = profile_of(
            document,
            sources=_covered(known),
            figures=asked,
            regime=known.regime,
            on=on,
        )
        values = {ASKED_FOR: WORDS[purpose], **given(told, kind)}
        return _said(table.decide(values).decisions[TABLE], known.as_of)


def _window() -> Looker:
    return Looker(capacities=frozenset({Capacity.WINDOW, Capacity.OFFICER}))


def _table(book: Rulebook | None, on: date) -> Tables | None:
    tables = book.valid_on(on) if book is not None else ()
    found = [table for table in tables if table.name == TABLE]
    return Tables(Rulebook(tables=tuple(found)), on) if found else None


def _asked(known: Known, table: Tables) -> list[Figure]:
    names = {column.name for each in table.tables for column in each.given} - {ASKED_FOR, KIND}
    return [figure for figure in known.figures if figure.name in names]


def _covered(known: Known) -> dict[str, SourceDescription]:
    """The sources whose kind and disclosure the purpose covers; of others nothing is known."""
    purpose = known.purpose
    return {
        name: source
        for name, source in known.sources.items()
        if source.disclosure in purpose.opens
        and (not purpose.kinds or source.kind in purpose.kinds)
    }


def _said(decision: Decision, as_of: date) -> Standing:
    if decision.state is not State.HIT:
        lacking = "、".join(decision.lacking) or "规则表没有写到这种情形"
        return _open(f"信用情况查不全：{lacking}", as_of)
    rule = decision.counted[0]
    return Standing(
        answer=ANSWERS.get(str(decision.answers[0][0]), Answer.UNDETERMINED),
        reason=rule.note,
        as_of=as_of,
    )


def _open(reason: str, as_of: date) -> Standing:
    return Standing(answer=Answer.UNDETERMINED, reason=reason, as_of=as_of)
