"""Projects over HTTP: the same as the pages, for the same viewer."""

import pytest
from django.test import Client

from tests.city import City
from tests.project_register import BRIDGE, HIDDEN, PARK, SECRET_PROJECT, YI, put_projects
from tests.visits import SignIn

pytestmark = pytest.mark.django_db


def test_the_list_and_one_project(small_city: City, sign_in: SignIn) -> None:
    put_projects(small_city)
    anyone: Client = sign_in("")
    found = anyone.get("/api/v1/projects?limit=2").json()
    assert found["total"] == 3
    assert [item["code"] for item in found["items"]] == [PARK, BRIDGE]
    assert found["items"][0]["total_investment"] == 5 * YI
    assert found["items"][0]["state"] == "building"
    rest = anyone.get(found["next"]).json()
    assert (len(rest["items"]), rest["next"]) == (1, None)
    assert SECRET_PROJECT not in anyone.get("/api/v1/projects").content.decode()
    assert anyone.get("/api/v1/projects?state=building&industry=48").json()["total"] == 1
    assert anyone.get("/api/v1/projects?state=nowhere").status_code == 422
    assert anyone.get("/api/v1/projects?cursor=bm90aGluZw").status_code == 400

    one = anyone.get(f"/api/v1/projects/{PARK}").json()
    assert one["longitude"] == "121.261"
    assert [s["stage"] for s in one["stages"]] == ["signed", "started", "completed"]
    assert one["promises"] == [f"{PARK}-completed"]
    assert [f["progress"] for f in one["figures"]] == ["30"]
    assert [
        f["progress"] for f in sign_in("lushun").get(f"/api/v1/projects/{PARK}").json()["figures"]
    ] == ["45", "30"]
    assert anyone.get(f"/api/v1/projects/{HIDDEN}").status_code == 404
