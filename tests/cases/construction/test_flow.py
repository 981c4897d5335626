"""The flow tables: the shipped ones hold, and every fault is named with its row."""

from pathlib import Path

import pytest

from yinuo.cases.construction.catalogue import FILES, FLOWS, ITEMS, REUSES, STAGES, read_flows
from yinuo.cases.construction.catalogue import UTILITIES as UTILITIES_FILE
from yinuo.cases.construction.drafting import definitions
from yinuo.cases.errors.construction import BadFlow, UnknownFlow
from yinuo.cases.items.checks import blocking, check
from yinuo.kernel.content import content_dir
from yinuo.kernel.limits import parse_limit


def _texts() -> dict[str, str]:
    folder: Path = content_dir() / "construction"
    return {file: (folder / file).read_text(encoding="utf-8-sig") for file in FILES}


def test_shipped_flow_has_four_stages_six_acceptances_and_six_utilities() -> None:
    (flow,) = read_flows(_texts())
    assert [stage.standard for stage in flow.stages] == ["1", "2", "3", "4"]
    assert len(flow.stages[3].items) == 6
    assert [one.name for one in flow.utilities] == [
        *("供水", "供电", "供气", "供热", "通信网络", "广播电视")
    ]
    whole = sum(parse_limit(stage.limit)[0] for stage in flow.stages)
    assert f"{whole}wd" == flow.limit
    assert flow.simulated


def test_items_of_the_flow_pass_the_checks_of_the_catalogue() -> None:
    (flow,) = read_flows(_texts())
    for one in definitions(flow):
        assert list(blocking(check(one))) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (FLOWS, "GY,1.0,6,", "GY,1.0,66,", "不在"),
        (STAGES, ",GC-12,all,", ",GC-99,all,", "里程碑事项 GC-99 不在本阶段"),
        (STAGES, ",GC-22,all,,", ",GC-22,some,,", "要写明几个"),
        (STAGES, ",GC-22,all,,,", ",GC-22,no_objection,,5wd,", "没有法律依据，沉默不能算作同意"),
        (STAGES, ",18wd,", ",18 天半,", "看不懂时限"),
        (ITEMS, "10wd,GC-12,", "10wd,GC-34,", "在更后的阶段"),
        (ITEMS, "10wd,GC-12,", "10wd,GC-99,", "不在流程 GY 中"),
        (ITEMS, "M1 设计方案;", "设计方案;", "应写成编号"),
        (ITEMS, "GY,1,GC-12", "GY,1,GC-11", "重复"),
        (REUSES, ",GC-21,M2,", ",GC-21,M7,", "没有材料 M7"),
        (UTILITIES_FILE, "item:GC-34", "item:GC-00", "不是任何流程的事项"),
        (UTILITIES_FILE, "title;site", "title;owner", "不在可共享的项目信息之中"),
    ],
)
def test_each_fault_is_named_with_its_row(file: str, old: str, new: str, said: str) -> None:
    texts = _texts()
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new, 1)
    with pytest.raises(BadFlow) as refused:
        read_flows(texts)
    named = [one for one in refused.value.findings if said in one.rule]
    assert named
    assert all(one.file == file and "行" in one.place for one in named)


def test_a_circle_of_previous_items_is_found() -> None:
    texts = _texts()
    texts[ITEMS] = (
        texts[ITEMS]
        .replace("5wd,2wd,,", "5wd,2wd,GC-12,")
        .replace("GC-ZRZY,20wd,10wd,,,", "GC-ZRZY,20wd,10wd,GC-11,,")
    )
    with pytest.raises(BadFlow, match="绕了一圈"):
        read_flows(texts)


def test_missing_column_is_said_once() -> None:
    texts = _texts()
    texts[STAGES] = texts[STAGES].replace("milestone", "mile")
    with pytest.raises(BadFlow, match="缺少列 milestone"):
        read_flows(texts)


def test_unknown_stage_is_refused() -> None:
    (flow,) = read_flows(_texts())
    with pytest.raises(UnknownFlow):
        flow.stage("9")
