"""What can go wrong with service items."""

from datetime import date

from yinuo.kernel.errors import Faulty, Plain, YinuoError
from yinuo.kernel.findings import Coded


class ItemRule(Coded):
    """A rule of items. Codes with -E keep an item out, codes with -N only ask to look again."""

    FORM = "CASE-E210", "单元格的内容与列不符"
    EMPTY = "CASE-E211", "必填而没有填"
    TOO_LONG = "CASE-E212", "文字太长"
    CHOICE = "CASE-E213", "不在代码表中"
    CODE = "CASE-E214", "编号不合规则"
    REPEATED = "CASE-E215", "编号重复"
    UNKNOWN_ITEM = "CASE-E216", "指的事项不在文件中"
    LIMIT = "CASE-E217", "时限读不出来"
    LONGER = "CASE-E218", "承诺时限长于法定时限"
    AT_ONCE = "CASE-E219", "即办与办件类型、审查类型不一致"
    RESULT = "CASE-E220", "审批结果与类型、样本不一致"
    VISITS = "CASE-E221", "现场次数与原因、网办深度不一致"
    FEES = "CASE-E222", "收费没有依据"
    PHONES = "CASE-E223", "电话不合要求"
    TOPICS = "CASE-E224", "服务对象与主题分类不一致"
    QUESTIONS = "CASE-E225", "许可类没有常见问题"
    STEPS = "CASE-E226", "许可类的步骤不全"
    STEP_DAYS = "CASE-E227", "各步之和长于承诺时限"
    DEFERRAL = "CASE-E228", "容缺没有后补时限"
    MAIN = "CASE-E229", "主要材料不能容缺"
    DECLARATION = "CASE-E230", "可告知承诺而没有承诺书"
    GROUND = "CASE-E231", "计时事由没有依据"
    FILE = "CASE-E232", "文件没有登记"
    SHEET = "CASE-E233", "缺少工作表或列"
    UNKNOWN_UNIT = "CASE-E234", "没有这个单位"
    COLUMN = "CASE-N201", "列不认识，没有读取"
    DEPENDS = "CASE-N202", "时限的单位不同，遇长假可能长于法定时限"
    BEYOND_SHARE = "CASE-N203", "承诺时限超过法定时限的四成"
    LEGAL_GROUND = "CASE-N204", "行政许可法没有列出的事由停了法定计时"
    SAMPLE = "CASE-N205", "没有样表"


class UnknownItem(YinuoError):
    """No such item, or none that is in force on that day."""

    code = "CASE-E201"
    status = 404

    def __init__(self, code: str, on: date | None = None) -> None:
        day = f"在 {on} 没有生效的版本" if on else "没有这个事项"
        super().__init__(day, place=code[:60], next_step="请从服务事项目录打开，或核对编号")


class UnknownItemVersion(Plain):
    """No such version, or none that the viewer may see."""

    code = "CASE-E202"
    status = 404
    said = "没有这个版本，或者它还没有发布"
    step = "请从事项页面打开"
    longest = 60


class ItemsRefused(Faulty):
    """The items have errors; nothing was taken in."""

    code = "CASE-E203"
    status = 409
    said = "有 {count:,} 处错误，一个事项也没有导入"
    step = "请按所列位置改正，再重新导入"


class NotADraft(YinuoError):
    """The version was published, retired or dropped before."""

    code = "CASE-E204"
    status = 409

    def __init__(self, code: str, state: str) -> None:
        super().__init__(f"这一版{state}，不是草稿", place=code, next_step="请刷新页面")


class VersionsOverlap(YinuoError):
    """A version would begin before the one published last."""

    code = "CASE-E205"
    status = 409

    def __init__(self, code: str, wanted: date, earliest: date) -> None:
        super().__init__(
            f"生效日 {wanted} 早于 {earliest}，两个版本会重叠，或改动过去",
            place=code,
            next_step=f"请选 {earliest} 或以后的一天",
        )


class BadDefinition(YinuoError):
    """Data that is no definition of an item."""

    code = "CASE-E206"

    def __init__(self, place: str, what: str) -> None:
        super().__init__(what, place=place, next_step="请用本系统导出的文件，或核对字段名和类型")


class NotInForce(Plain):
    """The item has ended already, or was never in force."""

    code = "CASE-E207"
    status = 409
    said = "没有生效的版本，无可停用"
    step = "请刷新页面"


class BadItemCursor(Plain):
    """The link to the next page of the list is damaged."""

    code = "CASE-E208"
    said = "翻页位置无效"
    step = "请从第一页重新打开列表"
    longest = 60
