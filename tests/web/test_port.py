"""Clearance times on pages: what the public reads, what the office does with batches."""

import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoAssertNumQueries, Settings

from tests.city import JULY, MARCH, OFFICE, City, promise
from tests.clearance import log_file, measured_once, publish_rules, put_port
from tests.visits import SignIn, body, words
from yinuo.commitments.commands.publish import publish
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.life import Visibility
from yinuo.goals.commands import port as commands
from yinuo.goals.models import PortBatch, PortResult
from yinuo.web.forms import port as forms

NUMBER = re.compile(r"\b0900\d{14}\b")
"""A declaration number."""


def test_before_anything_is_released_the_page_says_so(city: City, sign_in: SignIn) -> None:
    put_port(city)
    page = words(sign_in("").get("/port/"))
    assert "还没有公开的通关时间" in page
    assert "TJ2024-1" not in page
    assert "未公开" in words(sign_in("supervisor").get("/port/"))


def test_the_page_says_how_things_stand(city: City, sign_in: SignIn) -> None:
    put_port(city, released=True)
    page = words(sign_in("").get("/port/"))
    assert re.search(r"大连关区进口整体通关时间2024年6月平均\d+\.\d\d小时，比上年同月", page)
    assert "比目标30.0小时" in page
    assert "演示数据" in page
    assert "不要与海关作业时间混用" in page
    assert "还有" in page or "没有未放行的报关单" in page
    assert "放行早于" not in page
    assert not NUMBER.search(page)


def test_what_was_put_aside_is_counted_and_not_shown(city: City, sign_in: SignIn) -> None:
    put_port(city, released=True)
    row = PortBatch.objects.get()
    page = words(sign_in("").get("/port/"))
    counted = f"日志共{row.read:,}行：采用{row.accepted:,}，放在一边{row.quarantined:,}"
    assert counted in page
    assert all(reason in page for reason in row.reasons)
    assert "补录环节" in page
    assert "2024-13-45" not in page


def test_a_port_is_never_shown_with_its_customs_district(city: City, sign_in: SignIn) -> None:
    put_port(city, released=True)
    client = sign_in("")
    page = words(client.get("/port/", {"port": "dongwan"}))
    assert "东湾集装箱口岸进口整体通关时间" in page
    assert "大连关区进口整体通关时间" not in page
    assert "口岸与关区是两个范围" in page
    assert "比目标" not in page
    assert client.get("/port/", {"port": "nowhere"}).status_code == 404


def test_the_near_indicator_has_a_page_of_its_own(city: City, sign_in: SignIn) -> None:
    put_port(city, released=True)
    client = sign_in("")
    near = words(client.get("/port/customs/"))
    assert "大连关区进口海关作业时间2024年6月平均" in near
    assert "大连关区进口整体通关时间2024" not in near
    assert "比目标" not in near
    page = words(client.get("/port/"))
    assert "大连关区进口海关作业时间2024" not in page


def test_working_time_is_another_way_and_says_so(city: City, sign_in: SignIn) -> None:
    put_port(city, released=True)
    client = sign_in("")
    page = words(client.get("/port/", {"time": "working"}))
    assert "现在按工作时间计算" in page
    assert "比目标" not in page
    assert page != words(client.get("/port/"))


def test_measures_stand_beside_the_step_they_act_on(city: City, sign_in: SignIn) -> None:
    rows = Registration(commitments=[promise("DL2024-150", title="20项举措", kind="measure")])
    register(registration=rows, office=OFFICE, by=city["admin"], at=MARCH)
    put_port(city, released=True)
    closed = body(sign_in("").get("/port/")).decode()
    assert "推广船边直提" in closed
    assert "/commitments/DL2024-150/" not in closed
    codes = ["DL2024-150"]
    publish(commitments=codes, visibility=Visibility.PUBLIC, by=city["supervisor"], at=MARCH)
    page = body(sign_in("").get("/port/")).decode()
    assert page.count("/commitments/DL2024-150/") == 1
    row = next(part for part in page.split("<tr>") if "推广船边直提" in part)
    assert "理货" in row


def test_small_groups_are_marked_and_not_compared(city: City, sign_in: SignIn) -> None:
    put_port(city, released=True)
    page = body(sign_in("").get("/port/")).decode()
    small = [part for part in page.split("<tr") if 'class="small-group"' in part]
    assert small
    assert all("件数少，不宜比较" in part and "不比" in part for part in small)


def test_the_english_page_is_english(city: City, sign_in: SignIn) -> None:
    put_port(city, released=True)
    answer = sign_in("").get("/en/port/")
    assert answer.headers["Content-Language"] == "en"
    page = body(answer).decode()
    assert "Collect beside the ship" in page
    assert "Dongwan container port" in page


