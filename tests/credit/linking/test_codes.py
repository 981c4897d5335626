import pytest

from tests.credit.linking.invented import firms
from yinuo.credit.linking.codes import keys_of


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("91350100M000100Y43", "o:M000100Y4"),
        ("９１３５０１００M000100y43 ", "o:M000100Y4"),
        ("M000100Y-4", "o:M000100Y4"),
        ("350100M000100Y4", "o:M000100Y4"),
        ("210200000000017", "r:210200000000017"),
        ("91350100M000100Y44", None),
        ("000000000", None),
        ("", None),
        ("无", None),
    ],
)
def test_every_kind_of_code_gives_the_key_inside_it(code: str, key: str | None) -> None:
    assert keys_of([code]) == [key]


def test_the_codes_of_all_invented_firms_give_their_keys() -> None:
    some = firms(200)
    assert keys_of([firm.code for firm in some]) == [firm.key for firm in some]
    assert keys_of([firm.code[8:17] for firm in some]) == [firm.key for firm in some]
