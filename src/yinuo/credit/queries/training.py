"""Models of linkage, learnt anew from the records of which the current release was made."""

from collections.abc import Mapping

from yinuo.credit.errors.joins import NoLinkage, NoRelease
from yinuo.credit.linking.model import Model
from yinuo.credit.linking.training import train
from yinuo.credit.means import Means
from yinuo.credit.models import CreditRelease
from yinuo.credit.permission import require_reader
from yinuo.credit.publishable import publishable
from yinuo.credit.publishing.arriving import arrivals
from yinuo.credit.publishing.live import live_of
from yinuo.credit.released import RESOLUTIONS
from yinuo.credit.resolving import tables
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.engine import DuckDB
from yinuo.parties.viewer import Viewer

PLACE = "关联模型"


def trained_models(
    *, means: Means, viewer: Viewer, version: str, progress: Progress = silent
) -> Mapping[str, Model]:
    """Firm and person → a model trained on published records that bear a code.

    Nothing is changed: whoever wants the models puts them in the folder of linkage, and the next
    release is linked by them. Raises `NotAllowed`, `NoRelease`, `NoLinkage` and `BatchDamaged`.
    """
    require_reader(means, viewer, place=PLACE)
    if means.linkage is None:
        raise NoLinkage
    current = CreditRelease.objects.filter(current=True).first()
    if current is None:
        raise NoRelease
    moved = tables.read(means.lake / RESOLUTIONS / current.resolution, tables.MOVED)
    named = {name: publishable(name, means) for name in means.sources}
    given = {name: batches for name, batches in named.items() if batches}
    with DuckDB(memory=means.memory, temporary=means.lake) as engine:
        some = []
        for done, (name, batches) in enumerate(given.items()):
            progress("读取记录", done, len(given))
            source = means.sources[name]
            some.append(live_of(engine, source, arrivals(source, batches)))
        progress("训练", len(given), len(given))
        return train(
            engine=engine,
            live=some,
            settings=means.linkage.settings,
            version=version,
            trained_on=f"数据版本 {current.number}{'（模拟数据）' if current.simulated else ''}",
            into=dict(zip(moved["key"].to_pylist(), moved["into"].to_pylist(), strict=True)),
            memory=means.memory,
        )
