"""Sources as people read them: how fresh, how much, how well filled, what nobody handles.

A source is late if its owner has put down how often it comes and the day for the next delivery is
over; corrections are no deliveries.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from yinuo.credit.catalogue.cycles import due
from yinuo.credit.errors.batches import UnknownCreditSource
from yinuo.credit.life import HELD, BatchStatus
from yinuo.credit.means import Means, folder_of
from yinuo.credit.models import CreditBatch, QuarantineDecision
from yinuo.credit.permission import handles, readable_units
from yinuo.credit.queries.batches import BatchView, views
from yinuo.credit.record_kinds import BY_NAME
from yinuo.kernel.instants import civil_date
from yinuo.lake.records.batch import RecordBatch, open_batch
from yinuo.lake.records.description import CatalogueEntry, SourceDescription
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class FillRate:
    """How many accepted rows of the last batch have a field."""

    field: str
    label: str
    filled: int
    of: int
    least_per_mille: int | None
    """What is expected; None for nothing in particular."""

    @property
    def per_mille(self) -> int:
        """Filled, of a thousand."""
        return self.filled * 1_000 // self.of if self.of else 0

    @property
    def is_low(self) -> bool:
        """Whether less than expected."""
        return self.least_per_mille is not None and self.per_mille < self.least_per_mille


@dataclass(frozen=True, kw_only=True)
class SourceView:
    """One source, as of a day."""

    id: str
    name: str
    owner: str
    owner_name: str
    system: str
    about: str
    kind: str
    kind_label: str
    delivery: str
    disclosure: str
    catalogue: CatalogueEntry | None
    """How often it comes and who may have it; None: not put down yet."""
    last: BatchView | None
    """The newest batch that was not withdrawn; corrections apart."""
    freshness_days: int | None
    """Days since then; None while nothing has come."""
    due: date | None
    """By when the next delivery has to come; None where none is expected, or the first."""
    late_days: int
    """Days since that day, 0 until then."""
    batches: int
    """All that were not withdrawn."""
    accepted: int
    """Rows accepted in all of them."""
    quarantined: int
    """Rows put aside in all of them."""
    open_rows: int
    """Of these, rows about which nothing was decided."""
    reasons: Mapping[str, int]
    """Rows put aside in all of them, by code of the reason."""
    fill_rates: tuple[FillRate, ...]
    """Of the last batch."""
    unhandled: Mapping[str, int]
    """Headings of the last batch that are neither a field nor ignored → rows with a value."""
    held: int
    """Batches that have not passed their gates."""
    simulated: bool
    may_handle: bool

    @property
    def quarantined_per_mille(self) -> int:
        """Rows put aside, of a thousand read."""
        read = self.accepted + self.quarantined
        return self.quarantined * 1_000 // read if read else 0


def sources(*, means: Means, on: date, viewer: Viewer) -> tuple[SourceView, ...]:
    """The sources that the viewer may see, late ones first, by owner; fill rates left out."""
    units = readable_units(means, viewer)
    seen = [each for each in means.sources.values() if units is None or each.owner in units]
    of_source: dict[str, list[CreditBatch]] = {each.id: [] for each in seen}
    rows = CreditBatch.objects.exclude(status=BatchStatus.WITHDRAWN).filter(source__in=of_source)
    for row in rows.order_by("landed_at", "code"):
        of_source[row.source].append(row)
    last = {view.source: view for view in _last(of_source, means, viewer)}
    decided, names = _decided(of_source), public_unit_names()
    found = (
        _view(
            each,
            of_source[each.id],
            last.get(each.id),
            decided=decided,
            owner_name=names.get(each.owner, each.owner),
            on=on,
            may_handle=handles(each.owner, means, viewer),
        )
        for each in seen
    )
    return tuple(sorted(found, key=lambda view: (not view.late_days, view.owner, view.id)))


def source(*, id: str, means: Means, on: date, viewer: Viewer) -> SourceView:  # noqa: A002
    """One source, fill rates and headings of its last batch included.

    Raises `UnknownCreditSource` and `BatchDamaged`.
    """
    found = next(
        (view for view in sources(means=means, on=on, viewer=viewer) if view.id == id), None
    )
    if found is None:
        raise UnknownCreditSource(id, ())
    if found.last is None:
        return found
    landed = open_batch(folder_of(means.lake, id, found.last.lake_id))
    return replace(
        found,
        fill_rates=_fill_rates(means.sources[id], landed),
        unhandled=dict(landed.unknown_headings),
    )


def _last(
    of_source: Mapping[str, Sequence[CreditBatch]], means: Means, viewer: Viewer
) -> tuple[BatchView, ...]:
    """The view of the newest delivery of each source."""
    delivered = ([row for row in rows if not row.corrects_id] for rows in of_source.values())
    return views([rows[-1] for rows in delivered if rows], means=means, viewer=viewer)


def _decided(of_source: Mapping[str, Sequence[CreditBatch]]) -> Mapping[str, int]:
    """Batch → rows put aside in it about which something was decided."""
    codes = [row.code for rows in of_source.values() for row in rows]
    found: dict[str, int] = {}
    for batch, lines in QuarantineDecision.objects.filter(batch__in=codes).values_list(
        "batch_id", "lines"
    ):
        found[batch] = found.get(batch, 0) + len(lines)
    return found


def _view(
    described: SourceDescription,
    rows: Sequence[CreditBatch],
    last: BatchView | None,
    *,
    decided: Mapping[str, int],
    owner_name: str,
    on: date,
    may_handle: bool,
) -> SourceView:
    kind = BY_NAME.get(described.kind)
    reasons: Counter[str] = Counter()
    for row in rows:
        reasons.update(row.reasons)
    quarantined = sum(row.quarantined for row in rows)
    came = civil_date(last.landed_at) if last else None
    expected = described.catalogue and came and due(came, described.catalogue.cycle)
    return SourceView(
        id=described.id,
        name=described.name,
        owner=described.owner,
        owner_name=owner_name,
        system=described.system,
        about=described.about,
        kind=described.kind,
        kind_label=kind.label if kind else described.kind,
        delivery=described.delivery,
        disclosure=described.disclosure,
        catalogue=described.catalogue,
        last=last,
        freshness_days=(on - came).days if came else None,
        due=expected or None,
        late_days=max((on - expected).days, 0) if expected else 0,
        batches=len(rows),
        accepted=sum(row.accepted for row in rows),
        quarantined=quarantined,
        open_rows=quarantined - sum(decided.get(row.code, 0) for row in rows),
        reasons=dict(reasons.most_common()),
        fill_rates=(),
        unhandled={},
        held=sum(row.status in HELD for row in rows),
        simulated=any(row.simulated for row in rows),
        may_handle=may_handle,
    )


def _fill_rates(described: SourceDescription, landed: RecordBatch) -> tuple[FillRate, ...]:
    return tuple(
        FillRate(
            field=each.name,
            label=each.label,
            filled=landed.filled.get(each.name, 0),
            of=landed.accepted,
            least_per_mille=described.expect.filled.get(each.name),
        )
        for each in described.fields
    )
