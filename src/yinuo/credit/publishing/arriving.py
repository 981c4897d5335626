"""Landed batches of a source as a release takes them."""

from collections.abc import Sequence

from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import civil_date
from yinuo.lake.records.batch import RecordBatch
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.releases.release import Arrival, arrival

FULL = "full"


class BasisLeftOut(YinuoError):
    """A batch left out records because an earlier one has them, and that one is left out too."""

    code = "CREDIT-E040"
    status = 409

    def __init__(self, source: str, batch: str, missing: Sequence[str]) -> None:
        what = f"批次 {batch} 没有再存 {'、'.join(missing)} 中已有的记录，而后者不在这次发布中"
        step = "把后者也发布，或撤下这个批次后重新装入原文件"
        super().__init__(what, place=source, next_step=step)


def arrivals(source: SourceDescription, batches: Sequence[RecordBatch]) -> tuple[Arrival, ...]:
    """The batches to be published, oldest first. Raises `BasisLeftOut`.

    A batch of a source that delivers everything replaces what came before; one that corrects
    single rows of it does not.
    """
    found: list[Arrival] = []
    for batch in batches:
        missing = sorted(set(batch.compared_with) - {each.id for each in found})
        if batch.unchanged and missing:
            raise BasisLeftOut(source.id, batch.id, missing)
        whole = source.delivery == FULL and batch.corrects is None
        found.append(arrival(batch.folder, on=civil_date(batch.landed_at), whole=whole))
    return tuple(found)
