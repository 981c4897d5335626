"""Pages of credit data: sources, rows put aside, entities by purpose, joins, releases."""

import io
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.visits import SignIn, words
from tests.web.credit_city import (
    MISPLACED,
    NAMELESS,
    NAMELESS_FIRM,
    NOW,
    RIGHT,
    WRONG,
    WRONG_FIRM,
    Lake,
    code_of,
    fire_checks,
    land,
    make_lake,
    open_city,
    prepare,
    publish,
    written,
)
from tests.web.test_closed import text_of
from yinuo.credit.queries import batches, proposals, quarantine
from yinuo.credit.queries.proposals import ProposalView
from yinuo.web import clock, cookies, credit_purpose
from yinuo.web.credit import means

pytestmark = pytest.mark.django_db
OK, DONE, REFUSED, GONE, CONFLICT, INVALID, CLOSED = 200, 302, 403, 404, 409, 422, 503
REASON = "决定书上的当事人是示山机械"


@pytest.fixture
def lake(db: None, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Lake:
    del db
    monkeypatch.setattr(clock, "now", lambda: NOW)
    prepare(tmp_path, settings)
    return make_lake(tmp_path)


def read(client: Client, name: str, *args: str) -> str:
    """The text of a page that is open to whoever looks."""
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == OK
    return words(answer)


def say_purpose(client: Client, purpose: str, entity: str = "") -> None:
    answer = client.post(reverse("credit_purpose"), {"purpose": purpose, "entity": entity})
    assert answer.status_code == DONE


# ── sources and batches ────────────────────────────────────────────────────────────────────────


def test_sources_by_what_came_and_what_did_not(lake: Lake, sign_in: SignIn) -> None:
    del lake
    text = read(sign_in("steward"), "credit_sources")
    known = len(means().sources)
    assert f"{known}个数据源，{known - 3}个还没有来过数据；1个批次检查未通过" in text
    assert "8行问题数据待处理" in text
    assert "■1批未通过" in text
    assert "▲1列没有人管" in text
    assert "演示数据" in text
    assert "水费" not in text.split(f"还没有来过数据{known - 3}")[0]


def test_a_source_that_is_late_stands_first_and_in_the_inboxes(
    lake: Lake, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    del lake
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=9))
    text = read(sign_in("steward"), "credit_sources")
    assert "3个过了更新周期还没有报来" in text
    assert "■逾期5天每周更新，应于2024年3月11日报来" in text
    own = read(sign_in("fire"), "work")
    assert "报送信用数据" in own
    assert "每周更新·上一批" in own
    assert "催报" not in own
    assert "3个数据源过了更新周期还没有报来" in read(sign_in("steward"), "work")


def test_the_catalogue_is_a_workbook(lake: Lake, sign_in: SignIn) -> None:
    del lake
    answer = sign_in("fire").get(reverse("credit_catalogue"))
    assert answer["Content-Disposition"] == 'attachment; filename="credit-catalogue.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = [*book["数据目录"].iter_rows(min_row=2, values_only=True)]
    assert [row[0] for row in rows] == ["fire-checks"]


def test_whoever_owns_a_source_sees_that_source_alone(lake: Lake, sign_in: SignIn) -> None:
    del lake
    text = read(sign_in("fire"), "credit_sources")
    assert "消防监督检查" in text
    assert "行政处罚" not in text
    assert "数据版本" not in text.split("消防监督检查")[0].split("查主体")[1]


def test_a_source_with_fill_rates_samples_and_receipts(lake: Lake, sign_in: SignIn) -> None:
    text = read(sign_in("market"), "credit_source", "penalty")
    assert "日期无法识别1行" in text
    assert "2024年2月31日" in text
    assert "49/49，至少应有98%" in text
    assert lake.penalties.batch in text
    text = read(sign_in("fire"), "credit_source", "fire-checks")
    assert "没有人管的列1个" in text
    assert "检查时长，有值4行" in text or "检查时长，有值10行" in text
    assert "还没有批次" in read(sign_in("steward"), "credit_source", "water")


