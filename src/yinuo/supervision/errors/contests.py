"""What can go wrong with a contested figure."""

from datetime import date

from yinuo.kernel.errors import Plain, YinuoError


class UnknownContest(Plain):
    """No such contest, or none that the viewer may see."""

    code = "CONTEST-E001"
    status = 404
    said = "没有编号为 {place} 的异议"
    step = "请核对编号"


class NotContestable(Plain):
    """Nothing of that name holds figures that could be contested."""

    code = "CONTEST-E002"
    status = 404
    said = "“{place}”没有可以提出异议的数字"
    step = "请从据报道、承诺或赛马的页面上点“提出异议”"


class ContestEnded(YinuoError):
    """It was decided or withdrawn before."""

    code = "CONTEST-E003"
    status = 409

    def __init__(self, code: str, state: str) -> None:
        super().__init__(f"这项异议已处理：{state}", place=code, next_step="请刷新页面")


class ContestedAlready(Plain):
    """The same figure is contested by the unit already."""

    code = "CONTEST-E004"
    status = 409
    said = "对这个数字已有一项异议 {place} 待决定"
    step = "请等它有结果；要补充的，先撤回再重新提出"


class NoContestTerms(YinuoError):
    """No table says within how long contests are decided."""

    code = "CONTEST-E005"
    status = 409

    def __init__(self, name: str, on: date, about: str) -> None:
        super().__init__(
            f"{on} 没有有效的规则表写明“{about}”的异议要几个工作日内决定",
            place=name,
            next_step="请管理员先发布：yinuo content publish，或在“规则发布”页面上",
        )
