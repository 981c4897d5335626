"""A quarter's race through the pages: computed, published, understood, recomputed."""

import io
import json

import openpyxl
import pytest

from tests.city import LUSHUN, OFFICE, PULANDIAN, City
from tests.supervision.race_city import CODE, publish_scheme, published, quarter
from tests.visits import SignIn, body, words
from yinuo.supervision.models import Race
from yinuo.supervision.race.file import recompute
from yinuo.web.files import store

pytestmark = pytest.mark.django_db
NEW, STEP = "/work/races/new/", f"/work/races/{CODE}/step/"
PAGE, UNIT = f"/races/{CODE}/", f"/races/{CODE}/{PULANDIAN}/"


@pytest.fixture
def racing(city: City) -> City:
    publish_scheme(city, store())
    quarter(city)
    return city


def test_a_race_from_computing_to_the_public(racing: City, sign_in: SignIn) -> None:
    first, second, anyone = sign_in("supervisor"), sign_in("supervisor2"), sign_in("")
    assert "还没有发布过赛马结果" in words(anyone.get("/races/"))
    done = first.post(NEW, {"office": OFFICE, "period": " 2024q2 "}, follow=True)
    assert "已算出，现在是草稿" in words(done)
    assert "计算的人自己不能发布" in words(done)
    assert 'value="publish"' not in body(first.get(PAGE)).decode()
    assert anyone.get(PAGE).status_code == sign_in("lushun").get(PAGE).status_code == 404

    seen = second.get(PAGE)
    assert "请核对下面的结果，再发布" in words(seen)
    done = second.post(STEP, {"do": "publish", "version": 1}, follow=True)
    assert "已发布，2个单位分档" in words(done)
    assert "第1档名次1旅顺口区70.00" in words(sign_in("lushun").get(PAGE))
    assert anyone.get(PAGE).status_code == 404

    done = first.post(STEP, {"do": "open", "version": 2}, follow=True)
    assert "已向社会公开" in words(done)
    shown = words(anyone.get(PAGE))
    assert "第1档名次1旅顺口区70.00" in shown
    assert "吴丙" not in shown
    assert "2024年二季度赛马" in words(anyone.get("/races/"))


def test_the_unit_sees_why_it_stands_where_it_does(racing: City, sign_in: SignIn) -> None:
    published(racing, store())
    shown = words(sign_in("pulandian").get(UNIT))
    assert "区市县组第2档（名次2），得15.00分" in shown
    assert "按期兑现2/到期4" in shown
    assert "区间15.0–85.0" in shown
    assert "样本不足3项" in shown
    assert "上一档从67.00分起" in shown
    assert "按期兑现率2→4/4" in shown
    assert "时限调整做到最好也不够" in shown
    assert "申请免考" in shown
    assert "申请免考" not in words(sign_in("lushun").get(UNIT))


def test_a_figure_leads_to_the_commitments_the_viewer_may_see(
    racing: City, sign_in: SignIn
) -> None:
    published(racing, store())
    own = words(sign_in("pulandian").get(f"{UNIT}按期兑现率/"))
    assert "PL-Q3" in own
    assert "未按期" in own
    other = words(sign_in("lushun").get(f"{UNIT}按期兑现率/"))
    assert "PL-Q3" not in other
    assert "没有您能看到的承诺" in other
    assert sign_in("lushun").get(f"{UNIT}没有这项/").status_code == 404
    assert sign_in("lushun").get(f"/races/{CODE}/没有/").status_code == 404


def test_the_downloads_hold_what_was_published(racing: City, sign_in: SignIn) -> None:
    published(racing, store())
    client = sign_in("lushun")
    answer = client.get(f"{PAGE}download")
    data = body(answer)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{CODE}.json"'
    assert recompute(data).same
    assert recompute(data).sha256 == Race.objects.get().sha256
    assert "吴丙" not in json.dumps(json.loads(data), ensure_ascii=False)
    book = openpyxl.load_workbook(io.BytesIO(body(client.get(f"{PAGE}download.xlsx"))))
    assert book.sheetnames == ["结果", "输入", "办法"]
    assert [cell.value for cell in book["结果"][3]][:6] == [
        "区市县组",
        LUSHUN,
        "旅顺口区",
        1,
        "1",
        70,
    ]


def test_what_the_form_cannot_do_stands_at_its_field(racing: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    bad = client.post(NEW, {"office": OFFICE, "period": "去年"})
    assert bad.status_code == 422
    assert "“去年”不是赛马的期间" in words(bad)
    running = client.post(NEW, {"office": OFFICE, "period": "2024Q3"})
    assert running.status_code == 409
    assert "要到2024-09-30才结束" in words(running)
    late = client.post(NEW, {"office": OFFICE, "period": "2024Q1"})
    assert late.status_code == 422
    assert "比赛开始以后才定的规则" in words(late)
    published(racing, store())
    again = client.post(NEW, {"office": OFFICE, "period": "2024Q2"})
    assert again.status_code == 422
    assert "更正要写明理由" in words(again)


def test_a_correction_points_both_ways(racing: City, sign_in: SignIn) -> None:
    published(racing, store())
    typed = {"office": OFFICE, "period": "2024Q2", "reason": "漏算一项"}
    sign_in("supervisor").post(NEW, typed)
    newer = f"/races/R2024Q2-{OFFICE}-2/"
    sign_in("supervisor2").post(
        f"/work/races/R2024Q2-{OFFICE}-2/step/", {"do": "publish", "version": 1}
    )
    old, new = sign_in("lushun").get(PAGE), sign_in("lushun").get(newer)
    assert "已由新的一版代替" in words(old)
    assert f'href="{newer}"' in body(old).decode()
    assert "漏算一项" in words(new)
    assert f'href="{PAGE}"' in body(new).decode()


def test_a_stale_draft_is_not_published(racing: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    for _ in range(2):
        client.post(NEW, {"office": OFFICE, "period": "2024Q2"})
    refused = sign_in("supervisor2").post(STEP, {"do": "publish", "version": 1})
    assert refused.status_code == 409
    assert Race.objects.get().status == "draft"
    assert sign_in("supervisor2").post(STEP, {"do": "nothing", "version": 2}).status_code == 422


def test_an_exemption_is_asked_and_decided(racing: City, sign_in: SignIn) -> None:
    typed = {
        "office": OFFICE,
        "unit": PULANDIAN,
        "period": "2024Q2",
        "indicator": "时限调整",
        "reason": "台风停工",
    }
    asked = sign_in("pulandian").post("/work/races/exempt/", typed, follow=True)
    assert "编号X2024Q2-1" in words(asked)
    again = sign_in("pulandian").post("/work/races/exempt/", typed)
    assert again.status_code == 422
    assert "已经申请过" in words(again)
    place = "/work/races/exemptions/X2024Q2-1/"
    supervisor = sign_in("supervisor")
    assert "台风停工" in words(supervisor.get(place))
    refused = supervisor.post(place, {"decision": "refuse", "version": 1})
    assert refused.status_code == 422
    done = supervisor.post(place, {"decision": "grant", "version": 1}, follow=True)
    assert "已批准，下次计算这一期时生效" in words(done)
    supervisor.post(NEW, {"office": OFFICE, "period": "2024Q2"})
    assert "免考（X2024Q2-1）" in words(supervisor.get(UNIT))
    assert "台风停工" in words(supervisor.get(UNIT))
