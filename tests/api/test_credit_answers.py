"""Questions that systems of institutions ask over the API: scopes, pace, repetition, silence."""

import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from tests.credit.asking.counter import HOSPITAL, NOBODY, NOW, Counter, make_counter, prepare
from yinuo.api.answer_errors import SameAdministrator, WrongKeyState
from yinuo.api.commands.answer_keys import approve_key, ask_key, end_key, renew_key
from yinuo.api.models import AnswerKey, AskedNumber, GivenAnswer
from yinuo.api.queries.answer_keys import answer_keys
from yinuo.commitments.errors import Invalid
from yinuo.kernel.resident_id import check_character
from yinuo.ledger.models import Entry
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.asking import asking

ADDRESS = "/api/v1/credit/answers"
PROBLEM = "application/problem+json"


class Clock:
    at = NOW


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Clock:
    one = Clock()
    monkeypatch.setattr(clock, "now", lambda: one.at)
    return one


@pytest.fixture
def counter(db: None, settings: Settings, tmp_path: Path, day: Clock) -> Counter:
    prepare(tmp_path, settings)
    return make_counter(tmp_path)


def make_key(counter: Counter, code: str = "hospital", **changes: Any) -> str:
    """An approved key of the hospital; returns the token."""
    asked: dict[str, Any] = {
        "title": "收费系统",
        "unit": HOSPITAL,
        "scenarios": ("medicine",),
        "asking": asking(),
        "by": counter.city["admin"],
        "at": NOW,
    }
    made = ask_key(code=code, **asked | changes)
    approve_key(code=code, by=counter.city["admin2"], at=NOW)
    return made.token


@pytest.fixture
def token(counter: Counter) -> str:
    return make_key(counter, per_minute=60_000)


def number(place: int) -> str:
    """A valid number of nobody: county 210299 does not exist."""
    body = f"2102991990{place // 28 % 12 + 1:02}{place % 28 + 1:02}{place // 336:03}"
    return body + check_character(body)


def post(token: str, body: object, **headers: str) -> Any:
    """A question as a system sends it."""
    given = {"Authorization": f"Bearer {token}"} if token else {}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client().post(
        ADDRESS,
        json.dumps(body) if not isinstance(body, bytes) else body,
        content_type="application/json",
        headers=given | named,
    )


def question(who: str = NOBODY, scenario: str = "medicine", kind: str = "person") -> dict[str, str]:
    return {"scenario": scenario, "kind": kind, "number": who}


def test_a_yes_with_its_reason_and_days(counter: Counter) -> None:
    counter.consent(NOBODY)
    answer = post(make_key(counter), question())
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json; charset=utf-8")
    assert answer.json() == {
        "scenario": "medicine",
        "answer": "yes",
        "outcome": "可以先诊疗后付费",
        "reason": "没有到期未付的诊疗费",
        "on": "2024-03-07",
        "until": "2024-03-08",
        "as_of": "2024-03-04",
    }
    (line,) = counter.looks()
    look = json.loads(line)
    assert (look["reader"], look["capacity"]) == ("key:hospital", f"system:{HOSPITAL}")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (question(), 403, "CREDIT-E174"),
        (question(scenario="tourism"), 403, "CREDIT-E174"),
        (question(scenario="horoscope"), 404, "CREDIT-E171"),
        (question("110105194912310021"), 422, "CREDIT-E178"),
        (question(kind="dog"), 422, ""),
        ({}, 422, ""),
        (b"{", 400, ""),
    ],
)
def test_every_refusal_is_a_problem(counter: Counter, body: object, status: int, code: str) -> None:
    answer = post(make_key(counter), body)
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    assert answer.json()["code"] == code
    assert counter.looks() == []


def test_without_a_key_or_with_a_wrong_one_nothing_is_read(counter: Counter) -> None:
    token = make_key(counter)
    for wrong in ("", "x", token[:-1]):
        answer = post(wrong, b"{")
        assert (answer.status_code, answer.json()["code"]) == (401, "CREDIT-E184")


def test_a_key_has_two_administrators_and_ends(counter: Counter) -> None:
    made = ask_key(
        code="one",
        title="系统",
        unit=HOSPITAL,
        scenarios=["medicine"],
        asking=asking(),
        by=counter.city["admin"],
        at=NOW,
    )
    assert post(made.token, question()).status_code == 401
    with pytest.raises(SameAdministrator):
        approve_key(code="one", by=counter.city["admin"], at=NOW)
    with pytest.raises(NotAllowed):
        approve_key(code="one", by=counter.city["hospital"], at=NOW)
    approve_key(code="one", by=counter.city["admin2"], at=NOW)
    assert post(made.token, question()).status_code == 403
    fresh = renew_key(code="one", by=counter.city["admin"], at=NOW)
    assert post(made.token, question()).status_code == 401
    assert post(fresh.token, question()).status_code == 403
    assert [one.code for one in answer_keys(viewer=counter.city["admin"])] == ["one"]
    end_key(code="one", by=counter.city["admin"], at=NOW)
    assert post(fresh.token, question()).status_code == 401
    assert answer_keys(viewer=counter.city["admin"]) == ()
    with pytest.raises(WrongKeyState):
        approve_key(code="one", by=counter.city["admin2"], at=NOW)
    told = Entry.objects.filter(subject="answer_key:one").order_by("version")
    assert list(told.values_list("verb", flat=True)) == [
        "answer_key.asked",
        "answer_key.approved",
        "answer_key.renewed",
        "answer_key.ended",
    ]