def test_the_download_says_that_it_is_made_up(city: City, sign_in: SignIn) -> None:
    put_port(city, released=True)
    lines = body(sign_in("").get("/port.csv")).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("指标,范围,时间算法,月份")
    assert all("演示数据,TJ2024-1" in line for line in lines[1:])
    assert not any("海关作业时间" in line for line in lines)
    near = body(sign_in("").get("/port-customs.csv")).decode("utf-8-sig")
    assert "整体通关时间" not in near


def test_the_page_reads_one_stored_result(
    city: City,
    sign_in: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    put_port(city, released=True)
    client = sign_in("")
    client.get("/port/")
    with django_assert_max_num_queries(12):
        client.get("/port/")
    started = time.process_time()
    for _ in range(5):
        body(client.get("/port/"))
    assert (time.process_time() - started) / 5 < 0.2


def upload(**kw: object) -> dict[str, object]:
    data = log_file(4, dirty=False).read_bytes()
    return {
        "unit": "210212",
        "simulated": "on",
        "file": SimpleUploadedFile("报关单.csv", data),
        **kw,
    }


def test_an_officer_takes_in_a_log_and_a_supervisor_releases_it(
    city: City, sign_in: SignIn
) -> None:
    publish_rules(city)
    officer = sign_in("lushun")
    with measured_once():
        answer = officer.post("/port/batches/", upload())
    assert answer.headers["Location"] == "/port/batches/TG2024-1/"
    receipt = words(officer.get("/port/batches/TG2024-1/"))
    assert "报关单.csv" in receipt
    assert "读入" in receipt
    assert sign_in("pulandian").get("/port/batches/TG2024-1/").status_code == 404
    assert officer.post("/port/results/TJ2024-1/release/").status_code == 403
    again = officer.post("/port/batches/", upload())
    assert again.status_code == 302
    assert PortBatch.objects.count() == 1
    done = sign_in("supervisor").post("/port/results/TJ2024-1/release/", {"version": 1})
    assert done.status_code == 302
    assert PortResult.objects.get().visibility == "public"


def test_a_file_that_is_too_large_names_the_command(
    city: City, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_rules(city)
    monkeypatch.setattr("yinuo.web.views.port.LARGEST", 1_000)
    answer = sign_in("lushun").post("/port/batches/", upload())
    assert answer.status_code == 413
    assert "yinuoportload" in words(answer)
    assert forms.LARGEST == 32 << 20


def test_a_file_of_another_kind_is_refused_at_the_form(city: City, sign_in: SignIn) -> None:
    publish_rules(city)
    answer = sign_in("lushun").post(
        "/port/batches/", upload(file=SimpleUploadedFile("log.pdf", b"%PDF-1.7"))
    )
    assert answer.status_code == 400
    assert "不认识" in words(answer)


def test_the_quarantine_is_for_those_who_have_to_do_with_it(
    city: City, sign_in: SignIn, settings: Settings
) -> None:
    put_port(city, released=True)
    assert sign_in("").get("/port/batches/TG2024-1/quarantine.csv").status_code == 302
    assert sign_in("pulandian").get("/port/batches/TG2024-1/quarantine.csv").status_code == 404
    lines = body(sign_in("lushun").get("/port/batches/TG2024-1/quarantine.csv")).decode()
    row = PortBatch.objects.get()
    assert len(lines.splitlines()) == row.quarantined + 1
    assert "2024-13-45 99:00" in lines


def test_a_withdrawn_batch_takes_its_result_off_the_page(city: City, sign_in: SignIn) -> None:
    put_port(city, released=True)
    officer, supervisor = sign_in("lushun"), sign_in("supervisor")
    asked = officer.post("/port/batches/TG2024-1/", {"reason": "缺了三天", "version": 2})
    assert asked.status_code == 302
    assert "缺了三天" in words(supervisor.get("/port/batches/TG2024-1/"))
    answer = supervisor.post(
        "/port/batches/TG2024-1/", {"decision": "approve", "reason": "属实", "version": 3}
    )
    assert answer.status_code == 302
    assert "还没有公开的通关时间" in words(sign_in("").get("/port/"))
    assert "含已撤回的批次" in words(officer.get("/port/batches/"))


def test_a_stale_form_changes_nothing(city: City, sign_in: SignIn) -> None:
    done = put_port(city)
    commands.ask_withdrawal(batch=done.batch, reason="缺", by=city["lushun"], at=JULY)
    answer = sign_in("supervisor").post(
        "/port/batches/TG2024-1/", {"decision": "approve", "reason": "属实", "version": 1}
    )
    assert answer.status_code == 409
    assert PortBatch.objects.get().status == "asked"
