"""The shipped areas and problems: read without a fault, and played through from end to end."""

import pytest

from tests.cases.problems.ground import CALENDAR, areas
from tests.city import LUSHUN, PULANDIAN, City
from yinuo.cases.errors.problems import BadAreas
from yinuo.cases.in_force import problems as problem_content
from yinuo.cases.models import Problem, TaskForce
from yinuo.cases.problems.areas import FILE, load, read
from yinuo.cases.problems.likeness import Told, like
from yinuo.cases.queries.problem_counts import public_problems
from yinuo.kernel.content import content_dir
from yinuo.ledger.replay import replay
from yinuo.project.simulated_problems import Ports


def test_the_shipped_areas_are_read() -> None:
    found = load(content_dir().joinpath(*FILE))
    assert found.get("port") is not None
    assert found.name_of("gone") == "gone"


def test_areas_without_their_office_are_not_offered() -> None:
    assert list(areas().within(set())) == []
    kept = areas().within({"DL-DCS", LUSHUN})
    assert [area.owners for area in kept] == [(LUSHUN,), (LUSHUN,)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "缺少列"),
        ("code,name,english,office,owners,hint\n", "一个领域也没有"),
        ("code,name,english,office,owners,hint\na,,,x,y,\n", "不能为空"),
        ("code,name,english,office,owners,hint\na,n,,x,y,\na,n,,x,y,\n", "重复"),
    ],
)
def test_every_fault_of_the_file_is_named(text: str, fault: str) -> None:
    with pytest.raises(BadAreas) as found:
        read(text, file="areas.csv")
    assert fault in found.value.findings[0].rule


def test_alike_only_within_an_area() -> None:
    told = Told("WT-1", "port", "U", "冷藏箱查验排队两天")
    same = Told("WT-2", "port", "U", "冷藏箱查验又排队两天")
    elsewhere = Told("WT-3", "labour", "U", "冷藏箱查验排队两天")
    assert [(one.first, one.second) for one in like(told, [told, same, elsewhere])] == [
        ("WT-1", "WT-2")
    ]


@pytest.mark.django_db
def test_the_port_problems_play_through(desk: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problem_content, "load", lambda _path: areas())
    problem_content._areas.cache_clear()
    ports = Ports(
        unit=LUSHUN,
        owner=desk["lushun"],
        first=desk["supervisor"],
        second=desk["supervisor2"],
        clerk=desk["pulandian"],
        window=PULANDIAN,
        calendar=CALENDAR,
    )
    ports.play()
    states = dict(Problem.objects.values_list("title_text", "status"))
    assert sorted(states.values()) == ["owned", "owned", "zero", "zero"]
    assert Problem.objects.filter(up_where="联席会议").count() == 1
    assert Problem.objects.filter(owned_late=True, unowned_told=True).count() == 1
    found = public_problems(today=CALENDAR.valid_through)
    assert (found.all.zero, found.all.open, len(found.shown), found.simulated) == (2, 2, 2, True)
    assert found.recurrences == 1
    force = TaskForce.objects.get()
    assert force.problems.count() == 2
    assert replay().faults == []
