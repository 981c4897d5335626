"""A release is recorded once it is whole, and the pointer follows the ledger."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.credit import desk
from tests.credit.desk import TUESDAY, WEDNESDAY, Desk, numbers, penalty, registered
from yinuo.credit.commands import publishing
from yinuo.credit.commands.publishing import mend_pointer, point, prove, publish, resolve
from yinuo.credit.errors.batches import NothingToPublish
from yinuo.credit.errors.joins import InputsChanged, NoRelease, ReleaseBehind, UnknownRelease
from yinuo.credit.models import CreditRelease
from yinuo.credit.queries.releases import current, releases
from yinuo.lake.releases.release import Release, pointed
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed

pytestmark = pytest.mark.django_db


class Killed(Exception):
    """What stands for the end of a process."""


@pytest.fixture
def at_desk(tmp_path: Path) -> Desk:
    found = desk.set_up(tmp_path)
    found.land("registration", registered(1, 2))
    found.land("penalty", [penalty("P1", 1)])
    return found


def now_current(at_desk: Desk) -> CreditRelease:
    return CreditRelease.objects.get(current=True)


def test_a_release_says_what_it_holds(at_desk: Desk) -> None:
    done = at_desk.publish()
    assert (done.number, done.records, done.entities) == (1, 3, 2)
    view = current(means=at_desk.means, viewer=at_desk.city["auditor"])
    assert view is not None
    assert view.facts == {"penalty": 1, "registration": 2}
    assert view.batches == view.new_batches == ("XP2024-1", "XP2024-2")
    assert view.simulated
    assert pointed(at_desk.means.lake) == view.lake_id
    (entry,) = Entry.objects.filter(subject="credit_release:1")
    assert json.loads(bytes(entry.body))["state"]["digest"] == view.digest


def test_the_same_again_is_the_same_release(at_desk: Desk) -> None:
    first = at_desk.publish()
    again = at_desk.publish(at=TUESDAY)
    assert again.already
    assert again.number == first.number
    assert Entry.objects.filter(subject__startswith="credit_release:").count() == 1


def test_what_came_next_is_told_by_the_next(at_desk: Desk) -> None:
    at_desk.publish()
    at_desk.land("penalty", [penalty("P2", 2), penalty("P1", 1, fine="900")], at=TUESDAY)
    at_desk.publish(at=TUESDAY)
    newest, first = releases(means=at_desk.means, viewer=at_desk.city["centre"])
    assert (newest.number, newest.current, first.current) == (2, True, False)
    assert newest.more_facts == {"penalty": 1, "registration": 0}
    assert newest.new_batches == ("XP2024-3",)
    assert numbers(at_desk.look(2), "penalty") == ["P2"]
    (fact,) = (
        f for each in at_desk.look(1).sources if each.source == "penalty" for f in each.facts
    )
    assert {field.name: field.text for field in fact.fields}["fine"] == "900 元"
    assert (fact.first_seen, fact.last_seen) == (desk.MONDAY.date(), TUESDAY.date())


def test_a_crash_after_the_commit_is_mended(at_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    at_desk.publish()
    before = now_current(at_desk).lake_id
    at_desk.land("penalty", [penalty("P2", 2)], at=TUESDAY)

    def die(_lake: Path, _release: Release) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "switch", die)
        with pytest.raises(Killed):
            at_desk.publish(at=TUESDAY)
    assert pointed(at_desk.means.lake) == before
    assert numbers(at_desk.look(2), "penalty") == ["P2"], "readers follow the ledger"
    mend_pointer(at_desk.means)
    assert pointed(at_desk.means.lake) == now_current(at_desk).lake_id != before


def test_a_crash_before_the_commit_leaves_the_old_release(
    at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_desk.publish()
    before = now_current(at_desk)
    at_desk.land("penalty", [penalty("P2", 2)], at=TUESDAY)
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_require_unchanged", lambda _inputs: die())
        with pytest.raises(Killed):
            at_desk.publish(at=TUESDAY)
    assert now_current(at_desk) == before
    assert numbers(at_desk.look(2), "penalty") == []
    done = at_desk.publish(at=WEDNESDAY)
    assert done.number == 2
    assert numbers(at_desk.look(2), "penalty") == ["P2"]


def die() -> None:
    raise Killed


def test_what_comes_while_it_is_built_stops_it(
    at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = publishing._built

    def slow(*args: Any, **more: Any) -> Release:
        made = build(*args, **more)
        at_desk.land("penalty", [penalty("P2", 2)], at=TUESDAY)
        return made

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_built", slow)
        with pytest.raises(InputsChanged):
            at_desk.publish(at=TUESDAY)
    assert not CreditRelease.objects.exists()
    assert at_desk.publish(at=WEDNESDAY).records == 4


def test_readers_are_led_back(at_desk: Desk) -> None:
    at_desk.publish()
    at_desk.land("penalty", [penalty("P2", 2)], at=TUESDAY)
    at_desk.publish(at=TUESDAY)
    given: dict[str, Any] = {"means": at_desk.means, "at": WEDNESDAY}
    with pytest.raises(NotAllowed):
        point(number=1, reason="x", by=at_desk.city["market"], **given)
    for wrong in (2, 9):
        with pytest.raises(UnknownRelease):
            point(number=wrong, reason="x", by=at_desk.city["centre"], **given)
    point(number=1, reason="第 2 版有误", by=at_desk.city["centre"], **given)
    assert now_current(at_desk).number == 1
    assert pointed(at_desk.means.lake) == now_current(at_desk).lake_id
    assert numbers(at_desk.look(2), "penalty") == []
    assert at_desk.publish(at=WEDNESDAY).number == 2, "publishing goes on from what there is"
    assert replay().faults == []


def test_a_release_is_held_against_a_rebuild(at_desk: Desk) -> None:
    given: dict[str, Any] = {"means": at_desk.means, "by": at_desk.city["centre"], "at": WEDNESDAY}
    with pytest.raises(NoRelease):
        prove(**given)
    at_desk.publish()
    at_desk.land("penalty", [penalty("P1", 1, 状态="撤销"), penalty("P2", 2)], at=TUESDAY)
    with pytest.raises(ReleaseBehind):
        prove(**given)
    at_desk.publish(at=TUESDAY)
    proved = prove(**given)
    assert proved.digest == now_current(at_desk).digest
    assert proved.records == 3
    folders = {path.name for path in (at_desk.means.lake / "releases").iterdir()}
    assert folders == set(CreditRelease.objects.values_list("lake_id", flat=True))


def test_only_the_centre_resolves_and_publishes(at_desk: Desk) -> None:
    for act in (resolve, publish, prove):
        for stranger in ("market", "auditor"):
            with pytest.raises(NotAllowed):
                act(means=at_desk.means, by=at_desk.city[stranger], at=TUESDAY)
    with pytest.raises(NotAllowed):
        releases(means=at_desk.means, viewer=at_desk.city["tax"])


def test_resolving_publishes_nothing(at_desk: Desk) -> None:
    done = resolve(means=at_desk.means, by=at_desk.city["centre"], at=TUESDAY)
    assert (done.already, done.counts["records"], done.counts["code"]) == (False, 3, 3)
    assert resolve(means=at_desk.means, by=at_desk.city["centre"], at=TUESDAY).already
    assert not CreditRelease.objects.exists()


def test_an_empty_lake_is_not_published(tmp_path: Path) -> None:
    with pytest.raises(NothingToPublish):
        desk.set_up(tmp_path).publish()
