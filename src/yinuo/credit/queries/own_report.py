"""The report of a signed-in subject: its facts with their states, as they are at this moment."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yinuo.credit.errors.reports import NotOwnRecord
from yinuo.credit.means import Means
from yinuo.credit.models import CreditReport
from yinuo.credit.overlay import PLAIN, Mark, marks_of, states
from yinuo.credit.profile.terms import Regime
from yinuo.credit.queries.own_document import OwnDocument, public_own, public_own_sheet
from yinuo.credit.queries.subjects import SubjectView
from yinuo.credit.record_kinds import BY_NAME
from yinuo.credit.regimes.terms_of import term_of
from yinuo.credit.report.document import (
    SCOPES,
    Document,
    Fact,
    Line,
    advice_of,
    sections_of,
)
from yinuo.credit.showing import SUBJECT_LABELS, Sheet
from yinuo.kernel.instants import civil_date
from yinuo.lake.records.description import Disclosure
from yinuo.parties.queries import public_unit_names

NUMBER = "BG"
RANDOM_BYTES = 8


@dataclass(frozen=True, kw_only=True)
class OwnFacts:
    """All facts of a subject."""

    entity: str
    facts: Sequence[Fact]
    more: int
    """Records that sources keep beyond these."""
    release: int
    released_at: datetime
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class IssuedView:
    """A report that was issued."""

    code: str
    scope: str
    release: int
    facts: int
    made_at: datetime


def public_own_facts(
    *, subject: SubjectView, means: Means, regime: Regime, on: date, at: datetime
) -> OwnFacts:
    """The facts of the subject with source, states and end of publicity on a day.

    The look stands in the read log. Raises `NoRelease`, and what the read log raises.
    """
    own = public_own(subject=subject, means=means, at=at)
    facts = _facts(own, subject, means, regime, on)
    shown = sum(len(said["rows"]) for said in own.document["facts"].values())
    kept = sum(said["count"] for said in own.document["facts"].values())
    return OwnFacts(
        entity=own.entity,
        facts=facts,
        more=kept - shown,
        release=own.release.number,
        released_at=own.release.published_at,
        simulated=own.release.simulated,
    )


def public_own_fact(
    *, record: str, subject: SubjectView, means: Means, regime: Regime, on: date, at: datetime
) -> Fact:
    """One of them. Raises `NotOwnRecord`, and what `public_own_facts` raises."""
    own = public_own_facts(subject=subject, means=means, regime=regime, on=on, at=at)
    for fact in own.facts:
        if fact.record == record:
            return fact
    raise NotOwnRecord(record)


def _facts(
    own: OwnDocument, subject: SubjectView, means: Means, regime: Regime, on: date
) -> tuple[Fact, ...]:
    marks, units = marks_of(own.document), public_unit_names()
    found = []
    for name, said in own.document["facts"].items():
        sheet = public_own_sheet(name, subject, means)
        if sheet is None or not sheet.any_shown:
            continue
        found += [
            _fact(row, sheet, marks.get(row["record"], PLAIN), units, regime, on)
            for row in said["rows"]
        ]
    return tuple(found)


def _fact(  # noqa: PLR0917  # one call, above
    row: Mapping[str, Any],
    sheet: Sheet,
    mark: Mark,
    units: Mapping[str, str],
    regime: Regime,
    on: date,
) -> Fact:
    source = sheet.source
    term = term_of(source, row, levels=regime.levels, rules=regime.rules, kinds=regime.kinds, on=on)
    kind = BY_NAME.get(source.kind)
    return Fact(
        record=row["record"],
        batch=row["batch"],
        source=source.id,
        source_name=source.name,
        owner=source.owner,
        owner_name=units.get(source.owner, source.owner),
        kind=source.kind,
        kind_label=kind.label if kind else source.kind,
        lines=[Line(label=each.label, text=each.text) for each in sheet.fields(row)],
        first_seen=date.fromisoformat(str(row["first_seen"])),
        last_seen=date.fromisoformat(str(row["last_seen"])),
        term=term,
        states=states(term, mark, shared=source.disclosure is not Disclosure.NOBODY),
        objection=mark.objection_code,
        repair=mark.repair_code,
        returned=mark.returned,
    )


def public_own_document(
    *,
    subject: SubjectView,
    scope: str,
    means: Means,
    regime: Regime,
    on: date,
    at: datetime,
) -> Document:
    """A report of the subject, with a number of its own; nothing is issued yet.

    What was given back to its source stands in none. Raises what `public_own_facts` raises.
    """
    own = public_own_facts(subject=subject, means=means, regime=regime, on=on, at=at)
    facts = [each for each in own.facts if not each.returned]
    if scope not in SCOPES:
        raise ValueError(scope)
    if scope == "public":
        facts = [each for each in facts if each.is_public]
    number = f"{NUMBER}-{civil_date(at):%Y%m%d}-{secrets.token_hex(RANDOM_BYTES).upper()}"
    return Document(
        number=number,
        scope=scope,
        made_at=at,
        issuer=public_unit_names().get(means.centre, means.centre),
        subject_name=subject.name,
        subject_kind=SUBJECT_LABELS[subject.kind],
        subject_number=subject.number,
        release=own.release,
        released_on=civil_date(own.released_at),
        sections=sections_of(facts),
        advice=advice_of(facts, on),
        more=own.more,
        simulated=own.simulated,
    )


def public_own_reports(*, subject: SubjectView) -> tuple[IssuedView, ...]:
    """The reports that the subject had issued, newest first."""
    rows = CreditReport.objects.filter(subject_row=subject.code).order_by("-made_at")
    return tuple(
        IssuedView(
            code=row.code,
            scope=SCOPES.get(row.scope, row.scope),
            release=row.release,
            facts=row.facts,
            made_at=row.made_at,
        )
        for row in rows
    )
