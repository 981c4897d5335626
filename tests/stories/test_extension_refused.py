"""An officer asks for a month more, the supervisor refuses, the citizen sees both."""

import pytest
from django.test import Client

from tests.city import PASSWORD, City
from tests.visits import words


def signed_in(username: str) -> Client:
    client = Client()
    answer = client.post("/signin/", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.mark.django_db
def test_a_month_more_is_asked_and_refused(city: City) -> None:
    officer = signed_in("lushun")
    assert "旅游“顺心”服务" in words(officer.get("/work/"))
    asked = officer.post(
        "/commitments/LS-002/move/",
        {"version": 2, "due": "2025-01-31", "reason": "冬季客流数据一月才齐，请求顺延一个月"},
        follow=True,
    )
    assert "申请已提出，编号LS-002/C1，现在等待另一人决定。" in words(asked)

    citizen = Client()
    waiting = words(citizen.get("/commitments/LS-002/"))
    assert "待批准：申请调整时限完成时限2024-12-31→2025-01-31" in waiting
    assert "冬季客流数据一月才齐" in waiting
    assert "完成时限2024年12月31日" in waiting

    supervisor = signed_in("supervisor")
    assert "待您决定的变更申请1" in words(supervisor.get("/work/"))
    refused = supervisor.post(
        "/changes/LS-002/C1/",
        {"decision": "refuse", "reason": "十二月的数据已够判断，维持原时限"},
        follow=True,
    )
    assert "未批准，承诺保持原样。" in words(refused)

    seen = words(citizen.get("/commitments/LS-002/"))
    story = seen[seen.index("历史最新的在前") :]
    assert story.index("不批准变更：调整时限") < story.index("申请变更：调整时限")
    assert "十二月的数据已够判断" in story
    assert "冬季客流数据一月才齐" in story
    assert "待批准：" not in seen
    assert "调整过1次" not in seen
    assert "林甲" not in seen
    board = words(citizen.get("/"))
    assert "调整过时限0项" in board
    assert "旅游“顺心”服务不批准变更：调整时限" in board
