from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.credit.profile.shipped import (
    FIGURES,
    ON,
    REGIME,
    SOURCES,
    documents,
    entity,
    facts,
    hold,
    hold_entities,
)
from yinuo.credit.checked_rows import BadTable
from yinuo.credit.profile.build import KIND, NoFacts, build, write
from yinuo.credit.profile.conditions import parse
from yinuo.credit.profile.figures import COLUMNS, load_figures
from yinuo.credit.profile.single import given as given_values
from yinuo.credit.profile.single import profile_of
from yinuo.lake.engine import DuckDB, Engine

NAMES = [each.name for each in FIGURES]
KINDS = ("firm", "trader", "person", "unknown")


def profiled(
    engine: Engine, every: dict[str, list[dict[str, Any]]], kinds: dict[str, str]
) -> dict[str, dict[str, Any]]:
    """Entity → its row of the profile."""
    tables = {name: hold(engine, SOURCES[name], rows) for name, rows in every.items()}
    build(
        engine=engine,
        facts=tables,
        entities=hold_entities(engine, kinds),
        sources=SOURCES,
        figures=FIGURES,
        regime=REGIME,
        on=ON,
    )
    columns = ["entity", "kind", KIND, *NAMES]
    said = ", ".join(engine.dialect.name(each) for each in columns)
    rows = engine.ask(f"SELECT {said} FROM profile")  # noqa: S608  # our own names
    return {row[0]: dict(zip(columns, row, strict=True)) for row in rows}


def one(source: str, *rows: dict[str, Any], kind: str = "firm") -> dict[str, Any]:
    """The profile of one entity of which only these facts are known."""
    full = [
        {field.name: None for field in SOURCES[source].fields}
        | {"entity": entity(0), "record": str(number)}
        | row
        for number, row in enumerate(rows)
    ]
    with DuckDB(threads=1) as engine:
        return profiled(engine, {source: full}, {entity(0): kind})[entity(0)]


@given(
    st.integers(0, 10_000),
    st.integers(1, 6),
    st.sets(st.sampled_from(sorted(SOURCES)), min_size=1),
)
@settings(deadline=None, max_examples=25)
def test_the_table_and_the_single_profile_agree(seed: int, count: int, held: set[str]) -> None:
    kinds = {entity(n): KINDS[(seed + n) % len(KINDS)] for n in range(count)}
    every = {name: facts(seed, entities=count, rows=12, source=SOURCES[name]) for name in held}
    with DuckDB(threads=1) as engine:
        try:
            found = profiled(engine, every, kinds)
        except NoFacts:
            assert not any(held & set(figure.sources) for figure in FIGURES)
            return
    sources = {name: SOURCES[name] for name in held}
    for document in documents(kinds, every):
        told = profile_of(document, sources=sources, figures=FIGURES, regime=REGIME, on=ON)
        row = found[document["entity"]]
        expected = given_values(told, document["kind"])
        assert {name: row[name] for name in expected} == expected


