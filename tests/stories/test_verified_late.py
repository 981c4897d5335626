"""A unit finishes after its deadline; the check confirms it, and late stays late."""

import pytest
from django.test import Client

from tests.city import PASSWORD, City
from tests.visits import words


@pytest.mark.django_db
def test_delivered_and_verified_late(city: City) -> None:
    citizen, officer, supervisor = Client(), Client(), Client()
    assert "■逾期" in words(citizen.get("/commitments/LS-001/"))

    officer.post("/signin/", {"username": "lushun", "password": PASSWORD})
    officer.post(
        "/commitments/LS-001/deliver/",
        {"version": 2, "delivered_date": "2024-07-12", "note": "七项全部办结，清单附后"},
    )
    waiting = words(citizen.get("/commitments/LS-001/"))
    assert "◆待核实责任单位申报于2024年7月12日完成。核实之前不算已兑现。" in waiting
    assert "已兑现0项，逾期0项" in words(citizen.get("/"))

    supervisor.post("/signin/", {"username": "supervisor", "password": PASSWORD})
    rejected = {"version": 3, "note": "第三项没有办结凭证"}
    supervisor.post("/commitments/LS-001/reject/", rejected)
    officer.post(
        "/commitments/LS-001/deliver/",
        {"version": 4, "delivered_date": "2024-07-14", "note": "补齐第三项凭证"},
    )
    supervisor.post("/commitments/LS-001/verify/", {"version": 5, "note": "逐项核对原件"})

    kept = words(citizen.get("/commitments/LS-001/"))
    assert "✓逾期兑现完成于2024年7月14日，督查人已核实。" in kept
    assert "退回：未核实" in kept
    assert "第三项没有办结凭证" in kept
    board = words(citizen.get("/"))
    assert "已兑现1项，逾期0项" in board
    assert "0.0%按原定时限兑现0项÷原定时限已到1项。" in board
