"""What can be wrong with an order to simulate."""

from pathlib import Path

from yinuo.kernel.errors import YinuoError


class FolderTaken(YinuoError):
    """The folder for the files holds something already."""

    code = "CREDIT-E001"
    status = 409

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"文件夹“{folder}”里已有内容，模拟数据不与别的文件混放",
            place=str(folder),
            next_step="请换一个空文件夹，或先把它清空",
        )


class TooFewRecords(YinuoError):
    """An order for fewer records than 21 sources need."""

    code = "CREDIT-E002"

    def __init__(self, records: int, fewest: int) -> None:
        super().__init__(
            f"要生成 {records} 条，太少：21 个数据源至少需要 {fewest} 条",
            place="记录数",
            next_step=f"请写 {fewest} 或更多",
        )


class BadShare(YinuoError):
    """A delta that is no part of the whole."""

    code = "CREDIT-E003"

    def __init__(self, share_mille: int) -> None:
        super().__init__(
            f"每日增量应为全部记录的 1‰ 至 500‰，不能是 {share_mille}‰",
            place="增量比例",
            next_step="请写 1 到 500 之间的整数；通常写 10",
        )
