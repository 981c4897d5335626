"""Somebody at a desk: the browser, the day it is, and who sits there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from tests.browser.fitting import fits
from tests.city import PASSWORD
from yinuo.kernel.filestore import FileStore
from yinuo.parties.commands import (
    OPERATOR,
    NewUnit,
    found_duties,
    open_account,
    register_units,
)
from yinuo.parties.queries import public_viewer_named
from yinuo.parties.viewer import Viewer


@dataclass
class Days:
    """The day that the pages take it to be."""

    at: datetime = datetime(2024, 1, 2, 2, 0, tzinfo=UTC)

    def move_to(self, day: str) -> None:
        """Ten in the morning of that day in China."""
        self.at = datetime.combine(date.fromisoformat(day), datetime.min.time(), tzinfo=UTC)
        self.at += timedelta(hours=2)


@dataclass
class Office:
    """The browser, the days and the people."""

    page: Page
    home: str
    days: Days
    store: FileStore

    def become(self, username: str) -> None:
        """Sit down as another person."""
        client = Client()
        client.force_login(get_user_model().objects.get(username=username))
        cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
        self.page.context.clear_cookies()
        self.page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": self.home}]
        )

    def open(self, path: str) -> None:
        """A page of the site; it fits, and the story goes on at the other width."""
        self.page.goto(f"{self.home}{path}")
        assert fits(self.page)

    def press(self, name: str) -> None:
        """A button by its words."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        """A link by its words."""
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def fill(self, label: str, text: str) -> None:
        """A field by its label."""
        self.page.get_by_label(label, exact=True).first.fill(text)

    def says(self, text: str) -> None:
        """What the page must tell."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def done(self) -> Locator:
        """The line that says what was done."""
        return self.page.get_by_role("status").first

    def fetch(self, link: str) -> bytes:
        """The file behind a link."""
        with self.page.expect_download() as download:
            self.follow(link)
        return Path(download.value.path()).read_bytes()


def viewer(username: str) -> Viewer:
    """The person with this user name."""
    found = public_viewer_named(username)
    assert found is not None
    return found


def settle(
    *,
    units: Sequence[NewUnit],
    duties: Sequence[tuple[str, str, str]],
    known: str,
    at: datetime,
) -> None:
    """Units and people; `known` is the one with a password to type."""
    register_units(units=units, by=OPERATOR, at=at)
    for username, _role, _unit in duties:
        password = PASSWORD if username == known else None
        open_account(
            username=username, name=f"演示{username}", password=password, by=OPERATOR, at=at
        )
    found_duties(duties=duties, at=at)
