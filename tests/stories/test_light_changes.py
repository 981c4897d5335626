"""A district plans, falls behind, and its light says so at once, with the reason."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.city import PASSWORD, City
from tests.published import publish_lights
from tests.visits import words
from yinuo.kernel.filestore import FileStore
from yinuo.web import clock

PLAN = "2024/3/31\t25%\n2024/6/30\t50%\n2024/12/31\t100%"


def signed_in(username: str) -> Client:
    client = Client()
    client.post("/signin/", {"username": username, "password": PASSWORD})
    return client


@pytest.mark.django_db
def test_light_changes(
    city: City, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.YINUO_FILES = tmp_path / "files"
    publish_lights(city, FileStore(settings.YINUO_FILES))
    citizen, owing, office = Client(), signed_in("lushun"), signed_in("supervisor")
    page = "/commitments/LS-003/"
    assert "红黄绿灯" not in words(citizen.get(page)), "undated and without a plan: no light"

    faulty = owing.post(f"{page}plan/", {"version": 2, "curve": "六月底 50%\n2024-12-31 120%"})
    assert faulty.status_code == 422
    told = words(faulty)
    assert "第1行：“六月底”不是2024-03-31这样的日期" in told
    assert "第2行：比例120%不在0%到100%之间" in told
    assert "六月底50%" in told, "what was typed stays"
    done = owing.post(f"{page}plan/", {"version": 2, "curve": PLAN}, follow=True)
    assert "序时进度已写明，共3个节点。" in words(done)
    shown = words(citizen.get(page))
    assert "灯未定还不知道：落后百分点（未报送）" in shown
    assert "计划已开始，还没有报送过完成数。" in shown

    report = {"version": 2, "as_of_date": "2024-06-30", "value": "37.5%", "note": "在建"}
    owing.post(f"{page}report/", report)
    shown = words(citizen.get(page))
    assert "▲进度滞后比序时进度慢12.5个百分点（10–30为黄灯）" in shown
    assert "截至2024年6月30日：计划完成50%，报送完成37.5%。" in shown
    assert "进度灯▲黄灯规则4成立" in shown
    assert "按规则表第1版评定，自2024年3月" in shown

    again = owing.post(f"{page}plan/", {"version": 2, "curve": PLAN})
    assert again.status_code == 409
    assert "不能直接改写" in words(again)
    wish = {"version": 2, "curve": PLAN.replace("50%", "40%"), "reason": "招标流标一次"}
    owing.post(f"{page}change/?kind=replanned", wish)
    assert "待批准：申请调整序时进度" in words(citizen.get(page))
    assert "▲进度滞后" in words(citizen.get(page)), "a wish changes nothing"
    decided = office.post(
        "/changes/LS-003/C1/", {"decision": "approve", "reason": "已核对流标公告"}, follow=True
    )
    assert "已批准，变更已生效。" in words(decided)
    shown = words(citizen.get(page))
    assert "●正常比序时进度慢2.5个百分点（>0、<10为绿灯）" in shown
    assert "序时进度已调整" in shown

    dated = "/commitments/LS-002/"
    assert "●正常还有169天" in words(citizen.get(dated))
    new_year = datetime(2025, 1, 1, 2, 0, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: new_year)
    assert "■逾期已逾期1天" in words(citizen.get(dated))
    owing.post(
        f"{dated}deliver/",
        {"version": 2, "delivered_date": "2024-12-30", "note": "清单和照片已附"},
    )
    assert "红黄绿灯" not in words(citizen.get(dated)), "what waits for the verifier has no light"
