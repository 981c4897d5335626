"""Random plans of the test city, in the form in which they are kept."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.city import CITY, LUSHUN, OFFICE, PULANDIAN
from tests.goals.workbooks import PORT, plan
from yinuo.commitments.commands.register import NewCommitment, NewDocument, NewObservation
from yinuo.commitments.registry import planned_kinds
from yinuo.goals.plan import NewGoal, PlanContent
from yinuo.goals.workbook.columns import SIGNS
from yinuo.kernel.decimals import canonical_decimal

UNITS = (CITY, OFFICE, LUSHUN, PULANDIAN, PORT)
ORIGINS = st.sampled_from(["text", "inferred", "none"])
_CHARACTERS = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff_")


def lines(longest: int, least: int = 0) -> st.SearchStrategy[str]:
    """One line of text without odd blanks."""
    found = st.text(_CHARACTERS, max_size=min(longest, 30)).map(lambda t: " ".join(t.split()))
    return found.filter(lambda text: len(text) >= least)


def notes() -> st.SearchStrategy[str]:
    """Several lines."""
    return st.lists(lines(30), max_size=3).map(lambda found: "\n".join(found).strip())


def numbers() -> st.SearchStrategy[str]:
    """Canonical decimals within what can be sorted."""
    return st.decimals(-(10**9), 10**9, allow_nan=False, places=4).map(canonical_decimal)


def _maybe(codes: Sequence[str]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(codes) if codes else st.none()


@st.composite
def terms(draw: st.DrawFn) -> dict[str, Any]:
    """Operator, value and what belongs to them."""
    operator = draw(st.sampled_from(["done", *SIGNS.values()]))
    if operator == "done":
        return {"operator": operator, "unit": draw(lines(20))}
    about = operator == "about"
    return {
        "operator": operator,
        "value": draw(numbers()),
        "unit": draw(lines(20)),
        "tolerance": draw(st.integers(1, 99).map(str)) if about else "",
        "baseline": draw(st.just("") | numbers()),
        "texts_known": draw(st.none() | st.integers(0, 99)),
    }


@st.composite
def commitments(draw: st.DrawFn, code: str, above: Sequence[str]) -> NewCommitment:
    """A promise whose parent is one of those above it."""
    lead = draw(_maybe(UNITS))
    others = [unit for unit in UNITS if unit != lead]
    return NewCommitment(
        code=code,
        kind=draw(st.sampled_from(sorted(planned_kinds().values()))),
        title=draw(lines(300, least=1)),
        document="D-1",
        place=draw(lines(80)),
        heading=draw(st.sampled_from(["", "P-G1", "P-G2"])),
        parent=draw(_maybe(above)),
        note=draw(notes()),
        effort=draw(lines(40)),
        lead=lead,
        lead_said=draw(lines(120)),
        lead_origin=draw(ORIGINS),
        creditor=draw(lines(120, least=1)),
        creditor_unit=OFFICE,
        cooperating=tuple(sorted(draw(st.sets(st.sampled_from(others), max_size=2)))),
        operator_origin=draw(ORIGINS),
        due=draw(st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))),
        due_origin=draw(ORIGINS),
        due_said=draw(lines(80)),
        **draw(terms()),
    )


@st.composite
def observations(draw: st.DrawFn, code: str, above: Sequence[str]) -> NewObservation:
    """Something reported."""
    value = draw(st.just("") | numbers())
    return NewObservation(
        code=code,
        kind=draw(lines(40, least=1)),
        title=draw(lines(300, least=1)),
        document="D-1",
        heading=draw(st.sampled_from(["", "P-G1"])),
        parent=draw(_maybe(above)) or "",
        subject_said=draw(lines(120)),
        subject_unit=draw(_maybe(UNITS)),
        operator=draw(st.sampled_from(sorted(SIGNS.values()))) if value else "",
        value=value,
        unit=draw(lines(20)),
        when_said=draw(lines(80)),
        note=draw(notes()),
    )


@st.composite
def plans(draw: st.DrawFn) -> PlanContent:
    """A plan of up to eight promises and four observations."""
    codes = [f"P-{n:03}" for n in range(draw(st.integers(0, 8)))]
    promised = tuple(draw(commitments(c, codes[:n])) for n, c in enumerate(codes))
    reported = [f"R-{n:03}" for n in range(draw(st.integers(0, 4)))]
    observed = tuple(draw(observations(c, codes + reported[:n])) for n, c in enumerate(reported))
    document = NewDocument(
        code="D-1",
        title=draw(lines(300, least=1)),
        kind="方案",
        said_date=draw(st.none() | st.dates(date(1950, 1, 1), date(2099, 12, 31))),
        sha256=draw(st.just("") | st.text("0123456789abcdef", min_size=64, max_size=64)),
    )
    goals = tuple(
        NewGoal(code=f"P-G{n}", number=n, title=draw(lines(300, least=1))) for n in (1, 2)
    )
    return plan(
        title=draw(lines(300, least=1)),
        documents=(document,),
        goals=goals,
        commitments=promised,
        observations=observed,
    )
