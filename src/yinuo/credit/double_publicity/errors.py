"""What can be wrong with files and facts of 双公示."""

from collections.abc import Sequence

from yinuo.kernel.errors import YinuoError


class LacksColumns(YinuoError):
    """Facts without columns that the standard publishes."""

    code = "CREDIT-E010"

    def __init__(self, decision: str, missing: Sequence[str]) -> None:
        super().__init__(
            f"要导出的记录缺少 {len(missing)} 个字段：{'、'.join(missing)}",
            place=f"双公示 · {decision}",
            next_step="请从已发布版本的该数据源导出，不要先删去字段",
        )


class NotTheOldSet(YinuoError):
    """A file without the columns by which the set of 2015/16 is known."""

    code = "CREDIT-E011"

    def __init__(self, file: str, missing: Sequence[str]) -> None:
        super().__init__(
            f"不是 2015/16 年的双公示列名：缺少 {'、'.join(missing)}",
            place=file,
            next_step="2018 年以后的文件可直接装载，不用先转换；否则请核对表头",
        )
