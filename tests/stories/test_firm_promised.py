"""A firm promises to have its record repaired: its word is seen by all and is not the city's."""

import json
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.visits import SignIn, words
from tests.web.report_city import NOW, OF_2026, make_trial, prepare
from yinuo.web import clock


@pytest.mark.slow
@pytest.mark.django_db
def test_firm_promised(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, sign_in: SignIn
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    prepare(tmp_path, settings)
    trial = make_trial(tmp_path)
    anyone = Client()
    before = words(anyone.get("/"))
    counted = before[before.index("公开承诺") : before.index("查一项承诺")]
    assert "企业和群众向城市作出的承诺" not in before

    code = trial.ask(OF_2026)
    officer, page = sign_in("steward"), f"/work/credit/repairs/{code}/?do=accept"
    version = officer.get(page).context["it"].version
    assert officer.post(page, {"version": version}).status_code == 302

    after = words(anyone.get("/"))
    assert counted in after
    assert "企业和群众向城市作出的承诺" in after
    assert "信用修复承诺1001000" in after
    assert f"{code}-CN" not in words(anyone.get("/commitments/"))
    theirs = words(anyone.get("/commitments/?promisor=others"))
    assert f"{code}-CN" in theirs
    assert "承诺人" in theirs
    assert "未明确责任单位" not in theirs
    assert trial.subject.name in theirs
    own = words(anyone.get(f"/commitments/{code}-CN/"))
    assert f"承诺人{trial.subject.name}企业和群众向城市作出的承诺，不计入总览的各数" in own

    plain, others = (
        json.loads(anyone.get("/api/v1/commitments", {"promisor": who}).content)
        for who in ("city", "others")
    )
    assert [row["code"] for row in others["items"]] == [f"{code}-CN"]
    assert others["items"][0]["promisor"] == "others"
    assert {row["promisor"] for row in plain["items"]} <= {"city"}
