"""The projection: exactly once, whole or not at all, in the order of the log."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests.commitments.conftest import DUE, City, at
from yinuo.commitments import projected
from yinuo.commitments.commands import deliver, judge
from yinuo.commitments.commands import project as projecting
from yinuo.commitments.commands.project import (
    project,
    project_all,
    refresh_statistics,
    start_over,
)
from yinuo.commitments.models import Commitment, News, Projection, Searchable, Tally
from yinuo.commitments.queries.board import standings
from yinuo.commitments.queries.listing import Filter, page, state_counts
from yinuo.commitments.queries.recent import recent
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Entry
from yinuo.ledger.outbox import sealed_after
from yinuo.ledger.tlog.note import Signer
from yinuo.parties.viewer import ANYONE
from yinuo.project.backup.tables import our_tables

pytestmark = pytest.mark.django_db
TODAY = DUE


def cells() -> list[tuple[object, ...]]:
    columns = [f.name for f in Tally._meta.concrete_fields if f.name != "id"]
    return sorted(Tally.objects.values_list(*columns))


@pytest.fixture
def sealed(city: City, signer: Signer, memory: Memory) -> City:
    """Three promises, one of them kept; all sealed, nothing projected."""
    for code in ("P-1", "P-2", "P-3"):
        city.promise(code, title=f"旅顺第{code}项")
    deliver.deliver(
        commitment="P-1",
        delivered_date=at("2024-06-01").date(),
        note="完成",
        by=city.officer,
        at=at("2024-06-02"),
    )
    judge.verify(commitment="P-1", note="查过", by=city.supervisor, at=at("2024-06-03"))
    seal(signer=signer, memory=memory)
    return city


def test_an_interrupted_batch_leaves_nothing(sealed: City, monkeypatch: pytest.MonkeyPatch) -> None:
    project(batch=2)
    before = (cells(), projected.place(), Searchable.objects.count())

    def broken(_words: object) -> None:
        raise IntegrityError

    with monkeypatch.context() as patch:
        patch.setattr(projecting, "_make_searchable", broken)
        with pytest.raises(IntegrityError), transaction.atomic():
            project_all()
    assert (cells(), projected.place(), Searchable.objects.count()) == before
    project_all()
    assert projected.place() == Entry.objects.count()
    assert standings(viewer=ANYONE, today=TODAY)[""].kept == 1


def test_of_two_with_the_same_batch_one_writes(sealed: City) -> None:
    project(batch=1)
    start = projected.place()
    marks, place = sealed_after(start, limit=100)
    late = projecting._work_out(marks, place)
    project_all()
    after = cells()
    assert projecting._write(start, late) is False
    assert cells() == after


def test_nothing_new_writes_nothing(sealed: City) -> None:
    total = project_all()
    assert total == Entry.objects.count()
    assert project() == projecting.Projected(0, total, more=False)


def test_counts_of_an_earlier_edition_are_made_anew(
    sealed: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    project_all()
    before = cells()
    Tally.objects.update(total=99)
    Projection.objects.update(edition=0)
    project_all()
    assert cells() == before


def test_a_lower_id_sealed_later_is_not_missed(city: City, signer: Signer, memory: Memory) -> None:
    """On PostgreSQL an entry can be seen, and sealed, before one with a lower id."""
    seal(signer=signer, memory=memory)
    start = Entry.objects.count()
    city.promise("P-1")
    city.promise("P-2")
    first, second = (Entry.objects.filter(subject=f"commitment:P-{n}") for n in (1, 2))
    for row in second.order_by("id"):
        Entry.objects.filter(pk=row.pk).update(leaf_index=start)
        start += 1
    project_all()
    assert state_counts(viewer=ANYONE, wanted=Filter(), today=TODAY)["open"] == 2
    for row in first.order_by("id"):
        Entry.objects.filter(pk=row.pk).update(leaf_index=start)
        start += 1
    project_all()
    assert Tally.objects.get(dimension="kind", owner="", period="").open == 2


def test_a_version_lost_for_ever_counts_from_the_one_before(
    sealed: City, signer: Signer, memory: Memory
) -> None:
    """After a recovery an entry may be known by its hash alone."""
    subject = Entry.objects.filter(subject="commitment:P-1")
    second = subject.get(version=2).leaf_index
    assert second is not None
    project(batch=second + 1)
    subject.filter(version=3).delete()
    project_all()
    assert Tally.objects.get(dimension="kind", owner="", period="").kept == 1
    assert Tally.objects.get(dimension="kind", owner="", period="").waiting == 0


def test_what_is_not_projected_yet_is_counted_and_found(
    sealed: City, signer: Signer, memory: Memory
) -> None:
    project_all()
    sealed.promise("P-4", title="新修的码头")
    for _ in range(2):
        assert standings(viewer=ANYONE, today=TODAY)[""].total == 4
        for text in ("matou", "码头", "P-4", "甲部门 码头"):
            found = page(viewer=ANYONE, wanted=Filter(text=text), today=TODAY)
            assert [row.code for row in found.rows] == ["P-4"], text
        seal(signer=signer, memory=memory)


def test_too_far_behind_only_the_typed_characters_are_looked_for(
    sealed: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projected, "MOST", 2)
    found = page(viewer=ANYONE, wanted=Filter(text="旅顺"), today=TODAY)
    assert (found.total, found.plain) == (3, True)
    assert page(viewer=ANYONE, wanted=Filter(text="lushun"), today=TODAY).total == 0
    project_all()
    found = page(viewer=ANYONE, wanted=Filter(text="lushun"), today=TODAY)
    assert (found.total, found.plain) == (3, False)


def test_more_than_are_given_is_said(sealed: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yinuo.commitments.queries.listing.MOST", 2)
    for projected_too in (False, True):
        if projected_too:
            project_all()
        found = page(viewer=ANYONE, wanted=Filter(text="旅顺"), today=TODAY)
        assert (found.total, found.capped, len(found.rows)) == (2, True, 2)
        # One more word, or a state, and the rest comes into sight.
        assert page(viewer=ANYONE, wanted=Filter(text="旅顺 P-1"), today=TODAY).capped is False
        kept = page(viewer=ANYONE, wanted=Filter(text="旅顺", state="kept"), today=TODAY)
        assert [row.code for row in kept.rows] == ["P-1"]


def test_the_last_changes_before_and_after(sealed: City) -> None:
    before = [(r.code, r.line.verb) for r in recent(viewer=ANYONE)]
    assert before == [("P-1", "commitment.verified"), ("P-1", "commitment.delivered")]
    project_all()
    assert News.objects.count() == 2
    assert [(r.code, r.line.verb) for r in recent(viewer=ANYONE)] == before
    assert [(r.code, r.line.verb) for r in recent(viewer=ANYONE, limit=1)] == before[:1]


def test_a_renamed_unit_is_found_by_its_new_name(sealed: City) -> None:
    project_all()
    unit = Commitment.objects.get(code="P-1").lead
    assert unit is not None
    type(unit).objects.filter(pk=unit.pk).update(name="海洋发展局")
    found = page(viewer=ANYONE, wanted=Filter(text="haiyangfazhanju"), today=TODAY)
    assert found.total == 3


def test_what_can_be_made_again_is_not_backed_up() -> None:
    names = {table.name for table in our_tables()}
    assert "commitments.commitment" in names
    for derived in ("tally", "searchable", "projection", "news"):
        assert f"commitments.{derived}" not in names


def test_starting_over_keeps_what_is_found(sealed: City) -> None:
    project_all()
    start_over()
    assert Tally.objects.count() == 0
    assert standings(viewer=ANYONE, today=TODAY)[""].total == 3
    assert page(viewer=ANYONE, wanted=Filter(text="lushun"), today=TODAY).total == 3


@pytest.mark.engine("sqlite")
def test_the_parts_of_the_search_index_are_joined_and_find_the_same(sealed: City) -> None:
    while project(batch=1).more:
        pass
    found = page(viewer=ANYONE, wanted=Filter(text="旅顺"), today=TODAY).total
    assert (parts() > 1, found) == (True, 3)
    refresh_statistics()
    assert parts() == 1
    assert page(viewer=ANYONE, wanted=Filter(text="旅顺 P-2"), today=TODAY).total == 1
    assert page(viewer=ANYONE, wanted=Filter(text="旅顺"), today=TODAY).total == found


def parts() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(DISTINCT segid) FROM commitments_searched_idx")
        (found,) = cursor.fetchone()
    return int(found)
