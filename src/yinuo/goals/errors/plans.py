"""What can go wrong when a plan is taken in or given out."""

from collections.abc import Sequence

from yinuo.kernel.errors import Faulty, Plain, YinuoError


class ImportRefused(Faulty):
    """The file has errors, or alters what no import may alter; nothing was taken in."""

    code = "GOALS-E102"
    status = 409
    said = "有 {count:,} 处错误或不接受的改动，整个文件没有导入"
    step = "请按所列单元格改正，再重新导入"


class PreviewOutdated(Plain):
    """What is registered changed between the preview and the import."""

    code = "GOALS-E103"
    status = 409
    said = "预览之后，已登记的内容有变化，没有导入"
    step = "请重新预览，看过后再确认"


class TakenMeanwhile(Plain):
    """Another import registered the same codes at the same time."""

    code = "GOALS-E104"
    status = 409
    said = "另一次导入同时登记了同样的编号，本次没有导入"
    step = "请重新预览"


class UnknownPlan(YinuoError):
    """No such plan, or none that the viewer may export."""

    code = "GOALS-E105"
    status = 404

    def __init__(self, code: str, known: Sequence[str]) -> None:
        listed = "、".join(known) or "还没有任何计划"
        super().__init__(f"没有计划 {code}", place=code, next_step=f"可用的计划：{listed}")


class UnknownUpload(YinuoError):
    """No such upload, or one of another person, or one that was swept."""

    code = "GOALS-E111"
    status = 404

    def __init__(self, number: int) -> None:
        super().__init__(
            "没有这份上传的台账，或者它已经导入、放弃或过期",
            place=str(number),
            next_step="请在“台账”页面重新上传",
        )


class UnknownRoster(Plain):
    """No such roster, or one of an office that the viewer does not administer."""

    code = "GOALS-E112"
    status = 404
    said = "没有台账 {place}"
    step = "请在“台账”页面查看您管理的台账"


class TooLarge(YinuoError):
    """The workbook has more bytes than are taken."""

    code = "GOALS-E113"
    status = 413

    def __init__(self, name: str, size: int, largest: int) -> None:
        super().__init__(
            f"文件有 {size / 2**20:.1f} MB，上限 {largest >> 20} MB",
            place=name,
            next_step="请删去图片和多余的工作表，另存后再上传",
        )


class NotMapped(Plain):
    """The columns of an upload were not assigned yet."""

    code = "GOALS-E114"
    status = 409
    said = "还没有指明各列的含义"
    step = "请先选择工作表，对应各列"
