"""The plan workbook whole: one layout for reading, checking, writing and the docs."""

from yinuo.goals.workbook.basics import DOCUMENTS, GOALS, PLAN, UNITS
from yinuo.goals.workbook.columns import Column, Form, Sheet
from yinuo.goals.workbook.promises import COMMITMENTS, OBSERVATIONS

SHEETS = (PLAN, DOCUMENTS, UNITS, GOALS, COMMITMENTS, OBSERVATIONS)
INTRODUCTION = "说明"
"""Name of the sheet in front, for people; never read."""
SIMULATED = Column(
    "simulated",
    "数据性质",
    Form.LINE,
    "演示安装导出的每一行都标明“演示数据”；导入时不读。",
    informative=True,
    width=10,
)
"""Added to every table on export from a demo installation."""


def sheet_named(name: str) -> Sheet:
    """The sheet of this name."""
    return next(sheet for sheet in SHEETS if sheet.name == name)
