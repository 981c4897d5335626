"""不予公开 means: in no list, count, search, feed, export or history of whoever is not entitled."""

import io
import re
import zipfile
from urllib.parse import unquote

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from tests.city import (
    LUSHUN_SECRET,
    MARCH,
    PASSWORD,
    PULANDIAN_SECRET,
    REPORTED_SECRET,
    SECRETS,
    City,
)
from tests.visits import SignIn, body
from tests.web.routes import GET, make_history
from yinuo.commitments.queries.listing import STATES
from yinuo.parties.commands import OPERATOR, open_account

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ENTITLED = {
    "": set(),
    "nobody": set(),
    "lushun": {LUSHUN_SECRET},
    "pulandian": {PULANDIAN_SECRET},
    "supervisor": set(SECRETS),
    "admin": set(SECRETS),
    "auditor": set(SECRETS),
}
ALL = {
    "": 5,
    "nobody": 5,
    "lushun": 10,
    "pulandian": 6,
    "supervisor": 11,
    "admin": 11,
    "auditor": 11,
}
CLOSED = {
    "": 0,
    "nobody": 0,
    "lushun": 1,
    "pulandian": 1,
    "supervisor": 2,
    "admin": 2,
    "auditor": 2,
}
"""Without what the office asked for in rounds and orders."""
CLOSED_ONLY = "内部事项"
"""In the title of closed rows alone."""


@pytest.fixture
def full_city(city: City) -> City:
    make_history(city)
    open_account(username="nobody", name="褚壬", password=PASSWORD, by=OPERATOR, at=MARCH)
    return city


def text_of(answer: HttpResponseBase) -> str:
    """What a reader can find in an answer; of a workbook, everything in the archive."""
    raw = body(answer)
    if "spreadsheet" not in answer.headers.get("Content-Type", ""):
        return raw.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def pages() -> list[str]:
    """Every address of the site, the filtered lists included."""
    found = [reverse(route.name, args=route.args) for route in GET]
    lists = [reverse("commitments"), reverse("commitments_xlsx")]
    for state in STATES:
        found += [f"{page}?state={state}" for page in lists]
    for query in (f"text={CLOSED_ONLY}", "unit=210212", "kind=pledge", "goal=G-1", "text=LS"):
        found += [f"{page}?{query}" for page in lists]
    found += [f"{reverse(name)}?text=未公开" for name in ("observations", "observations_xlsx")]
    found += ["/commitments/PL-001/", "/work/publish/?all=commitments"]
    return found


def secrets_seen(client: Client) -> set[str]:
    return {
        secret
        for page in pages()
        for shown in [text_of(client.get(page))]
        for secret in SECRETS
        if secret in shown
    }


# One of each kind on PostgreSQL; supervisor and administrator read every page in test_matrix.
@pytest.mark.on_postgresql("", "lushun", "auditor")
@pytest.mark.parametrize("username", ENTITLED)
def test_marks_of_closed_rows(full_city: City, sign_in: SignIn, username: str) -> None:
    assert secrets_seen(sign_in(username)) == ENTITLED[username]


@pytest.mark.parametrize("username", ENTITLED)
def test_counts_leave_out_what_is_not_seen(full_city: City, sign_in: SignIn, username: str) -> None:
    client = sign_in(username)
    board = re.sub(r"<[^>]+>", "", text_of(client.get("/")))
    assert re.search(r"承诺 (\d+) 项：", board).group(1) == str(ALL[username])  # type: ignore[union-attr]
    listed = text_of(client.get("/commitments/"))
    assert f"共 {ALL[username]} 项" in listed
    closed = text_of(client.get("/commitments/", {"text": CLOSED_ONLY}))
    assert f"共 {CLOSED[username]} 项" in closed


def test_the_public_score_is_the_same_for_all(full_city: City, sign_in: SignIn) -> None:
    found = set()
    for username in ENTITLED:
        board = text_of(sign_in(username).get("/"))
        found.add(re.search(r'class="figure">\s*([\d.]+%)', board).group(1))  # type: ignore[union-attr]
    assert len(found) == 1


def test_a_closed_code_answers_like_one_that_does_not_exist(
    full_city: City, sign_in: SignIn
) -> None:
    client = sign_in("")
    answers = []
    for code in ("LS-009", "LS-777"):
        for page in (f"/commitments/{code}/", f"/changes/{code}/C1/"):
            answer = client.get(page)
            shown = re.sub(r'value="[^"]+"', "", text_of(answer))
            answers.append((answer.status_code, unquote(shown).replace(code, "")))
    assert answers[:2] == answers[2:]


def test_the_secrets_are_there_to_be_found(full_city: City, sign_in: SignIn) -> None:
    """The tests above would also pass if the marks stood nowhere."""
    client = sign_in("supervisor")
    assert LUSHUN_SECRET in text_of(client.get("/commitments.xlsx"))
    assert PULANDIAN_SECRET in text_of(client.get("/commitments/PL-001/"))
    assert REPORTED_SECRET in text_of(client.get("/observations.xlsx"))
