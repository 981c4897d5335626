"""What a check can find in a file of rules: every situation with its permanent code."""

from collections.abc import Sequence

from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.findings import Coded


class Situation(Coded):
    """What can be wrong with a workbook of tables."""

    UNREADABLE = "RULES-E001", "文件为空或不存在"
    NOT_A_WORKBOOK = "RULES-E002", "文件不是 .xlsx 工作簿"
    OLD_WORKBOOK = "RULES-E003", "文件是旧版 .xls 工作簿"
    ENCRYPTED = "RULES-E004", "文件有打开密码"
    BOMB = "RULES-E005", "文件解压后异常大"
    HOSTILE_XML = "RULES-E006", "文件内部的 XML 含有实体定义或编码不明"
    DAMAGED = "RULES-E007", "文件损坏"
    MACROS = "RULES-E008", "文件带宏"
    NO_TABLE = "RULES-E010", "没有规则表"
    HEAD = "RULES-E011", "表头有缺失或重复"
    STRANGE_ROW = "RULES-E012", "一行既不是表头，也不是有编号的规则"
    STRANGE_COLUMN = "RULES-E013", "有内容的列没有写明是输入还是输出"
    MERGED = "RULES-E014", "有合并单元格"
    FORMULA = "RULES-E015", "单元格是公式或错误值"
    HIDDEN = "RULES-E016", "有隐藏的行"
    TOO_MANY = "RULES-E017", "规则或列过多"
    NAME = "RULES-E018", "名称不能用"
    KIND = "RULES-E019", "类型或单位写错"
    CELL = "RULES-E020", "单元格读不懂，或不止一种读法"
    EMPTY = "RULES-E021", "必填而没有填"
    EXPRESSION = "RULES-E022", "算式不能精确计算"
    CLASH = "RULES-E023", "同名的输入类型或单位不同"
    POLICY = "RULES-E024", "命中方式与表的内容不配"
    VALIDITY = "RULES-E025", "有效期有误"
    CYCLE = "RULES-E026", "几张表互相依赖"
    EXAMPLE = "RULES-E027", "测试表的一行写错"
    REPEATED = "RULES-E028", "名称或编号重复"
    READ = "RULES-N001", "写法已统一"
    BLANK = "RULES-N002", "条件留空，按“-”（不限）读取"
    STRANGE_SHEET = "RULES-N003", "工作表里没有规则表，未读取"
    HIDDEN_SHEET = "RULES-N004", "有隐藏的工作表，照常读取"
    PLEASE_CHECK = "RULES-N005", "写法容易出错，请核对"


class TablesRefused(YinuoError):
    """A workbook of tables with errors; `findings` holds every one of them."""

    code = "RULES-E101"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        super().__init__(
            f"规则表有 {len(self.findings):,} 处错误，第一处：{first.rule}",
            place=first.place,
            next_step=f"运行 yinuo rules check {first.file} 查看全部，改正后再用",
        )
