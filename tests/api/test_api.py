"""What an engineer reads over HTTP."""

from typing import Any

import pytest
from django.test import Client

from tests.city import SECRETS
from tests.visits import SignIn

PROBLEM = "application/problem+json"


def read(client: Client, path: str, **parameters: str | int) -> Any:
    answer = client.get(f"/api/v1{path}", parameters)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def refused(client: Client, path: str, status: int, **parameters: str | int) -> Any:
    answer = client.get(f"/api/v1{path}", parameters)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == PROBLEM
    found = answer.json()
    assert found["status"] == status
    assert found["instance"] == f"/api/v1{path}"
    return found


def test_the_list_holds_what_the_page_shows(anyone: Client) -> None:
    found = read(anyone, "/commitments")
    assert found["total"] == 5
    assert found["next"] is None
    first = found["items"][0]
    assert first["code"] == "LS-001"
    assert first["due"] == "2024-06-30"
    assert first["debtor"] == "210212"
    assert first["status"] == "open"


def test_pages_follow_each_other_without_gap_or_repetition(anyone: Client) -> None:
    whole = [item["code"] for item in read(anyone, "/commitments")["items"]]
    seen: list[str] = []
    address: str | None = "/api/v1/commitments?limit=2"
    while address:
        page = anyone.get(address).json()
        assert len(page["items"]) <= 2
        seen += [item["code"] for item in page["items"]]
        address = page["next"]
    assert seen == whole


def test_filters_narrow_and_stay_in_the_next_address(anyone: Client) -> None:
    found = read(anyone, "/commitments", unit="210212", limit=1)
    assert found["total"] == 3
    assert "unit=210212" in found["next"]
    assert "kept" in read(anyone, "/states")
    assert read(anyone, "/commitments", state="kept")["total"] == 1


def test_one_commitment_whole_with_its_history(anyone: Client) -> None:
    found = read(anyone, "/commitments/LS-001")
    assert (found["operator"], found["value"], found["unit"]) == ("eq", "7", "项")
    assert found["source"]["title"] == "2024年行动方案"
    history = read(anyone, "/commitments/LS-003/history")
    assert [event["verb"] for event in history][-1] == "commitment.registered"
    assert history[0]["verb"] == "change.asked"
    assert history[0]["why"] == "先定下来"


def test_what_moved_tells_who_asked_and_why(anyone: Client) -> None:
    (found,) = read(anyone, "/changes")["items"]
    assert (found["code"], found["kind"], found["status"]) == ("LS-003/C1", "moved", "asked")
    assert found["asked"]["why"] == "先定下来"
    assert found["decided"] is None
    assert read(anyone, "/changes", status="approved")["items"] == []
    assert refused(anyone, "/changes", 422, since="2024-02-31")["errors"][0]["field"] == "since"


def test_observations_units_and_the_ledger(anyone: Client) -> None:
    assert read(anyone, "/observations")["items"][0]["code"] == "OB-1"
    assert read(anyone, "/observations/OB-1")["figure"]
    units = {unit["code"]: unit["name"] for unit in read(anyone, "/units")}
    assert units["210212"] == "旅顺口区"
    assert read(anyone, "/units/210212")["gb_code"] == "210212"
    assert read(anyone, "/ledger")["unsealed"] > 0
    story = read(anyone, "/ledger/threads/commitment:LS-001")
    assert [entry["index"] for entry in story["entries"]] == [None] * len(story["entries"])


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/commitments/NONE", "COMMIT-E002"),
        ("/commitments/LS-009", "COMMIT-E002"),
        ("/commitments/LS-009/history", "COMMIT-E002"),
        ("/observations/OB-9", "COMMIT-E002"),
        ("/units/999999", "PARTY-E006"),
        ("/ledger/threads/commitment:LS-009", "API-E002"),
        ("/nothing/here", ""),
    ],
)
def test_what_is_not_there_or_not_public_is_a_problem(anyone: Client, path: str, code: str) -> None:
    found = refused(anyone, path, 404)
    assert found["code"] == code
    assert found["detail"]


@pytest.mark.parametrize("cursor", ["%%%", "5pel", "AA", "é"])
def test_a_cursor_nobody_gave_is_refused(anyone: Client, cursor: str) -> None:
    assert refused(anyone, "/commitments", 400, cursor=cursor)["next"]


@pytest.mark.parametrize("limit", ["0", "201", "many"])
def test_a_bad_parameter_is_named(anyone: Client, limit: str) -> None:
    assert refused(anyone, "/commitments", 422, limit=limit)["errors"][0]["field"] == "limit"


@pytest.mark.parametrize("path", ["/commitments", "/observations", "/projects"])
def test_a_parameter_that_no_database_holds_is_named(anyone: Client, path: str) -> None:
    assert refused(anyone, path, 422, text="港\0口")["errors"][0]["field"] == "text"


def test_nothing_is_called_by_what_no_database_holds(anyone: Client) -> None:
    assert refused(anyone, "/observations/LS\0", 404)["status"] == 404


def test_only_reading_is_offered(anyone: Client) -> None:
    answer = anyone.post("/api/v1/commitments", {})
    assert answer.status_code == 405
    assert answer.headers["Content-Type"] == PROBLEM
    assert "GET" in answer.headers["Allow"]


def test_a_session_sees_what_its_duties_allow_and_nobody_else_does(
    anyone: Client, sign_in: SignIn
) -> None:
    officer = sign_in("lushun")
    assert read(officer, "/commitments/LS-009")["code"] == "LS-009"
    paths = ["/commitments", "/commitments/LS-001", "/observations", "/units", "/ledger"]
    said = "".join(anyone.get(f"/api/v1{path}").content.decode() for path in paths)
    assert [secret for secret in SECRETS if secret in said] == []
    assert officer.get("/api/v1/commitments").headers["Cache-Control"] == "private, no-store"


def test_every_operation_is_described(anyone: Client) -> None:
    described = read(anyone, "/openapi.json")
    operations = [o for path in described["paths"].values() for o in path.values()]
    assert len(operations) >= 9
    assert all(o.get("summary") and o.get("description") for o in operations)
    assert "Problem" in described["components"]["schemas"]
