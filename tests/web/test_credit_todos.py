"""What waits for officers of credit data, what earlier steps said, and who the head names."""

from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.visits import words
from tests.web import report_city
from tests.web.credit_city import MARCH, NOW, Lake, make_lake, prepare
from tests.web.report_city import OF_2025, OF_2026, Trial, make_trial, sign_in_as
from yinuo.credit import matters
from yinuo.credit.commands import batches as batch_commands
from yinuo.credit.commands.repairs import revoke_repair
from yinuo.credit.queries.batches import batch
from yinuo.credit.queries.objections import objections
from yinuo.credit.queries.repairs import repair
from yinuo.supervision.todo import ToDo
from yinuo.web import clock, credit_todos
from yinuo.web.credit import means

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FIRST, SECOND = "先放行，日期下一批补。", "系统导出时漏了日期，已重新导出。"


@pytest.fixture
def lake(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    prepare(tmp_path, settings)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return make_lake(tmp_path)


@pytest.fixture
def trial(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trial:
    report_city.prepare(tmp_path, settings)
    monkeypatch.setattr(clock, "now", lambda: report_city.NOW)
    return make_trial(tmp_path)


def held(lake: Lake, who: str) -> list[tuple[str, tuple[str, ...]]]:
    lines = credit_todos.of_batches(viewer=lake.city[who], today=NOW.date())
    return [(line.what, line.args) for line in lines]


def test_a_held_batch_waits_for_its_source_then_for_another_person(lake: Lake) -> None:
    code, given = lake.refused.batch, means()
    assert held(lake, "fire") == [("处理未通过检查的批次", (code,))]
    assert held(lake, "market") == held(lake, "auditor") == held(lake, "stranger") == []
    batch_commands.ask_waiver(
        batch=code, reason="系统升级", means=given, by=lake.city["steward"], at=NOW
    )
    assert held(lake, "fire") == held(lake, "steward") == []
    assert held(lake, "steward2") == [("决定是否放行", (code,))]


def test_joins_wait_in_one_line_and_no_look_is_logged(lake: Lake) -> None:
    before = means().reads.root()

    def lines(who: str) -> tuple[ToDo, ...]:
        return credit_todos.of_joins(viewer=lake.city[who], today=NOW.date())

    (line,) = lines("steward")
    assert line.page == "credit_proposals"
    assert lines("market") == lines("auditor") == lines("supervisor") == ()
    assert means().reads.root() == before


def test_withdrawing_keeps_what_was_decided_before(lake: Lake) -> None:
    code, given, steward = lake.refused.batch, means(), lake.city["steward"]
    batch_commands.ask_waiver(batch=code, reason="系统升级", means=given, by=steward, at=NOW)
    batch_commands.decide_waiver(
        batch=code, approve=True, reason=FIRST, means=given, by=lake.city["steward2"], at=NOW
    )
    batch_commands.withdraw(batch=code, reason=SECOND, means=given, by=steward, at=NOW)
    found = batch(code=code, means=given, viewer=steward)
    told = [(one.label, one.words) for one in found.story]
    assert told[-3:] == [("申请放行", "系统升级"), ("准予放行", FIRST), ("撤回", SECOND)]
    assert (found.reason, found.decision) == ("系统升级", SECOND)
    assert MARCH <= found.story[0].at <= NOW


def test_a_revoked_repair_still_says_why_it_was_granted(trial: Trial) -> None:
    code = trial.repaired(OF_2025)
    revoke_repair(
        repair=code,
        reason="凭证不实。",
        means=means(),
        by=trial.city["steward"],
        at=report_city.NOW,
    )
    found = repair(code=code, means=means(), viewer=trial.city["steward"])
    told = {one.label: (one.who, one.words) for one in found.story}
    assert told["准予修复"][1] == "缴款凭证与决定书核对相符"
    assert told["撤销修复"][1] == found.answer == "凭证不实。"
    assert told["申请修复"][0] == "本人"


def test_objections_come_in_pages(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matters, "PAGE", 1)
    codes = [trial.object(OF_2025), trial.object(OF_2026)]
    pages = [
        objections(means=means(), viewer=trial.city["steward"], page=number)
        for number in (1, 2, 99)
    ]
    assert [page.rows[0].code for page in pages] == [codes[0], codes[1], codes[1]]
    assert {(page.total, page.pages) for page in pages} == {(2, 2)}
    client = Client()
    client.force_login(get_user_model().objects.get(username="steward"))
    page = client.get(reverse("credit_objections"), {"state": "all", "page": "2"})
    assert codes[1] in words(page)
    assert codes[0] not in words(page)


@pytest.mark.parametrize("page", ["board", "mine", "benefits"])
def test_the_head_says_who_is_signed_in(trial: Trial, page: str) -> None:
    client = Client()
    sign_in_as(client, trial.subject)
    answer = client.get(reverse(page))
    head = answer.content.decode().partition("</header>")[0]
    assert trial.subject.name in head
    assert reverse("subject_sign_out") in head
    assert reverse("signin") not in head
    assert answer["Cache-Control"] == "private, no-store"


def test_nobody_is_said_to_be_signed_in(trial: Trial) -> None:
    answer = Client().get(reverse("board"))
    head = answer.content.decode().partition("</header>")[0]
    assert reverse("signin") in head
    assert trial.subject.name not in head


def test_the_first_page_of_a_firm_tells_where_its_matters_stand(trial: Trial) -> None:
    code = trial.object(OF_2026)
    own, other = Client(), Client()
    sign_in_as(own, trial.subject)
    sign_in_as(other, trial.other)
    assert code in words(own.get(reverse("mine")))
    assert code not in words(other.get(reverse("mine")))
