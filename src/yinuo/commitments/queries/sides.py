"""On which side of commitments a viewer stands, for packages that ask units and judge answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from yinuo.commitments.models import Commitment, Evidence
from yinuo.commitments.permission import (
    owes,
    owing_units,
    supervises,
    visible,
    watched_units,
)
from yinuo.commitments.queries.evidence import seen_evidence
from yinuo.kernel.instants import civil_date
from yinuo.ledger.history import places
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True)
class Side:
    """A commitment and what its viewer is to it."""

    code: str
    title: str
    lead: str | None
    lead_name: str
    office: str
    office_name: str
    owes: bool
    supervises: bool
    """Whether the viewer may judge: supervises, and belongs to no debtor."""


def own_or_watched(*, viewer: Viewer) -> QuerySet[Commitment]:
    """The commitments that the viewer's own unit owes, or that they watch over.

    Narrower than what they may read: neither public ones nor those they only cooperate in.
    """
    if not viewer.signed_in:
        return Commitment.objects.none()
    watched = watched_units(viewer)
    return Commitment.objects.filter(Q(lead__in=owing_units(viewer)) | Q(creditor_unit__in=watched))


def sides(*, commitments: Iterable[str], viewer: Viewer) -> dict[str, Side]:
    """Those of these commitments that the viewer's unit owes or that they watch over, by code."""
    rows = own_or_watched(viewer=viewer).filter(pk__in=set(commitments))
    return {
        row.code: Side(
            code=row.code,
            title=row.title,
            lead=row.lead_id,
            lead_name=row.lead.name if row.lead else "",
            office=row.creditor_unit_id,
            office_name=row.creditor_unit.name,
            owes=owes(row, viewer),
            supervises=supervises(row, viewer),
        )
        for row in rows.select_related("lead", "creditor_unit")
    }


@dataclass(frozen=True)
class Picture:
    """A picture as far as a viewer may know of it."""

    code: str
    """Empty for one that the viewer may not see: then day and unit are all there is."""
    commitment: str
    title: str
    unit: str
    """Name of the unit that handed it in."""
    day: date
    """On which it was handed in."""

    @property
    def number(self) -> int:
        """Its number among the files of its commitment; 0 for one not to be seen."""
        return int(self.code.rpartition("/E")[2]) if self.code else 0


def pictures_seen(*, evidence: Iterable[str], viewer: Viewer) -> dict[str, Picture]:
    """These pictures by code: whole where the viewer may see them, else day and unit.

    The caller has checked that the viewer is to know that they are there.
    """
    wanted = set(evidence)
    seen = set(seen_evidence(viewer=viewer).filter(pk__in=wanted).values_list("pk", flat=True))
    rows = Evidence.objects.filter(pk__in=wanted).select_related("unit", "commitment")
    entries = places(f"evidence:{code}" for code in wanted)
    return {
        row.pk: Picture(
            code=row.pk if row.pk in seen else "",
            commitment=row.commitment_id if row.pk in seen else "",
            title=row.commitment.title if row.pk in seen else "",
            unit=row.unit.name,
            day=civil_date(entries[row.subject][0].at),
        )
        for row in rows
    }


def titles_seen(*, commitments: Iterable[str], viewer: Viewer) -> dict[str, str]:
    """Code → title of those of these commitments that the viewer may read."""
    rows = Commitment.objects.filter(visible(viewer), pk__in=set(commitments))
    return dict(rows.values_list("code", "title"))
