"""What can be wrong with a DMN model: every situation with its permanent code."""

from yinuo.kernel.errors import Faulty
from yinuo.kernel.findings import Coded, Spot


class Situation(Coded):
    """What can be wrong with a DMN model."""

    UNREADABLE = "DMN-E001", "文件为空或不存在"
    NOT_XML = "DMN-E002", "文件不是格式正确的 XML"
    HOSTILE = "DMN-E003", "XML 含有 DOCTYPE（实体定义）"
    TOO_BIG = "DMN-E004", "文件过大，或元素套得过深、过多"
    NOT_DMN = "DMN-E005", "不是 DMN 模型，或命名空间不认识"
    INCOMPLETE = "DMN-E006", "元素缺少必有的部分"
    REPEATED = "DMN-E007", "id 或名称重复"
    REFERENCE = "DMN-E008", "引用的元素不存在"
    CYCLE = "DMN-E009", "几个元素互相依赖"
    NAME = "DMN-E010", "名称不能用"
    TABLE = "DMN-E011", "决策表的格数或命中方式不对"
    IMPORT = "DMN-E012", "导入的模型找不到"
    TYPE = "DMN-E013", "类型定义互相依赖或重复"
    NOT_A_TABLE = "DMN-E020", "模型里没有能转成规则表的决策表"
    NO_PLACE = "DMN-E021", "决策表里有规则表装不下的写法"
    STRANGE = "DMN-N001", "元素不认识，没有读取"
    UNKNOWN_TYPE = "DMN-N002", "类型没有定义，结果为 null"
    EXPRESSION = "DMN-N003", "FEEL 表达式读不懂，结果为 null"
    LANGUAGE = "DMN-N004", "表达式不是 FEEL，结果为 null"
    LOST = "DMN-N005", "换一种格式后没有位置，已略去"
    CHANGED = "DMN-N006", "换一种格式后意思相同、写法不同"


def spot_at(element: str = "", line: int = 0, value: str = "") -> Spot:
    """Where in the XML: the element by name, its line, and what stands there."""
    return Spot(field=element, cell=line_words(line), value=value)


def line_words(line: int) -> str:
    """A line of the file as people name it; empty for 0, an unknown one."""
    return f"第 {line} 行" if line else ""


class ModelRefused(Faulty):
    """A DMN model with errors; `findings` holds every one of them."""

    code = "RULES-E111"
    said = "DMN 模型有 {count:,} 处错误，第一处：{first}"
