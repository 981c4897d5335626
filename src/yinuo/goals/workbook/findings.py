"""What a check can find in a workbook: every rule with its permanent code."""

from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.findings import Coded


class Rule(Coded):
    """A rule of the workbook. Codes with -E block the import, codes with -N only inform."""

    UNREADABLE = "GOALS-E001", "文件为空或不存在"
    NOT_A_WORKBOOK = "GOALS-E002", "文件不是 .xlsx 工作簿"
    OLD_WORKBOOK = "GOALS-E003", "文件是旧版 .xls 工作簿"
    ENCRYPTED = "GOALS-E004", "文件有打开密码"
    BOMB = "GOALS-E005", "文件解压后异常大"
    HOSTILE_XML = "GOALS-E006", "文件内部的 XML 含有实体定义或编码不明"
    DAMAGED = "GOALS-E007", "文件损坏"
    MACROS = "GOALS-E008", "文件带宏"
    NO_SHEET = "GOALS-E010", "缺少工作表"
    NO_COLUMN = "GOALS-E011", "缺少列（“计划”表：缺少项目）"
    STRANGE_COLUMN = "GOALS-E012", "列不属于这张表"
    REPEATED_COLUMN = "GOALS-E013", "同一列出现两次"
    HEADER_ROW = "GOALS-E014", "表头不在第 1 行"
    MERGED = "GOALS-E015", "有合并单元格"
    FORMULA = "GOALS-E016", "单元格是公式"
    ERROR_VALUE = "GOALS-E017", "单元格是错误值"
    TOO_MANY_ROWS = "GOALS-E018", "行数过多"
    NO_HEADER = "GOALS-E019", "有内容的列没有表头"
    EMPTY = "GOALS-E020", "必填而没有填"
    TOO_LONG = "GOALS-E021", "文字太长"
    CODE = "GOALS-E022", "编号不合规则"
    DATE = "GOALS-E023", "日期不明确"
    DATE_RANGE = "GOALS-E024", "日期超出范围"
    NUMBER = "GOALS-E025", "不是数，或数太大"
    CHOICE = "GOALS-E026", "不在可选的词中"
    WRONG_FORM = "GOALS-E027", "单元格的内容与列不符"
    CONTROL = "GOALS-E028", "文字含有不可见的控制字符"
    UNIT_CLASH = "GOALS-E029", "数值自带的单位与“单位”列不一致"
    REPEATED_CODE = "GOALS-E030", "编号重复"
    UNKNOWN = "GOALS-E031", "引用的编号或名称不存在"
    CYCLE = "GOALS-E032", "上级关系成环"
    OPERATOR = "GOALS-E033", "比较方式与数值不配"
    TOLERANCE = "GOALS-E034", "允许偏差与比较方式不配"
    AMBIGUOUS_NAME = "GOALS-E035", "同名的单位不止一个"
    SAME_UNIT = "GOALS-E036", "单位重复"
    ALTERED = "GOALS-E040", "已登记的内容不接受这样的改动"
    OTHER_PLAN = "GOALS-E041", "编号已属于另一个计划"
    OTHER_SHEET = "GOALS-E042", "编号已登记在另一张表"
    DATE_READ = "GOALS-N001", "日期是文本或数字，已按明确的含义读取"
    WIDTH = "GOALS-N002", "全角字符已按半角读取"
    PERCENT = "GOALS-N003", "百分比格式已按百分数读取"
    NUMBER_READ = "GOALS-N004", "数字的写法已统一"
    BLANK_ROWS = "GOALS-N005", "表中有空行，已跳过"
    HIDDEN = "GOALS-N006", "有隐藏的工作表或行，照常读取"
    STRANGE_SHEET = "GOALS-N007", "工作表不属于计划，未读取"
    CODE_READ = "GOALS-N008", "编号是数字格式，已按文本读取"
    SPACES = "GOALS-N009", "多余的空格或换行已合并"
    SIGN_READ = "GOALS-N010", "比较方式的写法已统一"
    PLEASE_CHECK = "GOALS-N011", "内容可疑，请核对"
    UNUSED_DOCUMENT = "GOALS-N012", "依据没有被引用，不登记"
    HELD = "GOALS-N013", "这项改动现在不能提交申请"


class FileRefused(YinuoError):
    """The file cannot be read at all; the finding says why."""

    code = "GOALS-E101"

    def __init__(self, found: Finding) -> None:
        super().__init__(found.rule, place=found.place, next_step=found.next_step)
        self.finding = found
