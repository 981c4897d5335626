"""The life of a claim as a table, and what replay would find wrong with it."""

from datetime import date
from typing import Any

import pytest

from yinuo.commitments.claims import (
    CLAIM_LABELS,
    COUNTED,
    LIFE,
    OPEN,
    ClaimStatus,
    check_claim,
)
from yinuo.commitments.words import VERBS

CLAIM: dict[str, Any] = {
    "commitment_id": "P",
    "claimed_by_unit_id": "A",
    "on_unit_id": "B",
    "what_text": "text:1",
    "since_date": date(2024, 6, 1),
    "ended_date": None,
    "status": "claimed",
}


def test_every_state_has_a_word_and_every_step_a_label() -> None:
    assert CLAIM_LABELS.keys() == set(ClaimStatus)
    assert {verb for _status, verb in LIFE.steps} <= VERBS.keys()


@pytest.mark.parametrize("status", sorted(set(ClaimStatus) - OPEN - COUNTED))
def test_what_is_over_stays_over(status: ClaimStatus) -> None:
    assert status not in {source for source, _verb in LIFE.steps}


def test_a_ruling_cannot_be_taken_back() -> None:
    assert LIFE.target("accepted", "wait.taken_back") == ClaimStatus.TAKEN_BACK
    assert LIFE.target("upheld", "wait.taken_back") is None


@pytest.mark.parametrize(
    ("before", "after", "verb", "fault"),
    [
        (None, {}, "wait.claimed", None),
        (None, {"status": "accepted"}, "wait.claimed", "首条记录"),
        ({}, {"status": "accepted"}, "wait.accepted", None),
        ({}, {"status": "upheld"}, "wait.upheld", "不能使状态由 claimed 变为 upheld"),
        ({}, {"status": "accepted", "on_unit_id": "C"}, "wait.accepted", "on_unit_id"),
        ({}, {"on_unit_id": "C"}, "wait.succeeded", None),
        ({}, {"since_date": date(2024, 5, 1)}, "wait.succeeded", "since_date"),
        ({}, {"ended_date": date(2024, 6, 9)}, "wait.ended", None),
        ({}, {"status": "accepted", "ended_date": date(2024, 6, 9)}, "wait.accepted", "ended_date"),
        (
            {"ended_date": date(2024, 6, 9)},
            {"ended_date": date(2024, 6, 10)},
            "wait.ended",
            "ended_date",
        ),
    ],
)
def test_what_replay_finds(
    before: dict[str, Any] | None, after: dict[str, Any], verb: str, fault: str | None
) -> None:
    found = check_claim(None if before is None else CLAIM | before, CLAIM | after, verb)
    assert found is None if fault is None else fault in (found or "")
