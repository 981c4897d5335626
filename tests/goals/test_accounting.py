"""Every row of facts.csv has its place: on the board, or in the docs by its number."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from tests.city import MARCH
from tools.dalian_2024 import FOLDER, GOAL_ROWS, OFFICE, Facts, build, code
from yinuo.commitments.commands.publish import publish, publish_observations
from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.board import Standing, standings
from yinuo.goals.commands.plan_import import take_in
from yinuo.goals.queries.plans import public_goals
from yinuo.goals.workbook.check import check
from yinuo.ledger.replay import replay
from yinuo.parties.commands import (
    OPERATOR,
    NewUnit,
    approve_duty,
    ask_duty,
    found_duties,
    open_account,
    register_units,
)
from yinuo.parties.queries import public_viewer_named
from yinuo.parties.viewer import ANYONE, Viewer

DOCS = Path(__file__).parents[2] / "docs" / "explanation" / "dalian-2024.md"
CITY = "210200"


def _codes(facts: Facts, record: str) -> set[str]:
    return {code(fact["no"]) for fact in facts.of(record)}


def _viewer(username: str) -> Viewer:
    found = public_viewer_named(username)
    assert found is not None
    return found


def test_there_are_156_rows_of_four_sorts() -> None:
    facts = Facts()
    counts = {r: len(facts.of(r)) for r in ("promise", "observation", "practice", "frame")}
    assert counts == {"promise": 74, "observation": 51, "practice": 27, "frame": 4}
    assert [row["no"] for row in facts.rows] == [str(n) for n in range(1, 157)]


def test_promises_and_observations_stand_in_the_workbook() -> None:
    facts, found = Facts(), check(FOLDER / "plan.xlsx")
    assert (found.errors, found.notices) == ((), ())
    assert found.plan is not None
    content = found.plan.content
    assert {c.code for c in content.commitments} == _codes(facts, "promise")
    assert {o.code for o in content.observations} == _codes(facts, "observation")


def test_practices_and_frame_stand_in_the_docs_by_number() -> None:
    numbers = re.findall(r"^\| (\d+) \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    facts = Facts()
    wanted = [f["no"] for f in (*facts.of("practice"), *facts.of("frame"))]
    assert sorted(numbers, key=int) == sorted(wanted, key=int)


def test_the_docs_say_the_right_figures() -> None:
    promises = check(FOLDER / "plan.xlsx").sound().content.commitments
    text = DOCS.read_text(encoding="utf-8")
    undated = sum(c.due is None for c in promises)
    unowned = sum(c.lead is None for c in promises)
    assert f"no date ({undated} promises) or no owner ({unowned})" in " ".join(text.split())
    assert sum(c.operator_origin == "inferred" for c in promises) == 8
    assert sum(c.due_origin == "inferred" for c in promises) == 7
    assert sum(c.texts_known is not None and c.texts_known < int(c.value) for c in promises) == 9


def _parts(data: bytes) -> dict[str, bytes]:
    """The contents of a workbook; another zlib may pack them otherwise."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_the_workbook_is_what_the_tables_make() -> None:
    made = build()
    assert made == build(), "the same tables must give the same bytes"
    committed = _parts((FOLDER / "plan.xlsx").read_bytes())
    assert committed == _parts(made), "run: python -m tools.dalian_2024"


@pytest.mark.django_db
@pytest.mark.stored
def test_all_of_it_stands_on_the_board() -> None:
    register_units(
        units=[NewUnit(code=CITY, name="大连市", kind="city", gb_code=CITY)], by=OPERATOR, at=MARCH
    )
    for username in ("admin1", "admin2", "ducha"):
        open_account(
            username=username, name="测试", password="one-thousand-gold", by=OPERATOR, at=MARCH
        )
    found_duties(duties=[(f"admin{n}", "administrator", CITY) for n in (1, 2)], at=MARCH)
    take_in(file=check(FOLDER / "plan.xlsx"), by=_viewer("admin1"), at=MARCH)
    duty = ask_duty(
        username="ducha", role="supervisor", unit=OFFICE, by=_viewer("admin1"), at=MARCH
    )
    approve_duty(duty=duty, by=_viewer("admin2"), at=MARCH)
    assert standings(viewer=ANYONE, today=MARCH.date()) == {}
    facts, supervisor = Facts(), _viewer("ducha")
    publish(
        commitments=sorted(_codes(facts, "promise")),
        visibility=Visibility.PUBLIC,
        by=supervisor,
        at=MARCH,
    )
    publish_observations(
        observations=sorted(_codes(facts, "observation")),
        visibility=Visibility.PUBLIC,
        by=supervisor,
        at=MARCH,
    )
    board = standings(viewer=ANYONE, today=MARCH.date())
    assert set(board) == {goal.code for goal in public_goals()}
    assert len(board) == len(GOAL_ROWS)
    total = sum(board.values(), start=Standing())
    assert (total.total, total.reported) == (74, 51)
    assert (total.undated, total.unowned) == (34, 7)
    assert replay().faults == []
