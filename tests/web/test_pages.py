"""What holds for every page: the policy, the markup, one filled button."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from pytest_django import Settings

from tests.city import City
from tests.visits import SignIn, body
from tests.web.routes import GET, VIEWERS, make_history

pytestmark = pytest.mark.django_db

DEMO = "演示数据"
POLICY = "Content-Security-Policy"
FIELDS = {"input", "select", "textarea"}
SILENT = {"hidden", "submit"}


@dataclass
class Markup(HTMLParser):
    """The faults of a page's markup, and a few counts."""

    faults: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    labelled: set[str] = field(default_factory=set)
    to_label: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    headings: int = 0
    filled: int = 0
    language: str = ""
    inside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.inside.append(tag)
        self.check(tag, given)
        if tag == "html":
            self.language = given.get("lang", "")
        self.headings += tag == "h1"
        self.filled += "button-main" in given.get("class", "").split()
        if tag == "label" and "for" in given:
            self.labelled.add(given["for"])
        if tag in FIELDS and given.get("type") not in SILENT and self.inside.count("label") == 0:
            self.to_label.add(given.get("id", f"<{tag}>"))

    def check(self, tag: str, given: dict[str, str]) -> None:
        own_module = given.get("type") == "module" and given.get("src", "").startswith("/static/")
        # Data that a module reads; a browser runs nothing of it.
        harmless = own_module or (given.get("type") == "application/json" and "src" not in given)
        if tag in {"style", "iframe", "object"} or (tag == "script" and not harmless):
            self.faults.append(f"<{tag}>")
        for name, value in given.items():
            if name == "style" or name.startswith("on"):
                self.faults.append(f"{tag} {name}")
            if name in {"href", "src", "action"} and value.startswith(("http", "//", "javascript")):
                self.faults.append(f"{tag} {name}={value}")
        if "id" in given:
            if given["id"] in self.ids:
                self.faults.append(f"id {given['id']} twice")
            self.ids.add(given["id"])
        self.named |= set(given.get("aria-describedby", "").split())
        self.named |= set(given.get("aria-labelledby", "").split())

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            continue

    def told(self) -> list[str]:
        """Every fault found."""
        faults = [*self.faults]
        faults += [f"no label for {name}" for name in self.to_label - self.labelled]
        faults += [f"nothing has the id {name}" for name in self.named - self.ids]
        if self.headings != 1:
            faults.append(f"{self.headings} h1")
        if self.filled > 1:
            faults.append(f"{self.filled} filled buttons")
        if self.language != "zh-Hans":
            faults.append("no language")
        return faults


# The others read every page of PostgreSQL in test_matrix and test_closed.
@pytest.mark.on_postgresql("pulandian")
@pytest.mark.parametrize("username", VIEWERS)
def test_every_page(city: City, sign_in: SignIn, username: str) -> None:
    make_history(city)
    client = sign_in(username)
    faults = {}
    paths = [reverse(route.name, args=route.args) for route in GET]
    kinds = ("revised", "rescoped", "transferred", "merged", "withdrawn", "corrected")
    paths += [f"/commitments/LS-001/change/?kind={kind}" for kind in kinds]
    paths += ["/nothing", "/commitments/?state=kept", "/commitments/?after=damaged"]
    for path in paths:
        answer = client.get(path)
        raw = body(answer)
        policy = answer.headers.get(POLICY, "")
        found = [] if "default-src 'none'" in policy and "unsafe" not in policy else ["policy"]
        if answer.headers.get("Content-Type", "").startswith("text/html") and raw:
            markup = Markup()
            markup.feed(raw.decode())
            found += markup.told()
        if found:
            faults[path] = found
    assert faults == {}


def test_the_check_finds_faults() -> None:
    """The test above would also pass if it saw nothing."""
    markup = Markup()
    markup.feed('<p style="x" id="a"><b id="a" onclick="y"></b><script></script><input id="z">')
    assert markup.told() == [
        "p style",
        "b onclick",
        "id a twice",
        "<script>",
        "no label for z",
        "0 h1",
        "no language",
    ]


def test_pages_of_a_person_stay_out_of_shared_caches(city: City, sign_in: SignIn) -> None:
    assert sign_in("lushun").get("/").headers["Cache-Control"] == "private, no-store"


@pytest.mark.engine("sqlite")  # the same pages, with a mark that asks nothing
def test_the_demo_mark_stands_on_every_page(
    city: City, sign_in: SignIn, settings: Settings
) -> None:
    settings.YINUO_DEMO_DATE = "2024-07-15"
    client = sign_in("supervisor")
    for route in GET:
        answer = client.get(reverse(route.name, args=route.args))
        raw = body(answer)
        if answer.headers.get("Content-Type", "").startswith("text/html") and raw:
            assert DEMO in raw.decode(), route.name
            assert "2024年7月15日" in raw.decode(), route.name


@pytest.mark.engine("sqlite")  # as above
def test_without_a_demo_nothing_is_called_simulated(city: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    for route in GET:
        assert DEMO not in body(client.get(reverse(route.name, args=route.args))).decode(
            errors="replace"
        )
