import doctest
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "ledger-format.md"


def test_the_examples_of_the_page_on_the_format_run_as_printed() -> None:
    result = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert result.attempted > 30
    assert result.failed == 0
