"""Repaired and returned records count for nobody: windows, screening of all firms, own pages."""

from datetime import timedelta
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.web.credit_city import code_of
from tests.web.report_city import FIRM, NOW, OF_2025, OF_2026, TODAY, Trial
from yinuo.credit.overlay import PLAIN, marks, without
from yinuo.credit.profiles import profiles_of
from yinuo.credit.provider import Knowing
from yinuo.ledger.replay import replay
from yinuo.web.credit import figures, means, regime

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NAME = "在公示期一般处罚数"


def _screened(trial: Trial) -> int:
    """What the profile of all firms counts of this one."""
    made = profiles_of(means=means(), figures=figures(), regime=regime(), on=TODAY, at=NOW)
    rows = pq.read_table(made.profile, columns=["entity", NAME]).to_pylist()
    entity = trial.own().entity
    return next(int(row[NAME]) for row in rows if row["entity"] == entity)


def _known() -> dict[str, Any]:
    """What windows know of the firm."""
    known = Knowing(means=means, figures=figures, regime=regime)(TODAY)
    assert known is not None
    found = known.by_code(code_of(FIRM))
    assert found is not None
    return dict(found)


def test_a_repair_counts_for_windows_and_for_screening_at_once(trial: Trial) -> None:
    record = trial.fact(OF_2026).record
    assert _screened(trial) == 3
    assert len(_known()["facts"]["penalty"]["rows"]) == 4
    trial.repaired(OF_2026)
    assert _screened(trial) == 2
    known = _known()
    assert record not in {row["record"] for row in known["facts"]["penalty"]["rows"]}
    assert known["facts"]["penalty"]["count"] == 3
    assert known["records"] == 4


def test_a_document_loses_its_last_record_with_the_source() -> None:
    rows = [{"record": "a", "batch": "1"}, {"record": "b", "batch": "1"}]
    document = {
        "records": 5,
        "facts": {
            "x": {"count": 4, "rows": rows},
            "y": {"count": 1, "rows": [{"record": "c", "batch": "2"}]},
        },
    }
    assert without(document, ["a", "c"]) == {
        "records": 3,
        "facts": {"x": {"count": 3, "rows": rows[1:]}},
    }


def test_what_nothing_was_decided_about_has_no_mark(trial: Trial) -> None:
    fact = trial.fact(OF_2025)
    assert marks({fact.record: fact.batch}) == {}
    assert (PLAIN.used, PLAIN.contested) == (True, False)


def test_the_ledger_tells_all_of_it_again(trial: Trial) -> None:
    trial.repaired(OF_2026)
    trial.object(OF_2025, at=NOW + timedelta(hours=1))
    report = replay()
    assert report.faults == []
