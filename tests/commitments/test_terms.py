import pytest

from yinuo.commitments.models import Commitment
from yinuo.commitments.terms import share_text, terms_text


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        (("done", "", "", ""), "完成"),
        (("ge", "3800", "个", ""), "≥ 3,800 个"),
        (("le", "40", "%", ""), "≤ 40%"),
        (("gt", "5600", "万元", ""), "> 5,600 万元"),
        (("about", "3", "%", "0.5"), "≈ 3%（± 0.5%）"),
    ],
)
def test_terms_in_one_line(terms: tuple[str, str, str, str], text: str) -> None:
    operator, value, unit, tolerance = terms
    assert terms_text(operator=operator, value=value, unit=unit, tolerance=tolerance) == text


@pytest.mark.parametrize(
    ("operator", "target", "baseline", "value", "share"),
    [
        ("ge", "600", "", "380", "63.3%"),
        ("ge", "600", "", "599.9999", "99.9%"),
        ("ge", "600", "", "600", "100%"),
        ("ge", "600", "", "900", "150%"),
        ("le", "40", "100", "70", "50%"),
        ("le", "40", "", "70", ""),
        ("done", "", "", "", ""),
    ],
)
def test_the_share_is_cut_and_never_rounded_up(
    operator: str, target: str, baseline: str, value: str, share: str
) -> None:
    promised = Commitment(operator=operator, value=target, baseline=baseline)
    assert share_text(promised, value) == share
