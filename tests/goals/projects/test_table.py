"""The register in memory: the same as read anew, whatever happened meanwhile."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from tests.city import JULY, City, make_city
from tests.project_register import (
    BRIDGE,
    HIDDEN,
    PARK,
    YI,
    figure_row,
    project_row,
    put_projects,
    put_rows,
)
from yinuo.commitments.commands.deliver import deliver
from yinuo.commitments.life import Visibility
from yinuo.goals.commands.projects import publish_projects
from yinuo.goals.facets import Numbers, Words, facet_counts, holding
from yinuo.goals.queries.projects import Wanted, project_list
from yinuo.goals.register import table as tables
from yinuo.goals.register.table import project_table
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.parties.viewer import ANYONE

TODAY = JULY.date()


@pytest.fixture
def city(db: None) -> City:
    return make_city()


def held(day: date = TODAY) -> dict[str, Any]:
    project_table(day)
    return dict(tables._held[0].rows)


def anew(day: date = TODAY) -> dict[str, Any]:
    return {row.code: row for row in tables._rows(day, None)}


def test_it_follows_every_change(city: City, signer: Signer, memory: Memory) -> None:
    assert held() == anew()
    put_projects(city)
    assert held() == anew()
    assert set(held()) >= {PARK, HIDDEN}
    seal(signer=signer, memory=memory)
    assert held() == anew()
    put_rows(
        [figure_row(BRIDGE, 1, date(2024, 7, 1), invested_year=YI)], verb="project_figure.reported"
    )
    assert held()[BRIDGE].invested == YI
    deliver(
        commitment=f"{PARK}-completed",
        delivered_date=date(2024, 7, 10),
        note="竣工验收备案 2024-11 号，已现场查看。",
        by=city["lushun"],
        at=JULY,
    )
    assert held()[PARK].state == "completed"
    publish_projects(
        projects=[HIDDEN], visibility=Visibility.PUBLIC, by=city["supervisor"], at=JULY
    )
    assert held() == anew()
    put_rows([project_row("XM2024-0099")])
    assert held() == anew()
    assert list(project_table(TODAY).codes) == sorted(held())
    assert held(date(2025, 1, 2)) == anew(date(2025, 1, 2))


def test_only_what_was_touched_is_read_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    put_projects(city)
    held()
    read: list[object] = []
    real = tables._rows

    def noted(day: date, codes: Any) -> Any:
        read.append(codes)
        return real(day, codes)

    monkeypatch.setattr(tables, "_rows", noted)
    held()
    assert read == []
    put_rows([figure_row(BRIDGE, 1, date(2024, 7, 1), paid=1)], verb="project_figure.reported")
    held()
    # Nothing is sealed here, so every entry since the beginning is looked at again.
    assert BRIDGE in read[0]  # type: ignore[operator]


def test_pages_follow_each_other_without_gap_or_repetition(city: City) -> None:
    put_projects(city)
    for sort in ("", "size"):
        seen: list[str] = []
        cursor = ""
        while True:
            page = project_list(
                viewer=city["lushun"], wanted=Wanted(sort=sort), today=TODAY, cursor=cursor, size=1
            )
            seen += [line.code for line in page.lines]
            cursor = page.next_cursor
            if not cursor:
                break
        assert sorted(seen) == [f"XM2024-000{n}" for n in range(1, 5)]
    assert project_list(viewer=ANYONE, wanted=Wanted(), today=TODAY).listed.total == 3


def test_each_filter_is_counted_as_if_it_were_open() -> None:
    unit, state = Words.of(["a", "a", "b", "b"]), Words.of(["x", "y", "x", "x"])
    chosen = {"unit": unit.among({"a"}), "state": state.among({"x"})}
    rows, counted = facet_counts({"unit": unit, "state": state}, chosen, np.ones(4, np.bool_))
    assert rows.tolist() == [True, False, False, False]
    assert counted == {"unit": {"a": 1, "b": 2}, "state": {"x": 1, "y": 1}}


def test_a_sum_with_a_part_missing_is_none() -> None:
    amounts, words = Numbers.of([2**40, None, 3]), Words.of(["a", "a", "b"])
    sums = amounts.sums_by(words, np.ones(3, np.bool_))
    assert (sums["a"].value, sums["a"].known, sums["a"].rows) == (None, 1, 2)
    assert sums["b"].value == 3
    assert amounts.sum(np.array([True, False, True])).value == 2**40 + 3


def test_no_rows_at_all_are_counted_too() -> None:
    assert Words.of([]).among({"a"}).tolist() == []
    assert Numbers.of([]).sum(np.zeros(0, np.bool_)).value == 0
    assert holding([], ["a"]).tolist() == []
