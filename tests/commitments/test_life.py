from datetime import date

import pytest

from yinuo.commitments.life import (
    CHANGE_COLUMNS,
    LIFE,
    ChangeKind,
    Outcome,
    Status,
    check_step,
    kept_outcome,
)

DUE = date(2024, 12, 31)


def state(**changed: object) -> dict[str, object]:
    """A recorded state with every column the rules look at."""
    columns = {name: "" for names in CHANGE_COLUMNS.values() for name in names}
    fresh = {"status": "open", "due": "2024-12-31", "due_original": "2024-12-31"}
    return {**columns, **fresh, **changed}


@pytest.mark.parametrize(
    ("delivered", "due", "outcome"),
    [
        (DUE, DUE, Outcome.KEPT_ON_TIME),
        (date(2025, 1, 1), DUE, Outcome.KEPT_LATE),
        (date(2025, 1, 1), date(2025, 1, 31), Outcome.KEPT_AFTER_MOVE),
        (date(2025, 2, 1), date(2025, 1, 31), Outcome.KEPT_LATE),
        (date(2024, 12, 1), date(2025, 1, 31), Outcome.KEPT_ON_TIME),
    ],
)
def test_the_outcome_follows_from_the_dates(delivered: date, due: date, outcome: Outcome) -> None:
    assert kept_outcome(delivered=delivered, due=due, due_original=DUE) == outcome


def test_a_promise_moved_forward_is_still_judged_by_its_original_date() -> None:
    done = date(2024, 12, 20)
    earlier = date(2024, 12, 1)
    assert kept_outcome(delivered=done, due=earlier, due_original=DUE) == Outcome.KEPT_ON_TIME


def test_without_a_deadline_nothing_is_on_time_or_late() -> None:
    assert kept_outcome(delivered=DUE, due=None, due_original=None) == Outcome.KEPT_UNDATED


def test_every_state_is_reached() -> None:
    assert set(LIFE.steps.values()) == set(Status)


def test_an_unknown_step_leads_nowhere() -> None:
    assert LIFE.target("kept", "commitment.delivered") is None


def test_the_first_entry_is_open_and_unmoved() -> None:
    assert check_step(None, state(), "commitment.registered") is None
    assert check_step(None, state(status="kept"), "commitment.registered")
    assert check_step(None, state(due="2025-01-31"), "commitment.registered")


@pytest.mark.parametrize("kind", ChangeKind)
def test_a_change_touches_only_its_own_columns(kind: ChangeKind) -> None:
    for column in set().union(*CHANGE_COLUMNS.values()) - {"due_original"}:
        wrong = check_step(state(), state(**{column: "changed"}), f"commitment.{kind}")
        assert bool(wrong) == (column not in CHANGE_COLUMNS[kind]), column


def test_a_deadline_does_not_move_with_a_delivery() -> None:
    after = state(status="delivered", due="2025-06-30")
    assert "due" in str(check_step(state(), after, "commitment.delivered"))


def test_the_original_deadline_does_not_move_with_the_present_one() -> None:
    after = state(due="2025-06-30", due_original="2025-06-30")
    assert "原定时限" in str(check_step(state(), after, "commitment.moved"))


def test_a_first_deadline_becomes_the_original_one() -> None:
    undated = state(due=None, due_original=None)
    after = state(due="2025-06-30", due_original="2025-06-30")
    assert check_step(undated, after, "commitment.moved") is None


def test_a_state_that_no_step_reaches_is_named() -> None:
    assert "kept" in str(check_step(state(), state(status="kept"), "commitment.verified"))
