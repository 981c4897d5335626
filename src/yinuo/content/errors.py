"""What can go wrong on the way from a file to a rule in force."""

from collections.abc import Sequence
from datetime import date

from yinuo.kernel.errors import Plain, YinuoError

MOST_SAID = 3


class ContentRefused(YinuoError):
    """A file with faults; `faults` holds every one of them in words."""

    code = "CONTENT-E010"
    status = 422

    def __init__(self, name: str, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        listed = "；".join(self.faults[:MOST_SAID])
        rest = "……" if len(self.faults) > MOST_SAID else ""
        super().__init__(
            f"文件有 {len(self.faults):,} 处不能发布的问题：{listed}{rest}",
            place=name,
            next_step="用 yinuo content check 查看全部，改正文件后再申请",
        )


class UnknownSort(Plain):
    """A name under which nothing can be published."""

    code = "CONTENT-E011"
    said = "“{place}”不是可以发布的内容"
    step = (
        "现在可以发布规则表，名称写成 tables/lights.xlsx 这样："
        "tables/ 加字母、汉字、数字、短横和下划线，以 .xlsx 结尾"
    )


class BackDated(YinuoError):
    """The first day lies in the past, and another version has answered for it."""

    code = "CONTENT-E012"
    status = 409

    def __init__(self, name: str, start: date, edition: int, today: date) -> None:
        super().__init__(
            f"从 {start} 起生效会改掉已经过去的日子：那些天的结果是按第 {edition} 版得出的",
            place=name,
            next_step=f"把生效日期定在 {today} 或以后，重新申请",
        )


class UnknownPublication(YinuoError):
    """No such request, or none that the viewer may see."""

    code = "CONTENT-E013"
    status = 404

    def __init__(self, number: int) -> None:
        super().__init__(
            f"没有编号为 P{number} 的内容发布",
            place=f"P{number}",
            next_step="运行 yinuo content list，或在“规则与内容”页面查看全部",
        )


class PublicationDecided(YinuoError):
    """The request was approved, refused or withdrawn before."""

    code = "CONTENT-E014"
    status = 409

    def __init__(self, number: int, state: str) -> None:
        super().__init__(f"这项申请已处理：{state}", place=f"P{number}", next_step="请刷新页面")


class ComparedWithAnother(YinuoError):
    """Another version came into force on that day after this one was compared and asked for."""

    code = "CONTENT-E015"
    status = 409

    def __init__(self, number: int, compared: str, present: str, start: date) -> None:
        super().__init__(
            f"申请时是和{compared}比较的，而 {start} 现在由{present}生效：看到的差别已经不准",
            place=f"P{number}",
            next_step="请申请人撤回，和现在的版本比较后重新申请",
        )


class NothingNew(YinuoError):
    """The very same file is in force on that day, or waits already."""

    code = "CONTENT-E016"
    status = 409

    def __init__(self, name: str, where: str) -> None:
        super().__init__(
            f"{where}就是这个文件，内容完全相同", place=name, next_step="核对是否选错了文件"
        )


class NoWhy(Plain):
    """Asked, refused or withdrawn without a reason."""

    code = "CONTENT-E017"
    status = 422
    said = "请写明理由"
    step = "写清依据什么文件、为什么现在改"
