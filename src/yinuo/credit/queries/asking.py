"""One question of credit: may this person, may this firm? The answer, never the file.

Consent is asked before anything is looked up, so that no refusal tells whether there are records;
the look stands in the read log before the answer is given.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.commitments.standing import Answer
from yinuo.credit.errors.asking import MayNotAsk
from yinuo.credit.errors.joins import NoRelease, UnknownEntity
from yinuo.credit.live_facts import NAMES, live_facts
from yinuo.credit.means import Means
from yinuo.credit.models import CreditConsent, Subject
from yinuo.credit.nodes import entity_id
from yinuo.credit.profile.figures import Figure
from yinuo.credit.profile.single import given, profile_of
from yinuo.credit.profile.terms import Regime
from yinuo.credit.purposes.purpose import Purpose
from yinuo.credit.queries.subjects import key_of
from yinuo.credit.reads.log import Read
from yinuo.credit.released import Released, opened
from yinuo.credit.scenarios.deciding import decide, wanted
from yinuo.credit.scenarios.definition import Scenario, UnknownScenario
from yinuo.credit.subject_marks import subject_mark
from yinuo.kernel.resident_id import resident_id
from yinuo.kernel.uscc import credit_code
from yinuo.lake.records.description import SourceDescription
from yinuo.parties.viewer import Viewer
from yinuo.rules.table import Rulebook

PERSON = "person"


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What questions are answered with."""

    means: Means
    scenarios: Mapping[str, Scenario]
    askers: Mapping[str, frozenset[str]]
    """Unit → as what it may ask."""
    figures: Sequence[Figure]
    regime: Regime
    book: Callable[[Scenario, date], Rulebook]
    """The decision tables of a scenario as published for a day."""


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


@dataclass(frozen=True, kw_only=True)
class ScenarioView:
    """A question that the viewer may ask."""

    id: str
    name: str
    question: str
    basis: str
    persons: bool
    firms: bool
    consent: bool
    unit: str


def scenarios(*, asking: Asking, viewer: Viewer) -> tuple[ScenarioView, ...]:
    """The questions that the viewer's units may ask."""
    found = []
    for one in asking.scenarios.values():
        purpose = asking.means.purposes.get(one.purpose)
        unit = _unit(asking, purpose, viewer) if purpose else ""
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
    viewer: Viewer,
    on: date,
    at: datetime,
) -> AnswerView:
    """Ask about whoever has this number. Nothing is said of records.

    Raises `UnknownScenario`, `MayNotAsk`, `NotACreditCode`, `NotAResidentId`,
    `ScenarioTableUnfit`, and what the read log raises when the look cannot be written down.
    """
    one = asking.scenarios.get(scenario)
    if one is None:
        raise UnknownScenario(scenario, asking.scenarios)
    purpose = asking.means.purposes.get(one.purpose)
    unit = _unit(asking, purpose, viewer) if purpose else ""
    if purpose is None or not unit:
        raise MayNotAsk(one.name, "您的单位不能问这个问题")
    if kind not in one.subjects:
        raise MayNotAsk(one.name, "这个问题不是问这类主体的")
    plain = resident_id(number, on=on) if kind == PERSON else credit_code(number)
    consent = _consent(purpose, kind, plain, unit, on, one.name)
    return _answer(asking, one, purpose, kind, plain, unit, consent, by=viewer.actor, on=on, at=at)


def _unit(asking: Asking, purpose: Purpose, viewer: Viewer) -> str:
    """The unit for which the viewer may ask for a purpose; empty for none."""
    users = {each.value for each in purpose.users}
    able = (unit for unit in sorted(viewer.officer_of) if asking.askers.get(unit, set()) & users)
    return next(able, "")


def _consent(  # noqa: PLR0917  # one call, above
    purpose: Purpose, kind: str, number: str, unit: str, on: date, name: str
) -> str:
    """Code of the consent that covers it; empty where none is needed. Raises `MayNotAsk`."""
    if not purpose.consent:
        return ""
    row = CreditConsent.objects.filter(
        subject_row__number_mark=subject_mark(kind, number),
        unit=unit,
        purpose=purpose.id,
        withdrawn_at=None,
        valid_until__gte=on,
    ).first()
    if row is None:
        raise MayNotAsk(name, "须经本人同意，没有有效的同意")
    return row.code


def _answer(  # noqa: PLR0917  # one call, above
    asking: Asking,
    one: Scenario,
    purpose: Purpose,
    kind: str,
    number: str,
    unit: str,
    consent: str,
    *,
    by: str,
    on: date,
    at: datetime,
) -> AnswerView:
    means, book = asking.means, asking.book(one, on)
    fields = wanted(one, book, on)
    asked = [figure for figure in asking.figures if figure.name in fields]
    known, entity, as_of = _known(asking, purpose, kind, number, asked, on)
    mark = subject_mark(kind, number)
    subject = Subject.objects.filter(number_mark=mark).values_list("code", flat=True).first()
    if fields & set(NAMES):
        known |= live_facts(subject or "", on)
    look = Read(
        reader=by,
        capacity=f"officer:{unit}",
        purpose=purpose.id,
        entity=entity,
        fields=sorted(fields),
        consent=consent,
    )
    means.reads.append(look, at=at)
    said = decide(one, book, known, on)
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
    )


def _known(  # noqa: PLR0917  # one call, above
    asking: Asking,
    purpose: Purpose,
    kind: str,
    number: str,
    asked: Sequence[Figure],
    on: date,
) -> tuple[dict[str, object], str, date | None]:
    """Figures, opaque id and the day of the records; who has no records has none of any."""
    key = key_of(kind, number)
    nobody = {"entity": entity_id(asking.means.salt, key), "kind": kind, "facts": {}}
    try:
        with opened(asking.means) as release:
            sources = _covered(release, asking.means, purpose)
            try:
                document = release.entity_of_code(number).document
            except UnknownEntity:
                document = nobody
            as_of = release.row.published_at.date()
    except NoRelease:
        return {}, str(nobody["entity"]), None
    told = profile_of(document, sources=sources, figures=asked, regime=asking.regime, on=on)
    return dict(given(told, kind)), str(document["entity"]), as_of


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
