"""What a check of figures can find: every rule with its permanent code. Pure."""

from enum import Enum


class Rule(Enum):
    """-E keeps a row aside, -Q asks about it, -N only informs."""

    NO_SHEET = "INDICATOR-E030", "文件里没有数据表"
    NO_COLUMN = "INDICATOR-E031", "缺少列"
    REPEATED_COLUMN = "INDICATOR-E033", "同一列出现两次"
    TOO_MANY_ROWS = "INDICATOR-E034", "行数过多"
    EMPTY = "INDICATOR-E040", "必填而没有填"
    MERGED = "INDICATOR-E041", "在合并单元格里，只有左上角有值"
    FORMULA = "INDICATOR-E042", "单元格是公式"
    ERROR_VALUE = "INDICATOR-E043", "单元格是错误值"
    NUMBER = "INDICATOR-E044", "不是数，或数太大"
    CHOICE = "INDICATOR-E045", "不在可选的词中"
    TOO_LONG = "INDICATOR-E046", "文字太长"
    DATE = "INDICATOR-E047", "日期不明确"
    UNKNOWN_INDICATOR = "INDICATOR-E048", "没有这个指标"
    NEAR_NAME = "INDICATOR-E049", "名称属于易混的另一个指标"
    PERIOD = "INDICATOR-E050", "期间不明确"
    WRONG_PERIOD = "INDICATOR-E051", "期间与指标的类型不符"
    UNIT = "INDICATOR-E052", "计量单位换算不成指标的单位"
    FUTURE = "INDICATOR-E053", "实际数的期间还没有过完"
    TWO_VALUES = "INDICATOR-E054", "同一格有两个不同的值"
    AGAINST = "INDICATOR-E055", "没有写明与什么相比"
    UNKNOWN_DOCUMENT = "INDICATOR-E056", "没有这份依据"
    NOT_YOURS = "INDICATOR-E057", "不归导入人填报"
    HOW = "INDICATOR-E058", "推算而没有写明方法"
    ALTERED = "INDICATOR-E059", "已有数据的指标不能这样改"
    UNKNOWN_OFFICE = "INDICATOR-E060", "没有这个单位"
    REPEATED = "INDICATOR-E061", "编号重复"
    CONTROL = "INDICATOR-E062", "含有不可见的控制字符"
    BINDING = "INDICATOR-E063", "不能这样连接"
    COUNTED = "INDICATOR-E064", "由台账计数的指标不收填报的数"
    NEW_SUBJECT = "INDICATOR-Q001", "从没有过这个对象的数据"
    JUMP = "INDICATOR-Q002", "与相邻各期差得太多"
    PERCENT = "INDICATOR-Q003", "百分数可能写成了小数"
    PRECISION = "INDICATOR-Q004", "位数比统计数多"
    REVISION = "INDICATOR-Q005", "与已有的数不同"
    NUMBER_READ = "INDICATOR-N001", "数字的写法已统一"
    PERCENT_READ = "INDICATOR-N002", "百分比格式已按百分数读取"
    CONVERTED = "INDICATOR-N003", "已按指标的单位换算"
    PERIOD_READ = "INDICATOR-N004", "期间的写法已统一"
    HIDDEN = "INDICATOR-N005", "有隐藏的行，照常读取"
    SAME_TWICE = "INDICATOR-N006", "同样的数出现两次，只收一次"
    STRANGE_COLUMN = "INDICATOR-N008", "列不属于这张表，未读取"
    STRANGE_SHEET = "INDICATOR-N007", "工作表不认识，未读取"

    @property
    def code(self) -> str:
        """The permanent code."""
        return self.value[0]

    @property
    def title(self) -> str:
        """What the rule is about."""
        return self.value[1]

    @property
    def blocks(self) -> bool:
        """Whether the row is kept aside."""
        return "-E" in self.code

    @property
    def asks(self) -> bool:
        """Whether somebody has to answer first."""
        return "-Q" in self.code
