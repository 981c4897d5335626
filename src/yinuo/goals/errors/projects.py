"""What can go wrong with the register of projects."""

from yinuo.kernel.errors import Faulty, Plain, YinuoError
from yinuo.kernel.findings import Coded


class ProjectRule(Coded):
    """A rule of the project workbook. Codes with -E block the import, codes with -N only ask."""

    REPEATED = "PROJECT-E001", "同一个项目出现两次"
    UNKNOWN_PROJECT = "PROJECT-E002", "不知道指哪个项目"
    UNKNOWN_UNIT = "PROJECT-E003", "不知道指哪个单位"
    UNKNOWN_DOCUMENT = "PROJECT-E004", "依据没有登记"
    UNKNOWN_BATCH = "PROJECT-E005", "批次没有登记"
    MONEY = "PROJECT-E006", "金额读不出来"
    POINT = "PROJECT-E007", "经纬度不对"
    INDUSTRY = "PROJECT-E008", "国民经济行业不对"
    SHARE = "PROJECT-E009", "形象进度不明确"
    PROMISE = "PROJECT-E010", "承诺节点不对"
    FUTURE = "PROJECT-E011", "日期还没有到"
    NO_FIGURE = "PROJECT-E012", "一行进度没有任何数"
    YEAR = "PROJECT-E013", "年度不对"
    TAKEN = "PROJECT-E014", "编号已用于别处"
    COMMITMENT = "PROJECT-E015", "承诺不能这样关联"
    ALTERED = "PROJECT-E016", "已登记的内容不接受这样的改动"
    NATIONAL_CODE = "PROJECT-N001", "项目代码的写法可疑，请核对"
    CREDIT_CODE = "PROJECT-N002", "统一社会信用代码可疑，请核对"
    ORDER = "PROJECT-N003", "后面的节点早于前面的节点，请核对"
    SIZE = "PROJECT-N004", "金额的大小可疑，请核对单位"
    SAME_NAME = "PROJECT-N005", "同名的项目，请核对是不是同一个"
    HELD = "PROJECT-N006", "这项改动现在不能提交申请"
    PLACE = "PROJECT-N008", "位置不在本市范围内，请核对"
    BY_UNIT = "PROJECT-N007", "作了承诺的节点由责任单位申请销号"


class ProjectsRefused(Faulty):
    """The workbook has errors, or alters what no import may alter; nothing was taken in."""

    code = "PROJECT-E101"
    status = 409
    said = "有 {count:,} 处错误或不接受的改动，整个文件没有导入"
    step = "请按所列单元格改正，再重新导入"


class RegisterChanged(YinuoError):
    """What is registered changed between the preview and the import."""

    code = "PROJECT-E102"
    status = 409

    def __init__(self, office: str) -> None:
        super().__init__(
            "预览之后，项目册的内容有变化，没有导入",
            place=f"unit:{office}",
            next_step="请重新预览，看过后再确认",
        )


class UnknownProject(Plain):
    """No such project, or none that the viewer may see."""

    code = "PROJECT-E103"
    status = 404
    said = "没有编号为 {place} 的项目"
    step = "请核对编号"


class UnknownFigure(Plain):
    """No such report of figures, or none that the viewer may see."""

    code = "PROJECT-E104"
    status = 404
    said = "没有编号为 {place} 的进度"
    step = "请刷新页面"


class AlreadyJudged(YinuoError):
    """It was confirmed or sent back before."""

    code = "PROJECT-E105"
    status = 409

    def __init__(self, code: str, state: str) -> None:
        super().__init__(f"{code} 现在是“{state}”，不必再核实", place=code, next_step="请刷新页面")


class NotReached(YinuoError):
    """Nothing was declared about this stage."""

    code = "PROJECT-E106"
    status = 409

    def __init__(self, code: str, stage: str) -> None:
        super().__init__(
            f"没有等待核实的“{stage}”", place=code, next_step="请刷新页面，看清最新状态"
        )


class AlreadyReached(YinuoError):
    """The stage was declared reached before."""

    code = "PROJECT-E107"
    status = 409

    def __init__(self, code: str, stage: str) -> None:
        super().__init__(f"已经申报过“{stage}”", place=code, next_step="请刷新页面，看清最新状态")


class AlreadyPromised(YinuoError):
    """The stage is a promise already; its date moves by a request."""

    code = "PROJECT-E108"
    status = 409

    def __init__(self, code: str, stage: str, commitment: str) -> None:
        super().__init__(
            f"“{stage}”已是承诺 {commitment}",
            place=code,
            next_step=f"要改时限，请在承诺 {commitment} 的页面申请调整",
        )