def test_a_receipt_adds_up_and_the_gates_say_why(lake: Lake, sign_in: SignIn) -> None:
    text = read(sign_in("market"), "credit_batch", lake.penalties.batch)
    assert "读入51行=接收49+问题数据2+重复0" in text
    text = read(sign_in("fire"), "credit_batch", lake.refused.batch)
    assert "■检查未通过" in text
    assert "没有进入数据版本，读者看到的仍是上一个好的版本" in text
    assert "实际6/10" in text


def test_two_persons_let_a_batch_pass(lake: Lake, sign_in: SignIn) -> None:
    page = reverse("credit_batch", args=[lake.refused.batch])
    ask = {"do": "ask", "ask-reason": "日期随后补报"}
    assert sign_in("fire").post(page, {**ask, "ask-reason": ""}).status_code == INVALID
    assert sign_in("steward").post(page, ask).status_code == DONE
    decide = {"do": "decide", "decide-decision": "approve", "decide-reason": "核对过"}
    # Whoever asked has no such form, nor has the unit that delivered it.
    assert sign_in("steward").post(page, decide).status_code == REFUSED
    assert sign_in("fire").post(page, decide).status_code == REFUSED
    assert "信甲申请放行的理由" in words(sign_in("steward2").get(page))
    assert sign_in("steward2").post(page, decide).status_code == DONE
    assert "已放行" in words(sign_in("auditor").get(page))
    assert publish(lake.city, at=NOW).left_out == ()
    assert "没有新的批次" not in read(sign_in("auditor"), "credit_releases")


def test_a_batch_is_withdrawn_with_a_reason(lake: Lake, sign_in: SignIn) -> None:
    page = reverse("credit_batch", args=[lake.refused.batch])
    answer = sign_in("fire").post(page, {"do": "withdraw", "withdraw-reason": "重新导出"})
    assert answer.status_code == DONE
    assert "已撤回" in words(sign_in("fire").get(page))


# ── rows put aside ─────────────────────────────────────────────────────────────────────────────


def row_page(lake: Lake) -> str:
    row = lake.aside("BAD_DATE")
    return reverse("credit_row", args=[row.batch, row.key])


def test_the_wrong_field_is_put_right_and_the_rest_stays(lake: Lake, sign_in: SignIn) -> None:
    client, page = sign_in("market"), row_page(lake)
    assert "处罚决定日期" in words(client.get(page))
    assert text_of(client.get(page)).count('name="f-') == 1
    assert text_of(client.get(f"{page}?all")).count('name="f-') > 1
    fixed = {"do": "correct", "f-CF_JDRQ": "2024-02-28", "reason": "核对决定书"}
    assert client.post(page, {**fixed, "reason": ""}).status_code == INVALID
    assert client.post(page, fixed).status_code == DONE
    assert "已更正" in words(client.get(page))
    assert client.post(page, fixed).status_code == CONFLICT
    correction = quarantine.row(
        batch=lake.penalties.batch,
        key=lake_key(page),
        means=means(),
        viewer=lake.city["market"],
    ).correction
    text = read(client, "credit_batch", correction)
    assert "读入1行=接收1+问题数据0+重复0" in text
    assert f"批次{lake.penalties.batch}里的问题数据" in text
    assert publish(lake.city, at=NOW).records == lake.release.records + 1


def lake_key(page: str) -> str:
    """Of the row that a page shows."""
    return page.rstrip("/").rsplit("/", 1)[1]


def test_a_row_that_is_still_wrong_is_told_and_nothing_is_recorded(
    lake: Lake, sign_in: SignIn
) -> None:
    client, page = sign_in("market"), row_page(lake)
    before = len(batches.batches(means=means(), viewer=lake.city["market"]))
    answer = client.post(page, {"do": "correct", "f-CF_JDRQ": "二月底", "reason": "核对决定书"})
    assert answer.status_code >= 400
    assert "仍不能接收" in words(answer)
    assert 'value="二月底"' in text_of(client.post(page, {"do": "correct", "f-CF_JDRQ": "二月底"}))
    assert len(batches.batches(means=means(), viewer=lake.city["market"])) == before


