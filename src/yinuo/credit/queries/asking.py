"""One question of credit: may this person, may this firm? The answer, never the file.

    who asks ─→ may its unit ask this? ─→ did the subject consent? ─→ read log ─→ table ─→ answer

Consent is asked before anything is looked up, so that no refusal tells whether there are records;
the look stands in the read log before the answer is given.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from django.db import connection

from yinuo.commitments.standing import Answer
from yinuo.credit.errors.asking import BadNumber, MayNotAsk
from yinuo.credit.errors.joins import NoRelease, UnknownEntity
from yinuo.credit.kept_serving import current
from yinuo.credit.live_facts import NAMES, live_facts
from yinuo.credit.means import Means
from yinuo.credit.nodes import entity_id, key_of
from yinuo.credit.overlay import in_use
from yinuo.credit.profile.figures import Figure
from yinuo.credit.profile.single import given, profile_of
from yinuo.credit.profile.terms import Regime
from yinuo.credit.purposes.purpose import Purpose
from yinuo.credit.reads.log import Read
from yinuo.credit.released import Released
from yinuo.credit.scenarios.deciding import Prepared
from yinuo.credit.scenarios.definition import Scenario, UnknownScenario
from yinuo.credit.subject_marks import subject_mark
from yinuo.kernel.instants import civil_date
from yinuo.kernel.resident_id import NotAResidentId, resident_id
from yinuo.kernel.uscc import NotACreditCode, credit_code
from yinuo.lake.records.description import SourceDescription
from yinuo.parties.viewer import Viewer

PERSON, TRADER, FIRM = "person", "trader", "firm"
TRADERS = "92"
"""How the codes of sole traders begin. Source: GB 32100—2015, table 1."""


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What questions are answered with."""

    means: Means
    scenarios: Mapping[str, Scenario]
    askers: Mapping[str, frozenset[str]]
    """Unit → as what it may ask."""
    figures: Sequence[Figure]
    regime: Regime
    prepared: Callable[[Scenario, date], Prepared]
    """The decision tables of a scenario as published for a day."""


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Who asks: an officer, or the system of an institution."""

    actor: str
    """`account:7`, `key:hospital`."""
    role: str
    """`officer`, `system`."""
    units: frozenset[str]
    scenarios: frozenset[str] | None = None
    """Which questions it may ask; None: all those of its units."""

    @classmethod
    def officer(cls, viewer: Viewer) -> Self:
        """A signed-in person, for the units that he or she is an officer of."""
        return cls(actor=viewer.actor, role="officer", units=viewer.officer_of)


@dataclass(frozen=True, kw_only=True)
class About:
    """Who is asked about."""

    kind: str
    """`person`, `firm` or `trader`."""
    number: str
    """In its one form."""

    @classmethod
    def of(cls, kind: str, number: str, *, on: date) -> Self:
        """Whoever has this number; a firm with the code of a sole trader is one.

        Raises `BadNumber`, which does not repeat the number.
        """
        try:
            if kind == PERSON:
                return cls(kind=PERSON, number=resident_id(number, on=on))
            code = credit_code(number)
        except NotAResidentId as error:
            raise BadNumber(error.what) from None
        except NotACreditCode:
            raise BadNumber("统一社会信用代码应为 18 位，最后一位是校验码") from None
        return cls(kind=TRADER if code.startswith(TRADERS) else FIRM, number=code)

    @property
    def mark(self) -> str:
        """The keyed hash by which it is found again."""
        return subject_mark(self.kind, self.number)


@dataclass(frozen=True, kw_only=True)
class AnswerView:
    """One answer."""

    scenario: str
    name: str
    question: str
    answer: str
    """`yes`, `no` or `undetermined`."""
    outcome: str
    """What follows from it, in words."""
    reason: str
    on: date
    until: date
    """The last day on which it may be used."""
    as_of: date | None
    """The day of the records it rests on; None before any release."""
    unit: str
    """For which it was asked."""
    subject: str
    """Code of who it is about, which tells nothing; empty for one who never was here."""
    pays_later: bool
    """Whether a bill may be paid later on it."""


@dataclass(frozen=True, kw_only=True)
class ScenarioView:
    """A question that somebody may ask."""

    id: str
    name: str
    question: str
    basis: str
    persons: bool
    firms: bool
    consent: bool
    unit: str


def scenarios(*, asking: Asking, viewer: Asker) -> tuple[ScenarioView, ...]:
    """The questions that somebody may ask."""
    found = []
    for one in asking.scenarios.values():
        purpose, unit = _purpose(asking, one, viewer)
        if purpose and unit:
            found.append(
                ScenarioView(
                    id=one.id,
                    name=one.name,
                    question=one.question,
                    basis=one.basis,
                    persons=PERSON in one.subjects,
                    firms=bool(one.subjects - {PERSON}),
                    consent=purpose.consent,
                    unit=unit,
                )
            )
    return tuple(found)


def ask(
    *,
    asking: Asking,
    scenario: str,
    kind: str,
    number: str,
    viewer: Asker,
    at: datetime,
) -> AnswerView:
    """Ask about whoever has this number. Nothing is said of records.

    Raises `UnknownScenario`, `MayNotAsk`, `BadNumber`, `ScenarioTableUnfit`, and what the read log
    raises when the look cannot be written down.
    """
    on = civil_date(at)
    one = asking.scenarios.get(scenario)
    if one is None:
        raise UnknownScenario(scenario, asking.scenarios)
    purpose, unit = _purpose(asking, one, viewer)
    if purpose is None or not unit:
        raise MayNotAsk(one.name, "您的单位不能问这个问题")
    about = About.of(kind, number, on=on)
    if about.kind not in one.subjects:
        raise MayNotAsk(one.name, "这个问题不是问这类主体的")
    if purpose.consent:
        consent, subject = _consent(purpose, about.mark, unit, on, one.name)
    else:
        consent, subject = "", _subject(about.mark)
    prepared = asking.prepared(one, on)
    known, entity, as_of = _known(asking, purpose, about, prepared.wanted, on)
    if prepared.wanted & set(NAMES):
        known |= live_facts(subject, one.id, on)
    look = Read(
        reader=viewer.actor,
        capacity=f"{viewer.role}:{unit}",
        purpose=purpose.id,
        entity=entity,
        fields=sorted(prepared.wanted),
        consent=consent,
    )
    asking.means.reads.append(look, at=at)
    said = prepared.decide(known)
    return AnswerView(
        scenario=one.id,
        name=one.name,
        question=one.question,
        answer=said.answer.value,
        outcome=one.outcome(said.answer.value),
        reason=said.reason,
        on=on,
        until=on if said.answer is Answer.UNDETERMINED else purpose.good_until(on),
        as_of=as_of,
        unit=unit,
        subject=subject,
        pays_later=one.pays_later and said.answer is Answer.YES,
    )


def _purpose(asking: Asking, one: Scenario, viewer: Asker) -> tuple[Purpose | None, str]:
    """The purpose of a question and the unit for which it may be asked; empty for none."""
    purpose = asking.means.purposes.get(one.purpose)
    if purpose is None or (viewer.scenarios is not None and one.id not in viewer.scenarios):
        return None, ""
    users = {each.value for each in purpose.users}
    able = (unit for unit in sorted(viewer.units) if asking.askers.get(unit, frozenset()) & users)
    return purpose, next(able, "")


# Plain SQL: every question passes here, and composing it would take longer than answering it.
SUBJECT = "SELECT code FROM credit_subject WHERE number_mark = %s"
CONSENT = (
    "SELECT c.code, s.code FROM credit_subject AS s"
    " JOIN credit_creditconsent AS c ON c.subject_row_id = s.code"
    " WHERE s.number_mark = %s AND c.unit_id = %s AND c.purpose = %s"
    " AND c.withdrawn_at IS NULL AND c.valid_until >= %s"
)


def _subject(mark: str) -> str:
    """Code of the subject with this mark; empty for one who never was here."""
    with connection.cursor() as cursor:
        cursor.execute(SUBJECT, [mark])
        found = cursor.fetchone()
    return str(found[0]) if found else ""


def _consent(purpose: Purpose, mark: str, unit: str, on: date, name: str) -> tuple[str, str]:
    """Code of the consent in force, and of who gave it. Raises `MayNotAsk`."""
    with connection.cursor() as cursor:
        cursor.execute(CONSENT, [mark, unit, purpose.id, on])
        found = cursor.fetchone()
    if found is None:
        raise MayNotAsk(name, "须经本人同意，没有有效的同意")
    consent, subject = found
    return consent, subject


def _known(
    asking: Asking, purpose: Purpose, about: About, wanted: frozenset[str], on: date
) -> tuple[dict[str, object], str, date | None]:
    """Figures, opaque id and the day of the records; who has no records has none of any."""
    asked = [figure for figure in asking.figures if figure.name in wanted]
    entity = entity_id(asking.means.salt, key_of(about.kind, about.number))
    document: Mapping[str, Any] = {"entity": entity, "kind": about.kind, "facts": {}}
    try:
        release = current(asking.means)
    except NoRelease:
        return {}, entity, None
    sources = _covered(release, asking.means, purpose)
    with suppress(UnknownEntity):  # the lake holds nothing of it: none of any is counted
        whole = release.entity_of_code(about.number).document
        facts = {name: rows for name, rows in whole["facts"].items() if name in sources}
        document = in_use({**whole, "facts": facts})
    as_of = civil_date(release.row.published_at)
    told = profile_of(document, sources=sources, figures=asked, regime=asking.regime, on=on)
    return dict(given(told, about.kind)), str(document["entity"]), as_of


def _covered(release: Released, means: Means, purpose: Purpose) -> Mapping[str, SourceDescription]:
    """The sources of the release whose kind and disclosure the purpose covers."""
    named = {name: means.sources.get(name) for name in release.row.counts["facts"]}
    return {
        name: source
        for name, source in named.items()
        if source is not None
        and source.disclosure in purpose.opens
        and (not purpose.kinds or source.kind in purpose.kinds)
    }
