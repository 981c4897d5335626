from pathlib import Path

import pytest

from yinuo.commitments.life import Visibility
from yinuo.commitments.registry import planned_kinds
from yinuo.commitments.sources import (
    COLUMNS,
    BadSources,
    SourcesUnreadable,
    limit_words,
    load,
    read,
)
from yinuo.kernel.content import content_dir, content_file
from yinuo.kernel.limits import DayType

KINDS = {"举措": "measure", "交办事项": "order"}
HEAD = "，".join(COLUMNS).replace("，", ",")
GOOD = "批示件,PS{year}-{n:03},交办事项,不予公开,10wd,批示,1wd,,本市自定,默认值"


def faults(*lines: str, head: str = HEAD) -> list[tuple[str, str]]:
    """(cell, code) of every fault."""
    _found, findings = read("sources.csv", "\n".join([head, *lines]).encode(), kinds=KINDS)
    assert all(f.file == "sources.csv" and f.rule and f.next_step for f in findings)
    return [(finding.cell, finding.code) for finding in findings]


def test_the_shipped_table_is_sound_and_says_what_is_ours() -> None:
    found = load(content_dir() / "rosters" / "sources.csv", kinds=planned_kinds())
    assert list(found) == [
        "政府工作报告",
        "方案",
        "民生实事",
        "批示件",
        "议定事项",
        "建议提案",
        "12345",
    ]
    assert all("默认值，请按本市规定修改" in source.checked for source in found.values())
    assert all(source.basis == "本市自定" for source in found.values())
    assert {s.name for s in found.values() if s.visibility == Visibility.CLOSED} == {
        "批示件",
        "议定事项",
        "建议提案",
        "12345",
    }
    assert {s.kind for s in found.values() if s.limit} == {"order"}


def test_a_row_is_read_whole() -> None:
    found, findings = read("sources.csv", f"\ufeff{HEAD}\n{GOOD}\n\n".encode(), kinds=KINDS)
    assert findings == []
    source = found["批示件"]
    assert (source.kind, source.visibility, source.creditor) == ("order", Visibility.CLOSED, "")
    assert source.limit
    assert (source.limit.number, source.limit.day_type) == (10, DayType.WORKING_DAY)
    assert limit_words(source.limit) == "10 个工作日，自批示起算"
    assert limit_words(None) == "以文件写明的为准"


def test_every_fault_is_told_with_its_cell() -> None:
    assert faults(
        ",PS{year},不知,主动公开,10,,1wd,,,",
        "甲,A{n},举措,待审查,5h,交办,1m,,,",
        "乙,B{n},举措,待审查,5wd,,,,,",
        f"{GOOD},多余",
    ) == [
        ("A2", "SOURCE-E014"),
        ("C2", "SOURCE-E015"),
        ("D2", "SOURCE-E016"),
        ("B2", "SOURCE-E017"),
        ("F2", "SOURCE-E018"),
        ("E2", "SOURCE-E021"),
        ("E3", "SOURCE-E019"),
        ("G3", "SOURCE-E020"),
        ("F4", "SOURCE-E018"),
        ("G4", "SOURCE-E021"),
        ("J5", "SOURCE-E013"),
    ]


def test_two_rows_may_not_share_a_name_or_a_numbering() -> None:
    assert faults(GOOD, GOOD) == [("A3", "SOURCE-E022"), ("B3", "SOURCE-E023")]


def test_a_table_without_its_header_or_rows_is_refused() -> None:
    assert faults(GOOD, head="来源,类型") == [("A1", "SOURCE-E011")]
    assert faults() == [("", "SOURCE-E012")]
    _found, findings = read("sources.csv", HEAD.encode("gb18030"), kinds=KINDS)
    assert [finding.code for finding in findings] == ["SOURCE-E010"]


def test_loading_names_the_first_fault_and_keeps_all(tmp_path: Path) -> None:
    path = tmp_path / "sources.csv"
    with pytest.raises(SourcesUnreadable, match="没有任务来源表"):
        load(path, kinds=KINDS)
    path.write_text(f"{HEAD}\n{GOOD}\n{GOOD}\n", encoding="utf-8")
    with pytest.raises(BadSources, match="2 处错误") as caught:
        load(path, kinds=KINDS)
    assert len(caught.value.findings) == 2


def test_a_citys_own_table_comes_first(tmp_path: Path) -> None:
    shipped = content_dir() / "rosters" / "sources.csv"
    assert content_file("rosters", "sources.csv", own=tmp_path) == shipped
    own = tmp_path / "rosters" / "sources.csv"
    own.parent.mkdir()
    own.touch()
    assert content_file("rosters", "sources.csv", own=tmp_path) == own
