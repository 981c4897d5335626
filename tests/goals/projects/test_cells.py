"""The short way through plain cells gives what the long way gives."""

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from yinuo.goals.projects.workbook.cells import read_rows
from yinuo.goals.projects.workbook.layout import FIGURES, PROJECTS
from yinuo.goals.workbook.columns import Form, Sheet
from yinuo.goals.workbook.read import Cell, Held, silent
from yinuo.goals.workbook.tables import Line, Table
from yinuo.goals.workbook.values import Missing, parse
from yinuo.kernel.findings import Log

SHORT = (Form.LINE, Form.REFERENCE, Form.DATE, Form.DECIMAL)
TEXTS = st.text(st.sampled_from("甲乙 1２,.-\u3000\n\t%亿元\x00"), min_size=1, max_size=12)
HELD = (
    TEXTS.filter(str.strip).map(lambda text: (Held.TEXT, text))
    | st.integers(-(10**14), 10**14).map(lambda number: (Held.NUMBER, number))
    | st.integers(-(10**8), 10**8).map(lambda cents: (Held.NUMBER, cents / 100))
    | st.dates(date(1900, 3, 1), date(2200, 1, 1)).map(lambda day: (Held.DATE, day))
    | st.just((Held.DATE, datetime(2024, 1, 1, 8, 30)))  # noqa: DTZ001  # as Excel holds it
)


@given(st.data())
def test_plain_cells_are_read_as_the_long_way_reads_them(data: st.DataObject) -> None:
    sheet = data.draw(st.sampled_from((PROJECTS, FIGURES)))
    columns = [c for c in sheet.columns if c.form in SHORT and not c.informative]
    column = data.draw(st.sampled_from(columns))
    held, value = data.draw(HELD)
    cell = Cell(2, 1, held, value)
    bare = Sheet(name=sheet.name, columns=(column,), hint="")
    table = Table(bare, (Line(2, {column.field: cell}),), {column.field: "A"}, complete=True)
    log, plain = Log("a.xlsx"), Log("a.xlsx")
    [row] = read_rows(table, log, silent)
    wanted = parse(cell, column, table.spot(table.lines[0], column), plain)
    if isinstance(wanted, Missing) or wanted is None:
        assert column.field not in row.values
    else:
        assert row.values[column.field] == wanted
    assert (log.errors, log.notices) == (plain.errors, plain.notices)