def test_only_the_hash_of_a_key_is_kept(counter: Counter) -> None:
    token = make_key(counter)
    row = AnswerKey.objects.get(pk="hospital")
    assert token not in json.dumps({f.name: str(getattr(row, f.name)) for f in row._meta.fields})


def test_a_key_asks_only_what_its_unit_may(counter: Counter) -> None:
    with pytest.raises(Invalid) as refused:
        make_key(counter, scenarios=("medicine", "finance", "x"), per_minute=0, title="", unit="??")
    assert {field for field, _ in refused.value.faults} == {
        "title",
        "unit",
        "scenarios",
        "per_minute",
    }


def test_a_key_that_asks_too_often_waits(counter: Counter, day: Clock) -> None:
    counter.consent(NOBODY)
    token = make_key(counter, per_minute=3)
    assert [post(token, question()).status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = post(token, question())
    assert (answer["Content-Type"], answer.json()["code"]) == (PROBLEM, "CREDIT-E185")
    wait = int(answer["Retry-After"])
    assert 0 < wait <= 60
    day.at += timedelta(seconds=wait)
    assert post(token, question()).status_code == 200
    assert len(counter.looks()) == 4, "what was not answered was not looked at"


def test_trying_number_after_number_is_slowed(counter: Counter, day: Clock) -> None:
    counter.consent(NOBODY)
    token = make_key(counter, numbers_a_day=3)
    assert post(token, question()).status_code == 200
    tries = [post(token, question(number(n))).status_code for n in range(4)]
    assert tries == [403, 403, 429, 429]
    assert post(token, question()).status_code == 200, "a number asked about today goes on"
    wait = int(post(token, question(number(9)))["Retry-After"])
    day.at += timedelta(seconds=wait)
    assert [post(token, question(number(n))).status_code for n in (9, 10)] == [403, 429]
    day.at += timedelta(days=1)
    assert post(token, question(number(10))).status_code == 403
    assert AskedNumber.objects.count() == 1, "yesterday's are gone"


def test_the_same_question_again_is_answered_the_same_and_counts_once(
    counter: Counter, day: Clock
) -> None:
    counter.consent(NOBODY)
    token = make_key(counter, per_minute=2)
    first = post(token, question(), Idempotency_Key="k-1")
    again = [post(token, question(), Idempotency_Key="k-1").json() for _ in range(5)]
    assert again == [first.json()] * 5
    assert len(counter.looks()) == 1
    other = post(token, question(number(1)), Idempotency_Key="k-1")
    assert (other.status_code, other.json()["code"]) == (422, "CREDIT-E186")
    day.at += timedelta(days=1, seconds=1)
    assert post(token, question(), Idempotency_Key="k-1").status_code == 200
    assert len(counter.looks()) == 2
    assert GivenAnswer.objects.count() == 1


def test_two_keys_do_not_see_each_others_answers(counter: Counter) -> None:
    counter.consent(NOBODY)
    one, two = make_key(counter), make_key(counter, "second")
    post(one, question(), Idempotency_Key="k")
    assert post(two, question(number(1)), Idempotency_Key="k").status_code == 403


def test_no_number_is_ever_logged(
    counter: Counter, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither of an answer nor of a refusal nor of a fault of ours."""
    caplog.set_level(logging.DEBUG)
    counter.consent(NOBODY)
    token = make_key(counter, per_minute=5)
    asked = [question(), question(number(1)), question(NOBODY[:-1] + "1"), question(kind="firm")]
    statuses = [post(token, one).status_code for one in asked]
    assert statuses == [200, 403, 422, 422]

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("yinuo.credit.reads.files._put", full)
    assert post(token, question()).status_code == 503
    assert [post(token, question()).status_code for _ in range(4)][-1] == 429
    logged = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    assert "answers" in logged
    for secret in (NOBODY, NOBODY[:-1], number(1), number(1)[6:14], token):
        assert secret not in logged


@pytest.mark.slow
@hypothesis_settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=50),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["scenario", "kind", "number", "x"]), inner, max_size=4
            )
        ),
        max_leaves=6,
    ),
    once=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=210),
)
def test_whatever_is_sent_is_answered_for(token: str, body: object, once: str) -> None:
    answer = post(token, body, Idempotency_Key=once)
    assert answer.status_code in {200, 400, 401, 403, 404, 422, 429}
    assert answer["Content-Type"] == PROBLEM or answer.status_code == 200


def test_it_is_described_with_its_key(counter: Counter) -> None:
    described = Client().get("/api/v1/openapi.json").json()
    operation = described["paths"][ADDRESS]["post"]
    assert operation["security"] == [{"AnswerKey": []}]
    scheme = described["components"]["securitySchemes"]["AnswerKey"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert {"401", "403", "429"} <= operation["responses"].keys()
    assert "Idempotency-Key" in [each["name"] for each in operation["parameters"]]
