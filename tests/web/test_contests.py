"""A unit contests a figure; both stand side by side until the supervising side decides."""

import re
from datetime import date

import pytest
from django.test import Client

from tests.city import JULY, OFFICE, City
from tests.contested import contest, publish_terms
from tests.handed_in import PDF
from tests.supervision.race_city import publish_scheme, published, quarter
from tests.visits import SignIn, body, words
from tests.web.routes import Again
from yinuo.commitments.errors import Invalid
from yinuo.content.calendars import working_calendar
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.commands import contests as commands
from yinuo.supervision.contesting import terms
from yinuo.supervision.errors.contests import (
    ContestedAlready,
    ContestEnded,
    NoContestTerms,
    NotContestable,
    UnknownContest,
)
from yinuo.supervision.models import Contest
from yinuo.supervision.queries.contests import to_do
from yinuo.web.files import store

OBSERVED = "observation:OB-1"


@pytest.fixture
def ready(city: City) -> City:
    """The city with the table of terms in force."""
    publish_terms(city)
    return city


def version_of(client: Client, path: str) -> str:
    found = re.search(rb'name="version" value="(\d+)"', body(client.get(path)))
    assert found
    return found[1].decode()


def test_both_figures_stand_until_it_is_upheld(ready: City, sign_in: SignIn) -> None:
    officer, office = sign_in("lushun"), sign_in("supervisor")
    assert "对这里的数字提出异议" in words(officer.get("/observations/"))
    filled = {
        "field": "value",
        "own_figure": "15 个",
        "reason": "漏了三个外资项目",
        "source": "招商台账",
        "evidence": [Again("台账.pdf", PDF)],
    }
    page = f"/contests/new/?about={OBSERVED}"
    assert officer.post(page, filled).status_code == 302
    shown = words(officer.get("/observations/"))
    assert "有异议数量：旅顺口区认为是15个（现在显示12个），YY2024-1待决定" in shown
    assert "有异议" in words(office.get("/observations/"))
    for stranger in ("", "pulandian"):
        assert "有异议" not in words(sign_in(stranger).get("/observations/"))
    (todo,) = to_do(viewer=ready["supervisor"], today=JULY.date())
    assert (todo.due, todo.title) == (date(2024, 8, 5), "旅顺口区：数量 12 个 → 15 个")
    assert body(office.get("/contests/YY2024-1/files/1")) == PDF
    path = "/contests/YY2024-1/"
    decided = {"decision": "upheld", "note": "核对属实", "version": version_of(office, path)}
    assert "请填写怎样更正" in words(office.post(path, decided))
    decided["correction"] = "由督查室另行登记更正后的一条"
    assert office.post(path, decided).status_code == 302
    assert "异议成立" in words(officer.get(path))
    assert "有异议" not in words(officer.get("/observations/"))
    assert "YY2024-1" in words(officer.get("/contests/?state=ended"))
    assert replay().faults == []


def test_a_figure_of_the_unit_s_own_promise_stands_on_its_page(
    ready: City, sign_in: SignIn
) -> None:
    contest(ready)
    contest(ready, field="light", own_figure="正常", reason="时限已获批调整")
    page = words(sign_in("lushun").get("/commitments/LS-001/"))
    assert "有异议承诺量：旅顺口区认为是6项（现在显示=7项）" in page
    assert "有异议红黄绿灯：旅顺口区认为是正常（现在显示■逾期）" in page
    assert "有异议" not in words(sign_in("").get("/commitments/LS-001/"))


def test_what_is_contested_is_another_s_figure_of_one_s_own_unit(ready: City) -> None:
    with pytest.raises(NotAllowed):
        contest(ready, who="pulandian")
    with pytest.raises(NotAllowed):
        contest(ready, who="supervisor")
    for about in (
        "commitment:LS-999",
        "unit:210212",
        "race:X",
        "race:X/210212",
        "",
        "observation:",
    ):
        with pytest.raises(NotContestable):
            contest(ready, about=about)


