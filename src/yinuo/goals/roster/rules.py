"""What can be found in a foreign sheet beyond what can be found in the plan workbook."""

from enum import Enum


class RosterRule(Enum):
    """A rule of foreign sheets. Codes with -E block the import, codes with -N only inform."""

    NO_ROSTER = "GOALS-E060", "没有一张工作表看得出表头"
    NO_SUCH_SHEET = "GOALS-E061", "没有所选的工作表"
    NO_TITLE = "GOALS-E062", "没有指明哪一列是任务"
    NO_ROWS = "GOALS-E063", "表头下面没有任务"
    NUMBER_MISSING = "GOALS-E065", "序号或编号空缺"
    NUMBER_REPEATED = "GOALS-E066", "序号或编号重复"
    OTHER_TITLE = "GOALS-E067", "编号已登记为另一项任务"
    UNKNOWN_UNIT = "GOALS-E068", "认不出单位"
    MONTHS_OR_DAY = "GOALS-E069", "日期也可能是“3-5月”这样的期间"
    LOST_COLUMN = "GOALS-E070", "以前对应过的列不见了"
    LENIENT_DATE = "GOALS-N060", "时限按惯例读取"
    UNDATED = "GOALS-N061", "时限没有日期，记为未定时限"
    SPLIT_UNITS = "GOALS-N062", "一格里有几个单位，已分开"
    ALIAS = "GOALS-N063", "单位按简称认出"
    AREAS = "GOALS-N064", "泛指的地区记在责任地区"
    LENIENT_FIGURE = "GOALS-N065", "数值格里的文字已分开"
    WORDS_ONLY = "GOALS-N066", "数值格里没有数，记在说明里"
    FILLED_DOWN = "GOALS-N067", "合并单元格的内容用于其中各行"
    SKIPPED_TOTAL = "GOALS-N068", "合计行，已跳过"
    SECTION = "GOALS-N069", "分节行，不是任务"
    HIDDEN_COLUMN = "GOALS-N070", "有隐藏的列，照常读取"
    CACHED = "GOALS-N071", "单元格是公式，按保存时的结果读取"
    LONG_TITLE = "GOALS-N072", "任务太长，第一句作名称，全文记在说明里"
    NOT_TAKEN = "GOALS-N073", "有些列没有对应，未读取"
    OTHER_SHEETS = "GOALS-N074", "只读取了一张工作表"
    PLAIN_FORMAT = "GOALS-N075", "这种格式看不到隐藏、公式和百分比"
    NEW_DOCUMENT = "GOALS-N076", "依据尚未登记，将一并登记"
    PROGRESS_KEPT = "GOALS-N077", "进展只供查看，不登记"
    TITLE_CHANGED = "GOALS-N078", "任务的文字与已登记的略有不同"
    NUMBER_READ = "GOALS-N079", "序号的写法已统一"
    BELOW_TABLE = "GOALS-N080", "表格下面的说明没有读取"

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
        """Whether nothing is taken in while it is broken."""
        return "-E" in self.code
