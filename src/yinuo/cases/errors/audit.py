"""Why a log of events cannot be audited at all. What is wrong with one case stands beside it."""

from yinuo.kernel.errors import YinuoError


class NoSuchColumn(YinuoError):
    """An option names a column that the file does not have."""

    code = "CASE-E101"

    def __init__(self, file: str, option: str, column: str, columns: list[str]) -> None:
        super().__init__(
            f"没有“{column}”这一列",
            place=f"{file}，选项 {option}",
            next_step="文件里的列：" + "、".join(columns),
        )


class OneLimit(YinuoError):
    """No limit was given, or more than one."""

    code = "CASE-E102"

    def __init__(self) -> None:
        super().__init__(
            "时限要给，而且只给一种",
            place="--limit、--limit-column、--due-column",
            next_step="时限都一样用 --limit 20wd；每件不同用 --limit-column 或 --due-column",
        )


class NotALog(YinuoError):
    """The file is no text with a header line that we read."""

    code = "CASE-E103"

    def __init__(self, file: str, what: str) -> None:
        super().__init__(
            what, place=file, next_step="请另存为带表头的 CSV（UTF-8 或 GB18030），一行一个办件事件"
        )
