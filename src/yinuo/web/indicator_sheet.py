"""The figures of an indicator as rows of a file: every subject, every period, every vintage."""

from collections.abc import Iterator

from django.utils.translation import gettext, pgettext

from yinuo.goals.queries.indicators import IndicatorView, subjects
from yinuo.goals.queries.vintages import vintages
from yinuo.parties.viewer import Viewer
from yinuo.web.indicator_words import period_said
from yinuo.web.workbook import Cell, Column

COLUMNS = (
    Column("指标编号", 16),
    Column("指标", 32),
    Column("对象", 20),
    Column("期间", 18),
    Column("起", 12),
    Column("止", 12),
    Column("系列", 10),
    Column("含义", 10),
    Column("版次", 8),
    Column("数值", 16),
    Column("单位", 12),
    Column("数据状态", 10),
    Column("发布日期", 12),
    Column("来源", 40),
    Column("推算", 30),
    Column("数据性质", 12),
)


def heads() -> tuple[str, ...]:
    """The columns in the language of the page."""
    return tuple(pgettext("column", column.label) for column in COLUMNS)


def sheet_rows(view: IndicatorView, viewer: Viewer) -> Iterator[tuple[Cell, ...]]:
    """One row a vintage: by subject, then the latest period and the newest vintage first.

    A value is the exact decimal as text, which no spreadsheet rounds.
    """
    for subject in subjects(indicator=view.code, viewer=viewer):
        found = vintages(indicator=view.code, subject=subject.key, viewer=viewer)
        for each in found:
            yield (
                view.code,
                view.name,
                subject.name,
                period_said(each.period, each.first, each.last),
                each.first,
                each.last,
                gettext(each.series),
                gettext(each.measure),
                each.vintage,
                each.value,
                each.unit,
                gettext(each.standing),
                each.published,
                each.source,
                each.how,
                gettext("演示数据") if each.simulated or view.simulated else "",
            )
