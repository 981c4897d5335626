"""Which step a page shows, and what becomes of one that is submitted too late."""

from collections.abc import Mapping
from typing import cast

import pytest
from django.test import RequestFactory

from yinuo.parties.viewer import NotAllowed
from yinuo.web.forms.base import PlainForm
from yinuo.web.offered import Offered, by_name, chosen, others
from yinuo.web.request import Request

STEPS: Mapping[str, Offered[PlainForm, str]] = by_name(
    *(
        Offered(name=name, title=name, button=name, after=name, form=PlainForm, run=name)
        for name in ("answer", "close", "reopen")
    )
)
NOW = ("answer", "close")


def step(method: str, asked: str, *, now: tuple[str, ...] = NOW, first: str = "") -> str:
    """The name of the step that is chosen; empty for none."""
    made = RequestFactory().generic(method, f"/doubts/YD-1/{asked}")
    found = chosen(
        cast("Request", made), STEPS, now, first=first, refusal="没有您要做的事", place="YD-1"
    )
    return found.name if found else ""


@pytest.mark.parametrize(
    ("asked", "first", "shown"),
    [
        ("", "answer", "answer"),
        ("", "", ""),
        ("?do=close", "answer", "close"),
        ("?do=reopen", "answer", "answer"),
        ("?do=reopen", "", ""),
        ("?do=nothing", "", ""),
    ],
)
def test_a_page_shows_what_is_asked_for_if_it_is_open(asked: str, first: str, shown: str) -> None:
    assert step("GET", asked, first=first) == shown


def test_what_is_submitted_goes_to_its_command_though_nothing_is_open_any_more() -> None:
    assert step("POST", "?do=reopen", now=()) == "reopen"
    assert step("POST", "", first="close") == "close"


@pytest.mark.parametrize("asked", ["", "?do=nothing"])
def test_what_is_no_step_is_refused(asked: str) -> None:
    with pytest.raises(NotAllowed, match="没有您要做的事") as refused:
        step("POST", asked, now=())
    assert refused.value.place == "YD-1"


def test_the_other_steps_stand_beside_the_one_that_is_shown() -> None:
    assert [each.name for each in others(STEPS, NOW, STEPS["answer"])] == ["close"]
    assert [each.name for each in others(STEPS, (*NOW, "elsewhere"), None)] == ["answer", "close"]
