"""A layer upon a release says what a rebuild says, whatever came."""

import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from tests.credit.landed import (
    LISTING,
    PENALTY,
    REGISTRATION,
    SOURCES,
    Row,
    arrived,
    code,
    key,
    land,
    record_id,
    resolved,
    row,
)
from yinuo.credit.publishing import documents as some
from yinuo.credit.publishing.documents import A_SECOND, AT_BEST
from yinuo.credit.publishing.publish import publish, publish_delta
from yinuo.credit.serving.reading import Serving
from yinuo.lake.engine import DuckDB
from yinuo.lake.records.batch import RecordBatch
from yinuo.lake.releases.release import Release

AT = datetime(2026, 11, 29, tzinfo=UTC)
START = date(2026, 11, 1)
FIRMS = range(1, 5)
NUMBERS = "abcdef"


def publishing(lake: Path, batches: Sequence[RecordBatch], resolution: Path) -> dict[str, Any]:
    given: dict[str, Any] = {"lake": lake, "sources": SOURCES, "batches": arrived(batches)}
    return given | {"resolution": resolution, "salt": "test", "at": AT}


def documents(release: Release) -> dict[str, Any]:
    with Serving(release.folder) as serving:
        found = {str(n): serving.by_code(code(n)) for n in FIRMS}
        found |= {
            number: serving.by_entity(serving.entity_of(f"n:{record_id(PENALTY, number)}"))
            for number in NUMBERS
        }
    return found


penalties = st.lists(
    st.tuples(
        st.sampled_from(NUMBERS),
        st.sampled_from([None, *FIRMS]),
        st.integers(1, 3),
        st.booleans(),
        st.sampled_from([None, "改过的名称", "另一个名称"]),
    ),
    max_size=4,
    unique_by=lambda each: each[0],
)
registrations = st.lists(
    st.tuples(st.sampled_from(FIRMS), st.integers(1, 3), st.sampled_from(["甲店", "乙店"])),
    max_size=2,
    unique_by=lambda each: each[0],
)
"""Of a firm that registers again: when, and under which name."""
listings = st.one_of(
    st.none(), st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(FIRMS), max_size=4)
)
moves = st.dictionaries(st.sampled_from(FIRMS), st.just(9), max_size=2)
joins = st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(FIRMS), max_size=2)
days = st.lists(st.tuples(penalties, listings, moves, joins, registrations), min_size=1, max_size=4)


def land_day(
    lake: Path, on: date, day: Any, known: dict[str, Row], before: Sequence[RecordBatch]
) -> list[RecordBatch]:
    """Batches of one day; what repeats the newest version of a record is only seen."""
    wanted, listed, _, _, again = day
    found = []
    rows = [
        row(
            PENALTY,
            number,
            firm,
            fine=fine * 100,
            decided_on=date(2024, fine, 1),
            revoked=revoked,
            **({"name": name} if name else {}),
        )
        for number, firm, fine, revoked, name in wanted
    ]
    renewed = [
        row(REGISTRATION, f"{firm}-{month}", firm, decided_on=date(2023, month, 1), name=name)
        for firm, month, name in again
    ]
    sources = [(PENALTY, rows), (REGISTRATION, renewed)]
    if listed is not None:
        sources.append((LISTING, [row(LISTING, number, firm) for number, firm in listed.items()]))
    for source, each in sources:
        new = [one for one in each if known.get(one["record"]) != one]
        seen = [one["record"] for one in each if known.get(one["record"]) == one]
        known |= {one["record"]: one for one in new}
        if each or source is LISTING:
            earlier = [batch.id for batch in before if batch.source == source.id]
            found.append(land(lake, source, new, seen=seen, on=on, compared_with=earlier))
    return found


BOTH_BACK: list[Any] = [
    ([("d", None, 2, False, None), ("e", 4, 3, True, None)], {}, {}, {}, []),
    ([("e", 4, 3, True, None)], {"a": 2}, {}, {}, []),
]
"""Of two sources something comes back on the same day, unchanged: revoked or left out before."""


@example(days=BOTH_BACK, at_best=1, a_second=0.001)
@given(
    days=days,
    at_best=st.sampled_from([1, 3, AT_BEST]),
    a_second=st.sampled_from([0.001, 10_000, A_SECOND]),
)
@settings(max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_layers_say_what_a_rebuild_says(days: Any, at_best: int, a_second: float) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        DuckDB(threads=1) as engine,
        patch.multiple(some, AT_BEST=at_best, A_SECOND=a_second),
    ):
        lake = Path(folder)
        known: dict[str, Row] = {}
        firms = [row(REGISTRATION, str(n), n, decided_on=date(2020, 1, n)) for n in FIRMS]
        base = [
            land(lake, REGISTRATION, firms, on=START),
            land(lake, PENALTY, [row(PENALTY, "a", 1, fine=100)], on=START),
            land(lake, LISTING, [row(LISTING, "a", 2)], on=START),
        ]
        known |= {
            one["record"]: one for one in (row(PENALTY, "a", 1, fine=100), row(LISTING, "a", 2))
        }
        given = publishing(lake, base, resolved(lake / "resolution-0"))
        layered = publish(engine=engine, **given)
        for number, day in enumerate(days, start=1):
            base += land_day(lake, START + timedelta(days=number), day, known, base)
            resolution = resolved(
                lake / f"resolution-{number}",
                moved={key(old): key(new) for old, new in day[2].items()},
                assigned={record_id(PENALTY, a): key(b) for a, b in day[3].items()},
            )
            given = publishing(lake, base, resolution)
            layered = publish_delta(engine=engine, previous=layered, **given)
            rebuilt = publish(engine=engine, **given)
            assert len(layered.layers) == number + 1
            assert layered.digest == rebuilt.digest
            assert layered.joined == rebuilt.joined
            assert documents(layered) == documents(rebuilt)
