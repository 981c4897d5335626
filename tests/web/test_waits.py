"""Pages about what one waits for: the form, the claim, the list."""

import pytest

from tests.city import JULY, PULANDIAN, City
from tests.visits import SignIn, body, words
from yinuo.commitments.commands import waiting

pytestmark = pytest.mark.django_db
CLAIM = {"version": 2, "on_unit": PULANDIAN, "since_date": "2024-07-01", "what": "移交清单"}


@pytest.fixture
def claimed(city: City) -> City:
    """旅顺口区 waits for 普兰店区 since the first of July."""
    waiting.claim(
        commitment="LS-001",
        on_unit=PULANDIAN,
        since_date=JULY.date().replace(day=1),
        what="移交清单",
        by=city["lushun"],
        at=JULY,
    )
    return city


def test_the_form_offers_others_only(city: City, sign_in: SignIn) -> None:
    page = words(sign_in("lushun").get("/commitments/LS-001/claim-wait/"))
    assert "普兰店区" in page
    assert "请选择大连市普兰店区自哪一天起" in page


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"on_unit": ""}, "请选择等待哪个单位"),
        ({"on_unit": "210212"}, "请选择列出的等待哪个单位"),
        ({"since_date": "2024-07-16"}, "晚于今天"),
        ({"since_date": "七月"}, "不是一个日期"),
        ({"what": " "}, "请填写等待的事项"),
    ],
)
def test_faults_stand_at_their_fields(
    city: City, sign_in: SignIn, typed: dict[str, str], fault: str
) -> None:
    answer = sign_in("lushun").post("/commitments/LS-001/claim-wait/", {**CLAIM, **typed})
    assert answer.status_code == 422
    assert fault in words(answer)


def test_an_answer_that_came_too_late_says_so(claimed: City, sign_in: SignIn) -> None:
    waiting.take_back(wait="LS-001/W1", by=claimed["lushun"], at=JULY)
    typed = {"ruling": "upheld", "note": "有"}
    answer = sign_in("supervisor").post("/waits/LS-001/W1/?do=rule", typed)
    assert answer.status_code == 409
    assert "当前状态为“已撤回”，不能裁定" in words(answer)


def test_a_step_of_the_other_side_is_refused(claimed: City, sign_in: SignIn) -> None:
    answer = sign_in("lushun").post("/waits/LS-001/W1/?do=answer", {"answer": "accept"})
    assert answer.status_code == 403


def test_the_claimant_may_end_or_take_back(claimed: City, sign_in: SignIn) -> None:
    client = sign_in("lushun")
    page = body(client.get("/waits/LS-001/W1/")).decode()
    assert "?do=take_back" in page
    assert 'min="2024-07-01"' in page
    client.post("/waits/LS-001/W1/?do=take_back", {"note": "已收到"})
    assert "撤回卡点" in words(client.get("/waits/LS-001/W1/"))


def test_the_list_filters_by_unit_and_state(claimed: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    assert "共1个" in words(client.get(f"/waits/?unit={PULANDIAN}&state=answer"))
    assert "没有符合这些条件的卡点" in words(client.get("/waits/?state=over"))
    assert "移交清单" in words(sign_in("pulandian").get("/waits/"))


def test_an_empty_list_says_where_claims_come_from(city: City, sign_in: SignIn) -> None:
    assert "还没有卡点。责任单位在承诺页面上" in words(sign_in("supervisor").get("/waits/"))


@pytest.mark.parametrize("after", ["x", "-1", "99999999999999999999", "³"])
def test_a_damaged_cursor_starts_at_the_first_page(
    claimed: City, sign_in: SignIn, after: str
) -> None:
    answer = sign_in("supervisor").get("/waits/", {"after": after})
    assert "移交清单" in words(answer)


def test_the_public_never_gets_a_claim(claimed: City, sign_in: SignIn) -> None:
    for address in ("/waits/", "/waits/LS-001/W1/"):
        assert sign_in("").get(address).headers["Location"].startswith("/signin/")
    assert "移交清单" not in words(sign_in("").get("/commitments/LS-001/"))
