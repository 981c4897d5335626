import pytest

from yinuo.supervision.draws.randomness import NoSuchValue, Source, canonical_value


@pytest.mark.parametrize(
    ("source", "typed", "one_form"),
    [
        (Source.LOTTERY, "33 27 21 15 9 3 + 8", "03 09 15 21 27 33 + 08"),
        (Source.LOTTERY, "03，09，15，21，27，33＋08", "03 09 15 21 27 33 + 08"),
        (Source.LOTTERY, "1 2 3 4 5 6 16", "01 02 03 04 05 06 + 16"),
        (Source.BEACON, "AB" * 32, "ab" * 32),
        (Source.DICE, "3、1、5、2、4、6、6、1、2、4", "3152466124"),
    ],
)
def test_one_value_has_one_form(source: Source, typed: str, one_form: str) -> None:
    assert canonical_value(source, typed) == one_form
    assert canonical_value(source, one_form) == one_form


@pytest.mark.parametrize(
    ("source", "typed", "why"),
    [
        (Source.LOTTERY, "1 2 3 4 5 6", "6 个红球和 1 个蓝球"),
        (Source.LOTTERY, "1 1 2 3 4 5 + 6", "不同的 6 个"),
        (Source.LOTTERY, "1 2 3 4 5 34 + 6", "1 至 33"),
        (Source.LOTTERY, "1 2 3 4 5 6 + 17", "1 至 16"),
        (Source.BEACON, "ab" * 31, "现有 62 个字符"),
        (Source.BEACON, "zz" * 32, "十六进制"),
        (Source.DICE, "3152466127", "1 至 6"),
        (Source.DICE, "315246612", "至少掷 10 次"),
        (Source.DICE, "", "1 至 6"),
    ],
)
def test_what_the_source_cannot_have_given_is_refused(source: Source, typed: str, why: str) -> None:
    with pytest.raises(NoSuchValue, match=why):
        canonical_value(source, typed)
