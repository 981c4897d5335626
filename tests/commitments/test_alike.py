"""Which commitments may be one matter: titles made plain, scores with reasons, bounded pairs."""

from collections.abc import Sequence
from random import Random

import pytest

from yinuo.commitments.alike import SUSPECT, Matter, alike, likeness, pairs, plain_title


def matter(code: str, title: str, document: str = "D1", **kw: object) -> Matter:
    units = kw.pop("units", {"A"})
    assert isinstance(units, set)
    plain = {"lead": min(units, default=""), "figure": "", **kw}
    return Matter(code=code, title=title, document=document, units=frozenset(units), **plain)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("加快推进“旅游（顺心）”服务", "旅游顺心服务"),
        ("２０２４年底前，建成口袋公园５０个。", "建成口袋公园50个"),
        ("进一步做好老旧小区改造工作", "老旧小区改造"),
        ("全面推进", "全面推进"),
    ],
)
def test_a_title_made_plain(title: str, plain: str) -> None:
    assert plain_title(title) == plain


def test_the_same_matter_in_other_words() -> None:
    found = likeness(
        matter("P", "加快老旧小区改造", figure="100个"),
        matter("Q", "推进老旧小区改造工作，年内完成", "D2", figure="100个"),
    )
    assert found.score >= SUSPECT
    assert "牵头单位相同" in found.reasons
    assert "数字相同（100）" in found.reasons


def test_other_figures_speak_against_it() -> None:
    first = matter("P", "新建学校", figure="5所")
    same, other = matter("Q", "新建学校", figure="5所"), matter("R", "新建学校", figure="8所")
    assert (likeness(first, same).score, likeness(first, other).score) == (100, 75)
    assert "数字不同" in likeness(first, other).reasons


def test_the_order_of_two_is_irrelevant() -> None:
    first, second = matter("P", "老旧小区改造"), matter("Q", "老旧小区节能改造", "D2")
    assert likeness(first, second) == likeness(second, first)


def test_the_likeliest_come_first_and_nothing_unlike() -> None:
    others = [
        matter("Q", "老旧小区改造提升", "D2"),
        matter("R", "老旧小区改造", "D3"),
        matter("S", "建设跨海大桥", "D2"),
    ]
    found = alike(matter("P", "老旧小区改造"), others)
    assert [{one.first, one.second} - {"P"} for one in found] == [{"R"}, {"Q"}]


def codes(matters: Sequence[Matter]) -> set[tuple[str, str]]:
    return {(one.first, one.second) for one in pairs(matters)}


def test_pairs_need_different_documents_and_a_unit_in_common() -> None:
    same = "推进不动产登记历史遗留问题办证"
    assert codes([matter("P", same), matter("Q", same, "D2")]) == {("P", "Q")}
    assert codes([matter("P", same), matter("Q", same)]) == set()
    assert codes([matter("P", same), matter("Q", same, "D2", units={"B"})]) == set()
    assert codes([matter("P", same), matter("Q", same, "D2", units={"A", "B"}, lead="B")]) == {
        ("P", "Q")
    }
    assert codes([matter("P", same, units=set()), matter("Q", same, "D2", units=set())]) == {
        ("P", "Q")
    }


def test_each_pair_is_told_once() -> None:
    same = [matter(f"P{n}", "不动产登记办证", f"D{n}", units={"A", "B"}) for n in range(4)]
    assert len(pairs(same)) == 6


def test_what_everything_shares_tells_nothing_apart() -> None:
    """Three hundred titles of one pattern stay cheap: no pair of characters is rare."""
    many = [matter(f"P{n:03}", "建设项目", f"D{n % 2}") for n in range(300)]
    assert pairs(many) == ()


def test_found_among_ten_thousand() -> None:
    drawn = Random(1)  # noqa: S311  # made-up titles, the same every time
    titles = ["".join(chr(0x4E00 + drawn.randrange(900)) for _ in range(8)) for _ in range(9_999)]
    many = [matter(f"P{n:05}", title, "D1", units={f"U{n % 30}"}) for n, title in enumerate(titles)]
    many.append(matter("Q", f"加快{titles[77]}工作", "D2", units={f"U{77 % 30}"}))
    (found,) = pairs(many)
    assert (found.first, found.second) == ("P00077", "Q")
