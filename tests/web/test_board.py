"""The board says how things stand."""

import pytest

from tests.city import MARCH, City
from tests.visits import SignIn, body, words
from tests.web.routes import make_history
from yinuo.commitments.queries.board import Standing
from yinuo.web.bars import PARTS, segments
from yinuo.web.sentences import Score


@pytest.mark.django_db
def test_the_sentence(city: City, sign_in: SignIn) -> None:
    shown = words(sign_in("").get("/"))
    assert "公开承诺5项：已兑现0项，逾期1项，调整过时限0项；2项未定时限。" in shown
    assert "截至2024年7月15日" in shown


@pytest.mark.django_db
def test_each_number_leads_to_its_list(city: City, sign_in: SignIn) -> None:
    page = body(sign_in("").get("/")).decode()
    assert '<a class="number" href="/commitments/?state=overdue">1</a>' in page
    assert '<a href="/commitments/?goal=G-1&amp;state=unowned">1</a>' in page


@pytest.mark.django_db
def test_what_was_reported_stands_apart(city: City, sign_in: SignIn) -> None:
    shown = words(sign_in("").get("/"))
    assert "据报道（未核实）1条" in shown


@pytest.mark.django_db
def test_the_public_score_with_its_formula(city: City, sign_in: SignIn) -> None:
    shown = words(sign_in("").get("/"))
    assert "0.0%按原定时限兑现0项÷原定时限已到1项。" in shown


@pytest.mark.django_db
def test_no_score_before_anything_fell_due(
    city: City, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yinuo.web.clock.now", lambda: MARCH)
    shown = words(sign_in("").get("/"))
    assert "按期兑现率暂无数据还没有公开承诺到期" in shown


@pytest.mark.django_db
def test_the_last_changes(city: City, sign_in: SignIn) -> None:
    make_history(city)
    shown = words(sign_in("").get("/"))
    news = shown[shown.index("最近的变化") :]
    assert "建设营商环境最优区申请变更：调整时限" in news
    assert "打造点对点服务品牌核实：已兑现结果按期兑现" in news
    assert news.index("申请变更") < news.index("核实：已兑现")
    assert "林甲" not in news


@pytest.mark.django_db
def test_an_empty_site_says_why(july: None, sign_in: SignIn) -> None:
    shown = words(sign_in("").get("/"))
    assert "还没有公开的承诺。计划录入后，要由督查人做公开前保密审查" in shown


def test_a_bar_is_as_long_as_its_promises() -> None:
    counts = {state: number for number, (state, _mark, _word) in enumerate(PARTS, start=1)}
    parts = segments(Standing(total=21, **counts))
    assert sum(part.width for part in parts) == 21
    assert [part.start for part in parts] == [0, 1, 3, 6, 10, 15]


def test_rounding_of_the_score() -> None:
    assert Score(2, 3).percent == "66.7%"
    assert Score(3, 3).percent == "100.0%"
    assert Score(0, 7).percent == "0.0%"
    assert Score(1, 8).percent == "12.5%"
