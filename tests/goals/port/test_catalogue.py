"""The tables of `content/port/`: sound as shipped, and every fault named at once."""

from pathlib import Path

import pytest

from yinuo.goals.port.catalogue import FILES, FOLDER, BadCatalogue, parse, read
from yinuo.goals.port.directions import Direction
from yinuo.goals.port.log import event_log
from yinuo.goals.port.simulation import FIRMS, MODES, PORTS, STEPS
from yinuo.kernel.content import content_dir


def texts(**replaced: str) -> dict[str, str]:
    folder = content_dir() / FOLDER
    found = {name: (folder / name).read_text(encoding="utf-8") for name in FILES}
    return {**found, **{f"{name}.csv": text for name, text in replaced.items()}}


def test_the_official_measures_are_as_the_definition_has_them() -> None:
    log = event_log(read([content_dir()]))
    assert {m.name: (m.starts, m.ends) for m in log.measures} == {
        "进口整体通关时间": ("运抵", "放行"),
        "出口整体通关时间": ("运抵监管区", "放行"),
        "进口海关作业时间": ("接受申报", "放行"),
        "出口海关作业时间": ("接受申报", "放行"),
    }


def test_what_the_simulation_writes_is_in_the_tables() -> None:
    shipped = read([content_dir()])
    assert set(STEPS) == {step.name for step in shipped.steps}
    assert set(MODES) == {mode.name for mode in shipped.modes}
    assert set(PORTS) == {port.name for port in shipped.ports}
    assert set(FIRMS) == {firm.name for firm in shipped.firms}


def test_twenty_measures_are_shipped_and_all_are_marked_as_made_up() -> None:
    actions = read([content_dir()]).actions
    assert [action.number for action in actions] == list(range(1, 21))
    assert all(action.simulated for action in actions)
    assert len({action.aspect for action in actions}) == 5
    assert {action.commitment for action in actions} == {"DL2024-150"}


def test_a_measure_of_one_direction_acts_on_no_step_of_the_other() -> None:
    action = next(a for a in read([content_dir()]).actions if a.direction is Direction.IMPORT)
    assert action.acts_on(action.step, Direction.IMPORT)
    assert not action.acts_on(action.step, Direction.EXPORT)


def test_the_citys_own_file_comes_first(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    own = "code,name,english\naeo,认证企业,Certified\n"
    (tmp_path / FOLDER / "firms.csv").write_text(own, encoding="utf-8")
    found = read([tmp_path, content_dir()])
    assert [firm.name for firm in found.firms] == ["认证企业"]
    assert len(found.ports) == 6


def test_every_fault_is_named_with_its_place() -> None:
    with pytest.raises(BadCatalogue) as caught:
        parse(
            texts(
                targets="direction,year,hours,source,simulated\n"
                "转关,二〇二四,-3,,\n进口,2024,0,,\n",
                measures="number,aspect,title,english,step,direction,commitment,simulated\n"
                "1,智慧,,,declare,,DL2024-150,是\n",
            )
        )
    places = [(finding.file, finding.cell, finding.field) for finding in caught.value.findings]
    assert places == [
        ("measures.csv", "第 2 行", "title"),
        ("targets.csv", "第 2 行", "direction"),
        ("targets.csv", "第 3 行", "hours"),
    ]


def test_a_step_without_start_and_a_measure_on_nothing_are_refused() -> None:
    steps = texts()["steps.csv"].replace("进口,start", "进口,step")
    measures = texts()["measures.csv"].replace(",inspect,", ",nowhere,")
    with pytest.raises(BadCatalogue) as caught:
        parse(texts(steps=steps, measures=measures))
    rules = [finding.rule for finding in caught.value.findings]
    assert "进口有 0 个起算环节" in rules
    assert any("nowhere" in rule for rule in rules)


def test_two_customs_districts_in_one_installation_are_refused() -> None:
    ports = texts()["ports.csv"].replace(
        "konggang,空港口岸,Airport,大连关区", "konggang,空港口岸,Airport,沈阳关区"
    )
    with pytest.raises(BadCatalogue, match="有 2 个关区"):
        parse(texts(ports=ports))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadCatalogue) as caught:
        read([tmp_path])
    assert [finding.file for finding in caught.value.findings] == list(FILES)
