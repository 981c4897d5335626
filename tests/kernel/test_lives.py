"""A life as data: what a command may do next, and what replay finds wrong."""

from enum import StrEnum
from typing import Any

import pytest

from yinuo.kernel.lives import Life


class State(StrEnum):
    """Of a thing that is asked for, then granted."""

    ASKED = "asked"
    GRANTED = "granted"


STEPS = {(State.ASKED, "thing.granted"): State.GRANTED}
LIFE = Life(
    first=State.ASKED,
    beginning="申请",
    begun_by=("thing.asked",),
    steps=STEPS,
    beside=("thing.noted",),
    fixed=frozenset({"who"}),
)
DECIDED = Life(
    first=State.ASKED, beginning="申请", steps=STEPS, written=frozenset({"status", "answer"})
)
LOOSE = Life(first=State.ASKED, beginning="申请", steps=STEPS, may_stay=True)


def row(**altered: object) -> dict[str, Any]:
    """A version of the thing."""
    return {"status": "asked", "who": "a", "answer": "", **altered}


def test_a_command_learns_what_follows() -> None:
    assert LIFE.target("asked", "thing.granted") is State.GRANTED
    assert LIFE.target("granted", "thing.granted") is None
    assert LIFE.target("granted", "thing.noted") is State.GRANTED
    assert LOOSE.target("asked", "thing.noted") is None


@pytest.mark.parametrize(
    ("life", "before", "after", "verb", "wrong"),
    [
        (LIFE, None, row(), "thing.asked", None),
        (LIFE, None, row(), "thing.granted", "首条记录应为申请"),
        (LIFE, None, row(status="granted"), "thing.asked", "首条记录应为申请"),
        (DECIDED, None, row(), "thing.whatever", None),
        (LIFE, row(), row(status="granted"), "thing.granted", None),
        (LIFE, row(), row(), "thing.granted", "thing.granted 不能使状态由 asked 变为 asked"),
        (LIFE, row(), row(), "thing.other", "thing.other 不能使状态由 asked 变为 asked"),
        (LIFE, row(), row(answer="b"), "thing.noted", None),
        (LIFE, row(), row(who="b"), "thing.noted", "thing.noted 不能改动列 who"),
        (
            DECIDED,
            row(),
            row(status="granted", who="b", more=1),
            "thing.granted",
            "thing.granted 不能改动列 more、who",
        ),
        (DECIDED, row(), row(status="granted", answer="b"), "thing.granted", None),
        (LOOSE, row(), row(who="b"), "thing.other", None),
        (
            LOOSE,
            row(),
            row(status="granted"),
            "thing.other",
            "thing.other 不能使状态由 asked 变为 granted",
        ),
    ],
)
def test_replay_finds_what_is_wrong(
    life: Life[State],
    before: dict[str, Any] | None,
    after: dict[str, Any],
    verb: str,
    wrong: str | None,
) -> None:
    assert life.wrong(before, after, verb) == wrong


def test_the_state_may_stand_in_another_column() -> None:
    life = Life(first=State.ASKED, beginning="申请", steps=STEPS, column="state")
    assert life.wrong(None, {"state": "asked"}, "thing.asked") is None
    assert life.wrong({"state": "asked"}, {"state": "granted"}, "thing.granted") is None
