"""The tables of the exchange standard that are read and written, parents before children. Pure.

Names as in 工程建设项目审批管理系统数据共享交换标准. Version 2.0 calls a table `SPGL_XMJBXXB`;
version 3 adds columns, and some cities call the table `SPGL_XMJBXXB_V3`. Columns that only
version 3 has are marked; a table of version 2.0 may lack them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from yinuo.cases.construction.codes import FLOW_KINDS, HANDLING, STANDARD_STAGES, VALID

V3_MARK = "_V3"


class Holds(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    """Exact, such as 总投资 in 万元."""
    DAY = "day"
    MOMENT = "moment"
    """China time, to the second."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    code: str
    label: str
    holds: Holds = Holds.TEXT
    needed: bool = False
    codes: Mapping[str, str] | None = None
    """The values that are known; an unknown one is a finding."""
    v3: bool = False
    """Whether only version 3 has it."""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Parent:
    """A table in which a row must stand before its children."""

    table: str
    columns: tuple[tuple[str, str], ...]
    """Column here → column there."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table."""

    code: str
    label: str
    key: tuple[str, ...]
    """What tells its rows apart; a second row with the same key is a finding."""
    columns: tuple[Column, ...]
    parents: tuple[Parent, ...] = ()
    by_code: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {column.code: column for column in self.columns})


def _c(code: str, label: str, *marks: str, codes: Mapping[str, str] | None = None) -> Column:
    """A column; marks: `!` needed, `3` only in version 3, a kind of `Holds`, `万元`."""
    kinds = [Holds(mark) for mark in marks if mark in set(Holds)]
    return Column(
        code=code,
        label=label,
        holds=kinds[0] if kinds else Holds.TEXT,
        needed="!" in marks,
        codes=codes,
        v3="3" in marks,
        unit="万元" if "万元" in marks else "",
    )


COMMON = (
    _c("LSH", "流水号"),
    _c("DFSJZJ", "地方数据主键"),
    _c("XZQHDM", "行政区划代码"),
    _c("SJYXBS", "数据有效标识", codes=VALID),
    _c("SJWXYY", "数据无效原因"),
    _c("SJSCZT", "数据上传状态", "whole"),
    _c("SBYY", "失败原因"),
    _c("GXSJ", "更新时间", "moment"),
)
"""Columns that every table has."""
_FLOW = (_c("SPLCBM", "审批流程编码", "!"), _c("SPLCBBH", "审批流程版本号", "decimal"))

