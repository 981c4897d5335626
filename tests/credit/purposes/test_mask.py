import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.credit.purposes.mask import mask, presented
from yinuo.credit.purposes.purpose import Shown
from yinuo.lake.records.description import Field, Type


@given(st.text(min_size=1), st.integers(0, 20), st.integers(0, 20))
def test_a_mask_keeps_the_length_and_never_shows_all(text: str, left: int, right: int) -> None:
    masked = mask(text, left, right)
    assert len(masked) == len(text)
    assert "*" in masked
    hidden = len(text) - left - right
    assert masked.count("*") >= max(hidden, 1)


def test_nothing_stays_nothing() -> None:
    assert mask("", 1, 1) == ""


@pytest.mark.parametrize(
    ("kind", "ends", "how", "expected"),
    [
        (Type.RID, None, Shown.MASKED, "210202********1234"),
        (Type.RID, None, Shown.FULL, "210202199001011234"),
        (Type.RID, (1, 0), Shown.MASKED, "2*****************"),
        (Type.TEXT, None, Shown.MASKED, "210202199001011234"),
        (Type.TEXT, (0, 2), Shown.HIDDEN, None),
    ],
)
def test_a_field_is_presented_by_its_rule(
    kind: Type, ends: tuple[int, int] | None, how: Shown, expected: str | None
) -> None:
    field = Field(name="a", label="甲", headings=("甲",), type=kind, mask=ends)
    assert presented(field, "210202199001011234", how) == expected
