"""Characters that are one to linkage, and the ways in which a name may be written."""

import pytest

from yinuo.credit.linking.folding import MOST_WRITINGS, folded, simplified, writings


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("王一", {"王一"}),
        ("刘宁", {"刘宁", "劉宁", "刘寧", "劉寧", "刘甯", "劉甯"}),
        ("劉甯", {"刘宁", "劉宁", "刘寧", "劉寧", "刘甯", "劉甯"}),
    ],
)
def test_a_name_is_written_simply_traditionally_or_mixed(name: str, ways: set[str]) -> None:
    assert writings(name) == ways


def test_whatever_way_a_name_is_written_it_folds_to_the_same() -> None:
    for way in writings("台湾发钟"):
        assert way.translate(simplified()) == "台湾发钟"


def test_a_name_with_too_many_ways_keeps_its_own_and_the_simple_one() -> None:
    long = "臺灣發鍾系面" * 2
    assert len(writings("台湾发")) <= MOST_WRITINGS
    assert writings(long) == {long, long.translate(simplified())}


def test_what_tells_nobody_apart_is_dropped() -> None:
    assert "".join(map(folded, "大連（１２）㈱ 甲·乙")) == "大连12株甲乙"
