"""Deletions on the ledger: what went, how much, from where; and rows of what was rewritten."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max

from yinuo.credit.commands.landing import LOCK
from yinuo.credit.letters_bulk.batch import FOLDER as LETTERS
from yinuo.credit.letters_bulk.batch import open_bulk
from yinuo.credit.means import Means, folder_of
from yinuo.credit.models import BulkLetters, CreditBatch, CreditDeletion, ExchangePackage
from yinuo.credit.models.exchange import UP
from yinuo.credit.retention.deleting import DONE, Deletion, deletions
from yinuo.lake.batch import MANIFEST, sha256_of
from yinuo.ledger.commands.recording import By, command, one_at_a_time, record

Rows = dict[str, Mapping[str, int]]
"""By code of a batch, bulk batch or package, or the id of one that was never recorded."""


@dataclass
class Deleted:
    """What deletions came to, of those that were not recorded yet."""

    records: Counter[str] = field(default_factory=Counter)
    """By source."""
    letters: int = 0
    """Of bulk batches."""
    packages: int = 0


@command("credit_deletion.record")
def record_deletions(*, means: Means, acting: By, at: datetime) -> Deleted:
    """Record the deletions that have no row yet, and what they have rewritten."""
    one_at_a_time(LOCK)
    known = set(CreditDeletion.objects.values_list("lake_id", flat=True))
    found = Deleted()
    for deletion in deletions(means.lake):
        if deletion.id in known or not (deletion.folder / DONE).exists():
            continue
        _record(deletion, means, acting, at)
        found.records.update(deletion.records)
        found.letters += sum(sum(counts.values()) for counts in deletion.letters.values())
        found.packages += len(deletion.packages)
    return found


def _record(deletion: Deletion, means: Means, acting: By, at: datetime) -> None:
    rows: Rows = {}
    for source, touched in deletion.batches.items():
        rows |= _record_batches(source, touched, means, acting, at)
    rows |= _record_letters(deletion.letters, means, acting, at)
    codes = dict(
        ExchangePackage.objects.filter(direction=UP, lake_id__in=deletion.packages).values_list(
            "lake_id", "code"
        )
    )
    rows |= {codes.get(name, name): {"sent": count} for name, count in deletion.packages.items()}
    last = CreditDeletion.objects.aggregate(last=Max("number"))["last"] or 0
    made = CreditDeletion(
        number=last + 1,
        lake_id=deletion.id,
        on=deletion.on,
        records=dict(deletion.records),
        rows=rows,
        deleted_by=acting.actor,
        deleted_at=at,
    )
    record(made, verb="credit_deletion.carried_out", by=acting, at=at)


def _record_batches(
    source: str, touched: Mapping[str, Mapping[str, int]], means: Means, acting: By, at: datetime
) -> Rows:
    rows: Rows = {}
    stored = CreditBatch.objects.select_for_update(of=("self",)).filter(source=source)
    of_lake = {row.lake_id: row for row in stored.filter(lake_id__in=touched)}
    for lake_id, counts in touched.items():
        row = of_lake.get(lake_id)
        rows[row.code if row else lake_id] = counts
        if row is not None:
            manifest = folder_of(means.lake, source, lake_id) / MANIFEST
            row.manifest_sha256 = sha256_of(manifest)
            record(row, verb="credit_batch.expired", by=acting, at=at)
    return rows


def _record_letters(
    touched: Mapping[str, Mapping[str, int]], means: Means, acting: By, at: datetime
) -> Rows:
    """Bulk batches have a new root, and count what is left."""
    rows: Rows = {}
    stored = BulkLetters.objects.select_for_update(of=("self",)).filter(lake_id__in=touched)
    of_lake = {row.lake_id: row for row in stored}
    for lake_id, counts in touched.items():
        row = of_lake.get(lake_id)
        rows[row.code if row else lake_id] = counts
        if row is not None:
            left = open_bulk(means.lake / LETTERS / lake_id)
            row.root = left.root
            row.manifest_sha256 = sha256_of(left.folder / MANIFEST)
            row.read, row.accepted, row.aside = left.read, left.accepted, left.aside
            row.public, row.rules = left.public, dict(left.rules)
            record(row, verb="bulk_letters.shortened", by=acting, at=at)
    return rows