def test_faults_are_told_all_at_once(ready: City) -> None:
    with pytest.raises(Invalid) as refused:
        contest(ready, field="nothing", own_figure=" ", reason="", source="")
    assert [field for field, _ in refused.value.faults] == [
        "field",
        "own_figure",
        "reason",
        "source",
    ]
    with pytest.raises(Invalid, match="相同"):
        contest(ready, own_figure="= 7 项")


def test_the_same_figure_is_contested_once_at_a_time(ready: City) -> None:
    code = contest(ready)
    with pytest.raises(ContestedAlready):
        contest(ready)
    commands.withdraw(contest=code, note="看错了", by=ready["lushun"], at=JULY)
    assert contest(ready) == "YY2024-2"


def test_without_a_term_nothing_is_taken_in(city: City) -> None:
    with pytest.raises(NoContestTerms):
        contest(city)
    assert not Contest.objects.exists()


def test_only_the_other_side_decides(ready: City) -> None:
    code = contest(ready)
    lushun, supervisor = ready["lushun"], ready["supervisor"]
    both = Viewer(
        account_id=supervisor.account_id,
        supervisor_of=frozenset({OFFICE}),
        held_for=frozenset({OFFICE, "210212"}),
    )
    for who in (lushun, both, ready["auditor"]):
        with pytest.raises(NotAllowed):
            commands.decide(contest=code, upheld=False, note="不改", by=who, at=JULY)
    with pytest.raises(UnknownContest):
        commands.decide(contest=code, upheld=False, note="不改", by=ready["pulandian"], at=JULY)
    commands.decide(contest=code, upheld=False, note="来源不足", by=supervisor, at=JULY)
    with pytest.raises(ContestEnded):
        commands.withdraw(contest=code, note="算了", by=lushun, at=JULY)


def test_who_comes_too_late_keeps_the_words_and_learns_who_was_first(
    ready: City, sign_in: SignIn
) -> None:
    code = contest(ready)
    office, officer = sign_in("supervisor2"), sign_in("lushun")
    path = f"/contests/{code}/"
    seen = version_of(office, path)
    commands.withdraw(contest=code, note="看错了", by=ready["lushun"], at=JULY)
    typed = {"decision": "refused", "note": "核对过台账，来源不足", "version": seen}
    late = office.post(f"{path}?do=decide", typed)
    assert late.status_code == 409
    page = words(late)
    assert "核对过台账，来源不足" in page
    assert "最近的变动：2024年7月15日" in page
    assert "林甲" in page
    again = officer.post(f"{path}?do=withdraw", {"note": "再撤一次", "version": seen})
    assert (again.status_code, "再撤一次" in words(again)) == (409, True)
    assert officer.post(path, {"note": "没有这一步"}).status_code == 403
    assert words(office.get(path)).count("提交决定") == 0


def test_a_race_s_figure_is_decided_within_five_working_days(ready: City) -> None:
    found = terms(kind="race", calendar=working_calendar(), today=JULY.date())
    assert (found.due, found.edition) == (date(2024, 7, 22), 1)


def test_a_ranked_unit_contests_an_input_of_its_race(ready: City, sign_in: SignIn) -> None:
    publish_scheme(ready, store())
    quarter(ready)
    race = published(ready, store())
    officer, path = sign_in("lushun"), f"/races/{race}/210212/"
    assert "对这里的数字提出异议" in words(officer.get(path))
    assert "提出异议" not in words(officer.get(f"/races/{race}/210214/"))
    about = f"race:{race}/210212"
    assert officer.get(f"/contests/new/?about=race:{race}/210214").status_code == 403
    code = contest(ready, about=about, field="按期兑现率", own_figure="5 / 5")
    assert "有异议按期兑现率：旅顺口区认为是5/5（现在显示4/5）" in words(officer.get(path))
    assert words(officer.get(f"/contests/{code}/")).count("赛马的按期兑现率")
    assert "有异议" not in words(sign_in("").get(path))