class TestFigures:
    def test_penalties_count_by_level_while_public(self) -> None:
        row = one(
            "penalty",
            {"class": "吊销许可证件", "decided_on": date(2026, 5, 1)},
            {"class": "罚款", "fine": 2_000_000, "decided_on": date(2026, 5, 10)},
            {"class": "罚款", "fine": 2_000_000, "decided_on": date(2025, 10, 20)},
            {"class": "罚款", "fine": 2_000_000, "decided_on": date(2023, 6, 1)},
            {"class": "警告", "decided_on": date(2026, 6, 1)},
            {"class": "其他", "decided_on": date(2026, 6, 1)},
        )
        assert row["在公示期严重处罚数"] == 1
        assert row["在公示期一般处罚数"] == 2
        assert row["近一年轻微处罚数"] == 1
        assert row["未定级处罚数"] == 1
        assert row["已期满处罚数"] == 1
        assert row["近两年罚款合计"] == Decimal("40000.00")
        assert row["处罚最晚终止日"] == date(2029, 5, 1)

    def test_what_no_source_speaks_of_is_not_known(self) -> None:
        row = one("tax-arrears", {"state": "欠缴", "amount": 150}, kind="firm")
        assert (row["欠税未清数"], row["欠税未清金额"]) == (1, Decimal("1.50"))
        assert row["在公示期严重处罚数"] is None
        assert row["纳税信用等级"] is None

    def test_of_a_person_a_source_of_firms_says_nothing(self) -> None:
        row = one("tax-credit", kind="person")
        assert (row["纳税信用等级"], row[KIND]) == (None, "个人")

    def test_a_firm_without_a_record_has_none_of_it(self) -> None:
        row = one("tax-credit", kind="firm")
        assert row["纳税信用等级"] == "无"
        assert one("penalty")["近两年罚款合计"] == Decimal("0.00")

    def test_the_newest_grade_counts(self) -> None:
        row = one(
            "tax-credit",
            {"grade": "D", "graded_on": date(2025, 4, 30)},
            {"grade": "A", "graded_on": date(2026, 4, 30)},
            {"grade": "M", "graded_on": date(2027, 4, 30)},
        )
        assert row["纳税信用等级"] == "A"

    def test_a_window_begins_after_the_corresponding_day(self) -> None:
        days = [date(2024, 11, 29), date(2024, 11, 30), date(2026, 11, 29), date(2026, 11, 30)]
        row = one("safety-checks", *({"result": "不合格", "checked_on": day} for day in days))
        assert row["近两年检查不合格数"] == 2

    def test_more_records_than_a_document_shows_are_not_guessed_at(self) -> None:
        document = {
            "kind": "firm",
            "facts": {"tax-arrears": {"count": 500, "rows": [{"record": "1", "state": "欠缴"}]}},
        }
        told = profile_of(document, sources=SOURCES, figures=FIGURES, regime=REGIME, on=ON)
        values = given_values(told, "firm")
        assert (values["欠税未清数"], values["社保欠缴未清数"]) == (None, 0)

    def test_the_records_behind_a_figure_are_named(self) -> None:
        rows = [{"record": "a", "state": "欠缴"}, {"record": "b", "state": "已缴清"}]
        document = {"kind": "firm", "facts": {"tax-arrears": {"count": 2, "rows": rows}}}
        told = profile_of(document, sources=SOURCES, figures=FIGURES, regime=REGIME, on=ON)
        assert {t.figure.name: t.records for t in told}["欠税未清数"] == ("a",)

    def test_a_release_without_any_of_the_sources_is_an_error(self) -> None:
        with DuckDB(threads=1) as engine, pytest.raises(NoFacts) as caught:
            profiled(engine, {}, {entity(0): "firm"})
        assert caught.value.status == 409

    def test_it_is_written_as_parquet(self, tmp_path: Path) -> None:
        with DuckDB(threads=1) as engine:
            profiled(engine, {"penalty": []}, {entity(0): "firm"})
            write(engine, tmp_path / "profile")
        table = pq.read_table(tmp_path / "profile")
        assert table.column_names == ["entity", "kind", KIND, *NAMES]
        assert table.num_rows == 1


class TestLoading:
    def test_every_fault_is_told(self) -> None:
        lines = [
            ",".join(COLUMNS),
            "甲,行政处罚,,计数,fine,等级大,decided_on,,,",
            "甲,欠缴,gas、nowhere,求和,state,volume=3,paid_on,,,",
            "entity,处罚,,平均,,,,12,,",
            "乙,登记,,最近值,capital,founded_on=存续；status≥基准日,founded_on,,,",
        ]
        with pytest.raises(BadTable) as caught:
            load_figures("\n".join(lines).encode(), SOURCES.values())
        told = [(each.cell, each.field, each.code) for each in caught.value.findings]
        assert told == [
            ("第 2 行", "条件", "CREDIT-E094"),
            ("第 2 行", "取值", "CREDIT-E096"),
            ("第 3 行", "数据源", "CREDIT-E094"),
            ("第 3 行", "名称", "CREDIT-E095"),
            ("第 3 行", "取值", "CREDIT-E096"),
            ("第 3 行", "日期", "CREDIT-E096"),
            ("第 3 行", "条件", "CREDIT-E096"),
            ("第 4 行", "记录种类", "CREDIT-E094"),
            ("第 4 行", "算法", "CREDIT-E094"),
            ("第 4 行", "名称", "CREDIT-E095"),
            ("第 4 行", "日期", "CREDIT-E096"),
            ("第 5 行", "取值", "CREDIT-E096"),
            ("第 5 行", "条件", "CREDIT-E096"),
            ("第 5 行", "条件", "CREDIT-E096"),
        ]

    @pytest.mark.parametrize("text", ["state", "=欠缴", "state=", "until≥基准日多余", "State=1"])
    def test_what_cannot_be_read_is_said(self, text: str) -> None:
        with pytest.raises(ValueError, match=text):
            parse(f"a空；{text}")
