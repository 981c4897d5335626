import pytest

from yinuo.commitments.numbering import LONGEST_CODE, BadNumbering, Numbering


def test_numbers_run_from_one_in_each_year() -> None:
    numbering = Numbering("PS{year}-{n:03}")
    assert numbering.next_code(2024, []) == "PS2024-001"
    assert numbering.next_code(2024, ["PS2024-009", "PS2023-100"]) == "PS2024-010"
    assert numbering.next_code(2024, ["PS2024-999"]) == "PS2024-1000"


def test_what_others_made_is_no_number() -> None:
    numbering = Numbering("PS{year}-{n:03}")
    others = ["PS2024-007-01", "PS2024-A", "PS2024-00８", "PS2024-", "XPS2024-050"]
    assert numbering.next_code(2024, others) == "PS2024-001"


def test_a_number_may_stand_in_the_middle_or_know_no_year() -> None:
    assert Numbering("督〔{year}〕{n}号").next_code(2024, ["督〔2024〕9号"]) == "督〔2024〕10号"
    assert Numbering("A{n:04}").next_code(2024, ["A0001"]) == "A0002"


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "PS{year}",
        "{n}-{n}",
        "PS/{n}",
        "PS {n}",
        "P?{n}",
        "PS{year:04}-{n}",
        "PS{month}-{n}",
        "PS{year}{n:03}",
        "PS1{n}",
        "{n}{year}",
        "很" * 30 + "{n}",
    ],
)
def test_a_pattern_that_makes_no_clear_codes_is_refused(pattern: str) -> None:
    with pytest.raises(BadNumbering, match="编号规则"):
        Numbering(pattern)


def test_the_longest_code_leaves_room_for_shares() -> None:
    assert len(Numbering("P" * 25 + "-{n}").code(2024, 999_999)) <= LONGEST_CODE
