"""What can go wrong when a plan is taken in or given out."""

from collections.abc import Sequence

from yinuo.kernel.errors import Finding, YinuoError


class ImportRefused(YinuoError):
    """The file has errors, or alters what no import may alter; nothing was taken in."""

    code = "GOALS-E102"
    status = 409

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(
            f"有 {len(self.findings):,} 处错误或不接受的改动，整个文件没有导入",
            place=self.findings[0].place,
            next_step="请按所列单元格改正，再重新导入",
        )


class PreviewOutdated(YinuoError):
    """What is registered changed between the preview and the import."""

    code = "GOALS-E103"
    status = 409

    def __init__(self, plan: str) -> None:
        super().__init__(
            "预览之后，已登记的内容有变化，没有导入",
            place=plan,
            next_step="请重新预览，看过后再确认",
        )


class TakenMeanwhile(YinuoError):
    """Another import registered the same codes at the same time."""

    code = "GOALS-E104"
    status = 409

    def __init__(self, plan: str) -> None:
        super().__init__(
            "另一次导入同时登记了同样的编号，本次没有导入", place=plan, next_step="请重新预览"
        )


class UnknownPlan(YinuoError):
    """No such plan, or none that the viewer may export."""

    code = "GOALS-E105"
    status = 404

    def __init__(self, code: str, known: Sequence[str]) -> None:
        listed = "、".join(known) or "还没有任何计划"
        super().__init__(f"没有计划 {code}", place=code, next_step=f"可用的计划：{listed}")