def test_rows_are_given_back_together(lake: Lake, sign_in: SignIn) -> None:
    client, batch = sign_in("fire"), lake.refused.batch
    page = reverse("credit_rows", args=["fire-checks"])
    typed = {"batch": batch, f"{batch}-how": "return", f"{batch}-reason": "请补日期"}
    answer = client.post(page, typed)
    assert answer.status_code == INVALID
    assert "请先勾选要处理的行" in words(answer)
    assert client.post(page, {**typed, "rows": ["0:2", "0:3"]}).status_code == DONE
    assert "待处理4" in words(client.get(page))
    assert "请补日期" in words(client.get(f"{page}?state=returned"))
    answer = client.post(page, {**typed, "rows": ["0:2"]})
    assert answer.status_code == CONFLICT
    assert "已经处理过" in words(answer)


def test_rows_by_reason_batch_and_page(lake: Lake, sign_in: SignIn) -> None:
    client, page = sign_in("market"), reverse("credit_rows", args=["penalty"])
    assert "必填的一栏为空" in words(client.get(f"{page}?reason=MISSING"))
    assert "没有这样的行" in words(client.get(f"{page}?reason=TORN"))
    assert "没有这样的行" in words(client.get(f"{page}?batch=XP1-1"))
    assert "第1/1页" in words(client.get(f"{page}?page=99999"))
    assert "第1/1页" in words(client.get(f"{page}?page=x"))
    answer = client.get(reverse("credit_rows_csv", args=["penalty"]))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="penalty-rows.csv"'
    assert "2024年2月31日" in text_of(answer)
    del lake


@pytest.mark.slow
def test_ten_thousand_rows_put_aside(lake: Lake, sign_in: SignIn) -> None:
    rows = [
        row | {"检查记录编号": f"消检{number}-{place}号", "检查日期": ""}
        for number in range(1_000)
        for place, row in enumerate(fire_checks())
    ]
    path = written(lake.folder / "消防二.csv", tuple(rows[0]), rows, "gb18030")
    land(lake.city, "fire-checks", path, who="fire", at=NOW)
    client, page = sign_in("fire"), reverse("credit_rows", args=["fire-checks"])
    assert "共10,006行，第1/201页" in words(client.get(page))
    last = words(client.get(f"{page}?page=201"))
    assert "第201/201页" in last
    assert "下一页" not in last


def test_an_auditor_reads_and_changes_nothing(lake: Lake, sign_in: SignIn) -> None:
    client = sign_in("auditor")
    assert "改正并重新装入" not in words(client.get(row_page(lake)))
    assert "处理勾选的行" not in read(client, "credit_rows", "penalty")
    assert "申请放行" not in read(client, "credit_batch", lake.refused.batch)


# ── entities ───────────────────────────────────────────────────────────────────────────────────


def look(client: Client, code: str, purpose: str = "stewardship") -> str:
    """Where looking up a code leads; empty where it does not."""
    answer = client.post(reverse("credit_look"), {"code": code, "purpose": purpose})
    return answer.headers.get("Location", "")


def test_an_entity_by_code_with_what_each_fact_rests_on(lake: Lake, sign_in: SignIn) -> None:
    client = sign_in("steward")
    where = look(client, f" {code_of(WRONG_FIRM).lower()} ")
    assert where == reverse("credit_entity", args=[lake.entity(WRONG_FIRM)])
    assert code_of(WRONG_FIRM) not in where
    text = words(client.get(where))
    assert WRONG in text
    assert MISPLACED in text
    assert f"{RIGHT}▲名称与主体不同" in text
    assert "代码一致；记录上的有效代码就是这个主体的代码" in text
    assert "查询目的：数据核对与归并" in text


