"""One matter given twice: what may be the same, and what was merged into what."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from yinuo.commitments.alike import MOST_PAIRS, Likeness, Matter, alike, pairs
from yinuo.commitments.conditions import promised_by
from yinuo.commitments.life import ChangeKind, Status, Visibility
from yinuo.commitments.models import Change, Commitment, Cooperation
from yinuo.commitments.permission import visible
from yinuo.commitments.registry import Promisor
from yinuo.commitments.terms import terms_text
from yinuo.commitments.wording import wording
from yinuo.parties.viewer import NotAllowed, Viewer

MOST = 20_000
"""Commitments compared in one go; more are compared unit by unit."""
STILL_OWED = (Status.OPEN, Status.DELIVERED)


@dataclass(frozen=True)
class Twin:
    """A commitment that may be the same matter as another."""

    code: str
    title: str
    lead_name: str
    document: str
    due: date | None
    terms: str

    @property
    def said(self) -> str:
        """Title, code, unit and document in one line."""
        return f"{self.title}（{self.code}，{self.lead_name}，{self.document}）"

    @classmethod
    def of(cls, c: Commitment) -> "Twin":
        """A commitment with `lead` and `document` already fetched."""
        return cls(
            code=c.code,
            title=c.title,
            lead_name=c.lead.name if c.lead else c.lead_said,
            document=c.document.title,
            due=c.due,
            terms=terms_text(
                operator=c.operator, value=c.value, unit=c.unit, tolerance=c.tolerance
            ),
        )


@dataclass(frozen=True)
class Candidate:
    """What a commitment may be merged into, with the score and why."""

    twin: Twin
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two commitments that may be one matter."""

    first: Twin
    second: Twin
    score: int
    reasons: tuple[str, ...]

    @property
    def both(self) -> tuple[Twin, Twin]:
        """The two, in the order of their codes."""
        return self.first, self.second


@dataclass(frozen=True)
class Duplicates:
    """What was found among the open commitments of the viewer's side."""

    pairs: tuple[Pair, ...]
    """The likeliest first."""
    total: int
    """Open commitments that the question is about."""
    compared: int
    """0 where there are too many to compare in one go: a unit must be chosen."""
    units: dict[str, str]
    """Code → name of every lead unit to choose from."""

    @property
    def cut(self) -> bool:
        """Whether there may be more pairs than are shown."""
        return len(self.pairs) == MOST_PAIRS


def _matters(rows: QuerySet[Commitment]) -> list[Matter]:
    """What tells matters apart, of at most `MOST` rows in the order of their codes."""
    found = list(
        rows.order_by("code").values_list(
            "code", "title", "document_id", "lead_id", "value", "unit"
        )[:MOST]
    )
    cooperating: defaultdict[str, set[str]] = defaultdict(set)
    joined = Cooperation.objects.filter(commitment__in=rows.order_by().values("pk"))
    for code, unit in joined.values_list("commitment_id", "unit_id"):
        cooperating[code].add(unit)
    return [
        Matter(
            code=code,
            title=title,
            document=document,
            lead=lead or "",
            units=frozenset(filter(None, (lead, *cooperating[code]))),
            figure=f"{value}{unit}" if value else "",
        )
        for code, title, document, lead, value, unit in found
    ]


def _twins(codes: Iterable[str]) -> dict[str, Twin]:
    rows = Commitment.objects.filter(code__in=set(codes)).select_related("lead", "document")
    return {row.code: Twin.of(row) for row in rows}


def candidates(*, commitment: str, viewer: Viewer) -> tuple[Candidate, ...]:
    """Promises of the city the viewer may see that may be the same matter, the likeliest first.

    Only those that share a lead or cooperating unit, or of which neither names any; of a public
    one only public ones, because its page will point there.
    """
    seen = Commitment.objects.filter(visible(viewer), promised_by(Promisor.CITY))
    row = seen.filter(code=commitment).first()
    if row is None:
        return ()
    (matter,) = _matters(seen.filter(code=commitment))
    others = seen.filter(status__in=[*STILL_OWED, Status.KEPT]).exclude(code=commitment)
    if row.visibility == Visibility.PUBLIC:
        others = others.filter(visibility=Visibility.PUBLIC)
    others = others.filter(_shares_a_unit(matter.units))
    found = alike(matter, _matters(others))
    twins = _twins(_other(one, commitment) for one in found)
    return tuple(Candidate(twins[_other(one, commitment)], one.score, one.reasons) for one in found)


def _other(one: Likeness, code: str) -> str:
    return one.second if one.first == code else one.first


def _shares_a_unit(units: frozenset[str]) -> Q:
    if not units:
        return Q(lead=None)
    joined = Cooperation.objects.filter(unit__in=units).values("commitment")
    return Q(lead__in=units) | Q(pk__in=joined)


def duplicates(*, viewer: Viewer, unit: str = "") -> Duplicates:
    """Pairs from different documents that may be one matter, among what is still owed.

    For whoever supervises, administers or audits. Beyond `MOST` commitments nothing is compared
    until a unit is chosen; of a unit with more, the first `MOST` by code. Raises `NotAllowed`.
    """
    sides = viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of
    if not sides:
        raise NotAllowed("只有督查人、管理员和审计人可以查看可能重复的承诺")
    owed = Commitment.objects.filter(creditor_unit__in=sides, status__in=STILL_OWED)
    owed = owed.filter(promised_by(Promisor.CITY))
    names = owed.exclude(lead=None).order_by("lead__code")
    units = dict(names.values_list("lead__code", "lead__name").distinct())
    rows = owed.filter(_shares_a_unit(frozenset({unit}))) if unit else owed
    total = rows.count()
    if total > MOST and not unit:
        return Duplicates((), total, 0, units)
    matters = _matters(rows)
    found = pairs(matters)
    twins = _twins(code for one in found for code in (one.first, one.second))
    shown = (Pair(twins[p.first], twins[p.second], p.score, p.reasons) for p in found)
    return Duplicates(tuple(shown), total, len(matters), units)


@dataclass(frozen=True)
class TakenIn:
    """A commitment that was merged into another."""

    code: str
    title: str
    at: datetime
    reason: str
    decision: str


def taken_in(*, commitment: str, viewer: Viewer) -> tuple[TakenIn, ...]:
    """What was merged into a commitment, as far as the viewer may see it, the last first."""
    rows = Commitment.objects.filter(visible(viewer), merged_into=commitment)
    changes = Change.objects.filter(
        commitment__in=rows.values("pk"), kind=ChangeKind.MERGED, status=Change.Status.APPROVED
    ).select_related("commitment")
    found = [(c, c.decided_at) for c in changes.order_by("-decided_at", "code")]
    said = wording(text for c, _at in found for text in (c.reason_text, c.decision_text))
    return tuple(
        TakenIn(
            code=c.commitment_id,
            title=c.commitment.title,
            at=at,
            reason=said.get(c.reason_text, ""),
            decision=said.get(c.decision_text, ""),
        )
        for c, at in found
        if at is not None
    )
