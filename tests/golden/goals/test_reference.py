"""The reference page says what the layout and the rules say."""

from tools.plan_workbook import PAGE
from yinuo.goals.workbook.reference import reference


def test_the_page_of_the_workbook_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), "run: python -m tools.plan_workbook"