def test_without_a_purpose_the_question_for_it(lake: Lake, sign_in: SignIn) -> None:
    client, entity = sign_in("steward"), lake.entity(WRONG_FIRM)
    where = reverse("credit_entity", args=[entity])
    text = words(client.get(where))
    assert "为什么要看这个主体" in text
    assert MISPLACED not in text
    answer = client.post(reverse("credit_purpose"), {"purpose": "", "entity": entity})
    assert answer.status_code == INVALID
    say_purpose(client, "stewardship", entity)
    assert MISPLACED in words(client.get(where))
    client.post(reverse("credit_purpose"), {"forget": "1", "entity": entity})
    assert "为什么要看这个主体" in words(client.get(where))
    answer = client.post(reverse("credit_purpose"), {"purpose": "public"})
    assert answer.headers["Location"] == reverse("credit_look")


def test_a_purpose_is_of_one_person_and_for_half_an_hour(
    lake: Lake, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    entity = lake.entity(WRONG_FIRM)
    where = reverse("credit_entity", args=[entity])
    first, second = sign_in("steward"), sign_in("stranger")
    say_purpose(first, "stewardship", entity)
    name = credit_purpose.COOKIE.name
    second.cookies[name] = first.cookies[name].value
    assert "为什么要看这个主体" in words(second.get(where))
    monkeypatch.setattr(cookies, "MINUTES", -1)
    assert "为什么要看这个主体" in words(first.get(where))


def test_a_purpose_that_is_not_ones_own_is_not_offered(lake: Lake, sign_in: SignIn) -> None:
    client = sign_in("stranger")
    assert look(client, code_of(WRONG_FIRM)) == ""
    answer = client.post(
        reverse("credit_look"), {"code": code_of(WRONG_FIRM), "purpose": "stewardship"}
    )
    assert "请选择列出的查询目的" in words(answer)
    assert look(client, code_of(WRONG_FIRM), "public")
    del lake


def test_where_a_purpose_does_not_reach_another_is_asked_for(lake: Lake, sign_in: SignIn) -> None:
    """The fire brigade keeps nothing about a firm that it has not checked."""
    client, entity = sign_in("fire"), lake.entity(WRONG_FIRM)
    say_purpose(client, "stewardship", entity)
    answer = client.get(reverse("credit_entity", args=[entity]))
    assert answer.status_code == REFUSED
    text = words(answer)
    assert "只供" in text
    assert "为什么要看这个主体" in text
    assert MISPLACED not in text


def test_an_unknown_code_is_told_and_stays_in_the_form_alone(lake: Lake, sign_in: SignIn) -> None:
    answer = sign_in("steward").post(
        reverse("credit_look"), {"code": "91210200000000000F", "purpose": "stewardship"}
    )
    assert answer.status_code == GONE
    text = text_of(answer)
    assert "没有这个主体的信用记录" in text
    assert text.count("91210200000000000F") == text.count('value="91210200000000000F"') == 1
    del lake


def test_each_look_is_logged_and_without_the_log_nothing_is_shown(
    lake: Lake, sign_in: SignIn, settings: Settings
) -> None:
    entity = lake.entity(WRONG_FIRM)
    client = sign_in("steward")
    say_purpose(client, "stewardship", entity)

    def lines() -> int:
        return sum(len(path.read_bytes().splitlines()) for path in reads.glob("*.jsonl"))

    reads = Path(settings.YINUO_READS)
    before = lines()
    where = reverse("credit_entity", args=[entity])
    assert MISPLACED in words(client.get(where))
    assert lines() == before + 1
    assert code_of(WRONG_FIRM).encode() not in b"".join(
        path.read_bytes() for path in reads.glob("*.jsonl")
    )
    blocked = lake.folder / "a file"
    blocked.touch()
    settings.YINUO_READS = blocked / "reads"
    answer = client.get(where)
    assert answer.status_code == CLOSED
    assert MISPLACED not in words(answer)


# ── joins and releases ─────────────────────────────────────────────────────────────────────────


def test_a_split_is_told_at_once_and_acts_with_the_next_release(
    lake: Lake, sign_in: SignIn
) -> None:
    client, entity = sign_in("steward"), lake.entity(WRONG_FIRM)
    record = lake.facts(WRONG_FIRM)["penalty"][0].record
    say_purpose(client, "stewardship", entity)
    page = reverse("credit_split", args=[entity, record])
    assert MISPLACED in words(client.get(page))
    assert client.post(page, {"reason": REASON}).status_code == INVALID
    typed = {"reason": REASON, "case": "YY-1"}
    assert client.post(page, typed).status_code == DONE
    assert client.post(page, typed).status_code == CONFLICT
    shown = words(client.get(reverse("credit_entity", args=[entity])))
    assert "已拆分，下一个数据版本生效" in shown
    assert REASON in shown
    publish(lake.city, at=NOW)
    shown = words(client.get(reverse("credit_entity", args=[entity])))
    assert MISPLACED not in shown
    assert client.get(page).status_code == CONFLICT
    text = read(client, "credit_judgements")
    assert "第1号：从主体名下拆分，编号YY-1" in text
    assert "信甲·待封存" in text
    assert "人的判断1条" in read(client, "credit_releases")


def test_before_the_first_release(
    db: None, tmp_path: Path, settings: Settings, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    del db
    monkeypatch.setattr(clock, "now", lambda: NOW)
    prepare(tmp_path, settings)
    open_city()
    client = sign_in("steward")
    assert "还没有来过数据" in read(client, "credit_sources")
    assert "还没有发布过数据版本" in read(client, "credit_releases")
    assert "还没有人判断过" in read(client, "credit_judgements")
    answer = client.get(reverse("credit_proposals"))
    assert answer.status_code == CONFLICT
    assert "还没有发布过信用数据" in words(answer)


def proposed(lake: Lake) -> ProposalView:
    """The only one."""
    found = proposals.proposals(means=means(), viewer=lake.city["steward"], at=NOW)
    (row,) = found.rows
    return row


def test_what_a_model_proposes_is_confirmed_by_a_person(lake: Lake, sign_in: SignIn) -> None:
    client, row = sign_in("steward"), proposed(lake)
    assert "penalty" not in lake.facts(NAMELESS_FIRM)
    assert "共1条" in read(client, "credit_proposals")
    page = reverse("credit_proposal", args=[row.record])
    text = words(client.get(page))
    assert NAMELESS in text
    assert "名称全称一致" in text
    assert "提交" not in words(sign_in("auditor").get(page))
    typed = {"decision": "confirm", "reason": "核对法定代表人", "case": ""}
    assert sign_in("auditor").post(page, typed).status_code == REFUSED
    assert client.post(page, {**typed, "decision": ""}).status_code == INVALID
    assert client.post(page, typed).status_code == DONE
    assert client.get(page).status_code == GONE
    assert "没有待确认的关联" in read(client, "credit_proposals")
    publish(lake.city, at=NOW)
    (fact,) = lake.facts(NAMELESS_FIRM)["penalty"]
    assert fact.how == "judged"
    say_purpose(client, "stewardship")
    shown = words(client.get(reverse("credit_entity", args=[lake.entity(NAMELESS_FIRM)])))
    assert "人工确认" in shown


def test_what_is_rejected_is_not_proposed_again(lake: Lake, sign_in: SignIn) -> None:
    client, row = sign_in("steward"), proposed(lake)
    page = reverse("credit_proposal", args=[row.record])
    typed = {"decision": "reject", "reason": "同名的另一家", "case": "HC-2"}
    assert client.post(page, typed).status_code == DONE
    publish(lake.city, at=NOW)
    assert "没有待确认的关联" in read(client, "credit_proposals")
    assert "penalty" not in lake.facts(NAMELESS_FIRM)
    assert "从主体名下拆分，编号HC-2" in read(client, "credit_judgements")
