"""Fixtures for looking at the small city through its pages, on a day in July."""

import html
import re
from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from tests.city import JULY, City, make_city
from yinuo.web import clock

SignIn = Callable[[str], Client]


@pytest.fixture
def july(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages take it to be 15 July 2024."""
    monkeypatch.setattr(clock, "now", lambda: JULY)


@pytest.fixture
def city(db: None, july: None, settings: Settings) -> City:
    settings.YINUO_CITY = "大连市"
    return make_city()


@pytest.fixture
def sign_in() -> SignIn:
    """A client in which this user is signed in; an empty name gives anyone's."""

    def start(username: str) -> Client:
        client = Client()
        if username:
            client.force_login(get_user_model().objects.get(username=username))
        return client

    return start


def body(answer: HttpResponseBase) -> bytes:
    """Everything an answer holds; a streamed one is read to its end and so closed."""
    return b"".join(answer)


def words(answer: HttpResponseBase) -> str:
    """The text of a page as a reader sees it, without spaces."""
    text = re.sub(r"<[^>]+>", "", body(answer).decode())
    return re.sub(r"\s+", "", html.unescape(text))