FLOW = Table(
    "SPGL_DFXMSPLCXXB",
    "地方项目审批流程信息表",
    ("SPLCBM", "SPLCBBH"),
    (*COMMON, *_FLOW, _c("SPLCMC", "审批流程名称"), _c("SPLCLX", "流程类型", codes=FLOW_KINDS)),
)
STAGE = Table(
    "SPGL_DFXMSPLCJDXXB",
    "地方项目审批流程阶段信息表",
    ("SPLCBM", "SPLCBBH", "SPJDBM"),
    (
        *(*COMMON, *_FLOW),
        _c("SPJDBM", "审批阶段编码", "!"),
        _c("SPJDMC", "审批阶段名称", "!"),
        _c("SPJDXH", "审批阶段序号", "whole"),
        _c("DYBZSPJDXH", "对应标准审批阶段序号", codes=STANDARD_STAGES),
        _c("SPJDSX", "审批阶段时限", "whole"),
        _c("LCBSXLX", "里程碑事项类型"),
    ),
    (Parent(FLOW.code, (("SPLCBM", "SPLCBM"), ("SPLCBBH", "SPLCBBH"))),),
)
STAGE_ITEM = Table(
    "SPGL_DFXMSPLCJDSXXXB",
    "地方项目审批流程阶段事项信息表",
    ("SPLCBM", "SPLCBBH", "SPJDBM", "SPSXBM"),
    (
        *(*COMMON, *_FLOW),
        _c("SPJDBM", "审批阶段编码", "!"),
        _c("SPSXBM", "审批事项编码", "!"),
        _c("SPSXBBH", "审批事项版本号", "decimal"),
        _c("SPSXMC", "审批事项名称", "!"),
        _c("DYBZSPSXBM", "对应标准审批事项编码"),
        _c("SFSXGZCNZ", "是否实行告知承诺制"),
        _c("BJLX", "办件类型"),
        _c("SQDX", "申请对象"),
        _c("BLJGSDFS", "办理结果送达方式"),
        _c("SPSXBLSX", "审批事项办理时限", "whole"),
        _c("SPBMBM", "审批部门编码"),
        _c("SPBMMC", "审批部门名称"),
        _c("QZSPSXBM", "前置审批事项编码"),
        _c("SFLCBSX", "是否里程碑事项"),
    ),
    (
        Parent(
            STAGE.code,
            (("SPLCBM", "SPLCBM"), ("SPLCBBH", "SPLCBBH"), ("SPJDBM", "SPJDBM")),
        ),
    ),
)
PROJECT = Table(
    "SPGL_XMJBXXB",
    "项目基本信息表",
    ("XMDM", "GCDM"),
    (
        *COMMON,
        _c("XMDM", "项目代码", "!"),
        _c("XMMC", "项目名称", "!"),
        _c("GCDM", "工程代码", "!"),
        _c("GCFW", "工程范围"),
        _c("QJDGCDM", "前阶段关联工程代码"),
        _c("XMTZLY", "项目投资来源"),
        _c("TDHQFS", "土地获取方式"),
        _c("TDSFDSJFA", "土地是否带设计方案"),
        _c("SFWCQYPG", "是否完成区域评估"),
        _c("SPLCLX", "审批流程类型", "!", codes=FLOW_KINDS),
        _c("LXLX", "立项类型"),
        _c("GCFL", "工程分类"),
        _c("JSXZ", "建设性质"),
        _c("XMZJSX", "项目资金属性"),
        _c("GBHYDMFBND", "国标行业代码发布年代"),
        _c("GBHY", "国标行业"),
        _c("NKGSJ", "拟开工时间", "day"),
        _c("NJCSJ", "拟建成时间", "day"),
        _c("XMSFWQBJ", "项目是否完全办结"),
        _c("XMWQBJSJ", "项目完全办结时间", "day"),
        _c("ZTZE", "总投资额", "decimal", "万元"),
        _c("JSDDXZQH", "建设地点行政区划"),
        _c("JSDD", "建设地点"),
        _c("XMJSDDX", "项目建设地点 X", "decimal"),
        _c("XMJSDDY", "项目建设地点 Y", "decimal"),
        _c("JSGMJNR", "建设规模及内容"),
        _c("YDMJ", "用地面积", "decimal"),
        _c("JZMJ", "建筑面积", "decimal"),
        _c("SBSJ", "申报时间", "!", "day"),
        _c("SPLCBM", "审批流程编码"),
        _c("SPLCBBH", "审批流程版本号", "decimal"),
    ),
)
_OF_WORKS = Parent(PROJECT.code, (("GCDM", "GCDM"),))
PARTY = Table(
    "SPGL_XMDWXXB",
    "项目单位信息表",
    ("GCDM", "DWLX", "DWMC"),
    (
        *COMMON,
        _c("XMDM", "项目代码"),
        _c("GCDM", "工程代码", "!"),
        _c("DWLX", "单位类型", "!"),
        _c("DWMC", "单位名称", "!"),
        _c("DWTYSHXYDM", "单位统一社会信用代码"),
    ),
    (_OF_WORKS,),
)
HANDLED = Table(
    "SPGL_XMSPSXBLXXB",
    "项目审批事项办理信息表",
    ("SPSXSLBM",),
    (
        *COMMON,
        _c("GCDM", "工程代码", "!"),
        _c("SPSXBM", "审批事项编码", "!"),
        _c("SPSXBBH", "审批事项版本号", "decimal"),
        _c("SPLCBM", "审批流程编码"),
        _c("SPLCBBH", "审批流程版本号", "decimal"),
        _c("SPSXSLBM", "审批事项实例编码", "!"),
        _c("SPBMBM", "审批部门编码"),
        _c("SPBMMC", "审批部门名称"),
        _c("SLFS", "受理方式"),
        _c("GKFS", "公开方式"),
        _c("BLSPSLBM", "并联审批实例编码"),
        _c("SXBLSX", "事项办理时限", "whole"),
        _c("LXR", "联系人"),
        _c("LXRSJH", "联系人手机号"),
        _c("YWQX", "业务情形", "3"),
        _c("QYPGDYBM", "区域评估单元编码", "3"),
        _c("YYQYPGQK", "应用区域评估情况", "3"),
        _c("SXGZCNZSPQK", "实行告知承诺制审批情况", "3"),
    ),
    (_OF_WORKS,),
)
_OF_HANDLED = Parent(HANDLED.code, (("SPSXSLBM", "SPSXSLBM"),))
EVENT = Table(
    "SPGL_XMSPSXBLXXXXB",
    "项目审批事项办理详细信息表",
    ("SPSXSLBM", "BLZT", "BLSJ"),
    (
        *COMMON,
        _c("GCDM", "工程代码"),
        _c("SPSXSLBM", "审批事项实例编码", "!"),
        _c("BLCS", "办理处（科）室"),
        _c("BLR", "办理人"),
        _c("BLZT", "办理状态", "!", codes=HANDLING),
        _c("BLYJ", "办理意见"),
        _c("BLSJ", "办理时间", "!", "moment"),
        _c("DWMC", "单位名称", "3"),
        _c("DWTYSHXYDM", "单位统一社会信用代码", "3"),
        _c("SJLY", "数据来源", "3"),
    ),
    (_OF_HANDLED,),
)
SPECIAL = Table(
    "SPGL_XMSPSXBLTBCXXXB",
    "项目审批事项办理特别程序信息表",
    ("SPSXSLBM", "TBCXKSSJ"),
    (
        *COMMON,
        _c("GCDM", "工程代码"),
        _c("SPSXSLBM", "审批事项实例编码", "!"),
        _c("BLCS", "办理处（科）室"),
        _c("BLR", "办理人"),
        _c("TBCX", "特别程序"),
        _c("TBCXMC", "特别程序名称", "!"),
        _c("TBCXKSSJ", "特别程序开始时间", "!", "moment"),
        _c("TBCXSXLX", "特别程序时限类型"),
        _c("TBCXSX", "特别程序时限", "whole"),
    ),
    (_OF_HANDLED,),
)
TABLES = (FLOW, STAGE, STAGE_ITEM, PROJECT, PARTY, HANDLED, EVENT, SPECIAL)
"""In the order of loading: definition → project → items → details."""
BY_CODE = {table.code: table for table in TABLES}
NOT_READ = {
    "SPGL_XMSPSXPFWJXXB": "项目审批事项批复文件信息表",
    "SPGL_XMQTFJXXB": "项目其他附件信息表",
    "SPGL_ZJFWSXBLXXB": "中介服务事项办理信息表",
    "SPGL_ZJFWSXBLGCXXB": "中介服务事项办理过程信息表",
    "SPGL_XMYDHXJZXXB": "项目用地红线界址信息表",
    "SPGL_XMQQYJXXB": "项目前期意见信息表",
    "SPGL_DFGHKZXXXB": "地方规划控制线信息表",
}
"""Tables of the standard that are known by name and left alone, which is said."""


def table_named(name: str) -> Table | None:
    """The table of a sheet or file name, with or without the mark of version 3."""
    return BY_CODE.get(name.strip().upper().removesuffix(V3_MARK))
