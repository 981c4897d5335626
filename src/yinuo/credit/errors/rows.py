"""What can go wrong with rows that were put aside."""

from collections.abc import Sequence

from yinuo.kernel.errors import Finding, YinuoError


class UnknownRow(YinuoError):
    """No such row put aside in the batch."""

    code = "CREDIT-E070"
    status = 404

    def __init__(self, batch: str, key: str) -> None:
        super().__init__(
            f"批次 {batch} 里没有问题行 {key}",
            place=batch,
            next_step="行写作“文件序号:行号”，如 0:17；请在“问题数据”里查看",
        )


class RowDecided(YinuoError):
    """Something was decided about the row before."""

    code = "CREDIT-E071"
    status = 409

    def __init__(self, batch: str, keys: Sequence[str]) -> None:
        said = "、".join(keys[:5]) + (f" 等 {len(keys):,} 行" if len(keys) > 5 else "")  # noqa: PLR2004
        super().__init__(
            f"批次 {batch} 的 {said} 已经处理过",
            place=batch,
            next_step="请去掉这些行再提交",
        )


class BadCorrections(YinuoError):
    """A file of corrected rows with faults; `findings` holds every one of them."""

    code = "CREDIT-E072"

    def __init__(self, file: str, findings: Sequence[Finding]) -> None:
        first = findings[0]
        super().__init__(
            f"更正文件有 {len(findings):,} 处错误，第一处：{first.rule}",
            place=first.place or file,
            next_step=first.next_step,
        )
        self.findings = tuple(findings)


class NothingCorrected(YinuoError):
    """Not one of the corrected rows is accepted: nothing was recorded."""

    code = "CREDIT-E073"

    def __init__(self, batch: str, reasons: Sequence[str]) -> None:
        super().__init__(
            f"更正后的行仍不能接收：{'；'.join(reasons)}",
            place=batch,
            next_step="请按原因改正这些行再提交",
        )
