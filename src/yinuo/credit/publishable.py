"""Batches that go into releases."""

from yinuo.credit.life import PUBLISHABLE
from yinuo.credit.means import Means, folder_of
from yinuo.credit.models import CreditBatch
from yinuo.lake.records.batch import RecordBatch, open_batch


def publishable(source: str, means: Means) -> list[RecordBatch]:
    """The batches of a source that go into releases, in the order in which they came.

    Only their records count as known: what repeats a batch that is held is no repetition yet.
    """
    rows = CreditBatch.objects.filter(source=source, status__in=PUBLISHABLE)
    ordered = rows.order_by("landed_at", "code").values_list("lake_id", flat=True)
    return [open_batch(folder_of(means.lake, source, lake_id)) for lake_id in ordered]
