"""One style sheet holds them all, in whatever way it is asked for."""

import gzip
import re
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from yinuo.web import apps
from yinuo.web.styles import PAPER, SCREEN, sheet, style_sheet

OURS = Path(apps.__file__).parent / "static" / "yinuo"
ELSEWHERE = {"yinuo/archive.css", "yinuo/snapshots-print.css"}
"""Of the archive, and of pages that are printed across."""


def test_every_style_sheet_of_ours_is_in_it() -> None:
    ours = {f"yinuo/{path.name}" for path in OURS.glob("*.css")}
    assert ours == {*SCREEN, PAPER} | ELSEWHERE
    text = style_sheet().text.decode()
    assert all(sheet(name) in text for name in (*SCREEN, PAPER))


@pytest.mark.django_db
def test_every_file_that_it_names_is_there_and_kept_for_ever(client: Client) -> None:
    named = re.findall(r"url\(([^)]+)\)", style_sheet().text.decode())
    assert len(named) > 50
    for address in named:
        path = urlsplit(address)
        assert finders.find(path.path.removeprefix("/static/"))
        assert path.query
    with closing(client.get(named[0])) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("accepts", ["gzip, deflate, br", "identity"])
def test_it_comes_packed_to_whoever_unpacks(client: Client, accepts: str) -> None:
    answer = client.get(
        reverse("styles", args=[style_sheet().digest]), headers={"accept-encoding": accepts}
    )
    packed = answer.headers.get("Content-Encoding") == "gzip"
    assert packed == ("gzip" in accepts)
    content = gzip.decompress(answer.content) if packed else answer.content
    assert content == style_sheet().text
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_an_earlier_one_is_the_present_one_and_not_kept(client: Client) -> None:
    answer = client.get(reverse("styles", args=["01234567"]))
    assert answer.content == style_sheet().text
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.django_db
def test_a_page_asks_for_it_alone(client: Client) -> None:
    for path in ("/about/", "/en/about/", "/no-such-page/"):
        page = client.get(path).content.decode()
        assert re.findall(r'rel="stylesheet" href="([^"]+)"', page) == [
            f"/styles/{style_sheet().digest}.css"
        ]
