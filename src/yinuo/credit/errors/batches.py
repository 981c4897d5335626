"""What can go wrong with batches of credit records."""

from collections.abc import Iterable, Sequence

from yinuo.kernel.errors import Finding, Plain, WrongStep, YinuoError


class UnknownCreditSource(YinuoError):
    """No description of that name."""

    code = "CREDIT-E050"
    status = 404

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"没有数据源 {name}；已有：{'、'.join(sorted(known)) or '（没有）'}",
            place=name,
            next_step="请核对名称，或在 content/sources/ 里写好它的说明文件",
        )


class UnknownOwner(YinuoError):
    """The unit that a description names is not registered here."""

    code = "CREDIT-E051"
    status = 409

    def __init__(self, source: str, owner: str) -> None:
        super().__init__(
            f"数据源 {source} 的来源单位 {owner} 还没有登记",
            place=source,
            next_step="请先登记这个单位，或改正说明文件里的 owner",
        )


class UnknownCreditBatch(Plain):
    """No such batch, or none that the viewer may see."""

    code = "CREDIT-E052"
    status = 404
    said = "没有批次 {place}"
    step = "请在“数据源”页面查看您能看的批次"


class WrongBatchState(WrongStep):
    """The step does not follow from the state of the batch."""

    code = "CREDIT-E053"
    said = "{code} 现在是“{state}”，不能{wanted}"
    step = "请刷新页面，看它现在可以做什么"


class BatchWithdrawn(Plain):
    """The same files came once before and were withdrawn."""

    code = "CREDIT-E054"
    status = 409
    said = "这些文件已作为批次 {place} 装入过，后来撤回了"
    step = "请让来源单位重新导出后再装"


class SimulatedMixed(YinuoError):
    """Made-up records and real ones of one source may not stand together."""

    code = "CREDIT-E055"
    status = 409

    def __init__(self, other: str, *, new_is_simulated: bool) -> None:
        new, old = ("模拟", "真实") if new_is_simulated else ("真实", "模拟")
        super().__init__(
            f"批次 {other} 是{old}数据，不能再装入{new}数据",
            place=other,
            next_step="请换一个安装，或先撤回原有批次",
        )


class LeanedOn(YinuoError):
    """A later batch repeats records of this one and holds no copy of them."""

    code = "CREDIT-E059"
    status = 409

    def __init__(self, code: str, later: str, records: int) -> None:
        super().__init__(
            f"批次 {later} 有 {records:,} 条记录与更早的批次相同，只记了编号，"
            f"撤回 {code} 会丢失它们",
            place=code,
            next_step=f"请先撤回 {later}，再请来源单位重新导出",
        )


class GatesFailed(YinuoError):
    """Batches that have not passed their gates; the last good release stays."""

    code = "CREDIT-E056"
    status = 409

    def __init__(self, batches: Sequence[str], findings: Sequence[Finding]) -> None:
        first = f"；第一处：{findings[0].place} {findings[0].rule}" if findings else ""
        super().__init__(
            f"批次 {'、'.join(batches)} 没有通过检查，数据版本没有变{first}",
            place=batches[0],
            next_step="请让来源单位重送；确认无误的可由另一人放行；也可先不含这些批次发布",
        )
        self.findings = tuple(findings)


class NothingToPublish(YinuoError):
    """No batch that may be published."""

    code = "CREDIT-E057"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            "没有可发布的批次",
            place="信用数据",
            next_step="请先装入：yinuo credit land 数据源 文件…",
        )


class WhyMissing(YinuoError):
    """A decision without a reason, or with one that is too long."""

    code = "CREDIT-E058"

    def __init__(self, place: str, why: str) -> None:
        super().__init__(why, place=place, next_step="请写明理由")
