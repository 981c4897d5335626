"""Drafts and versions of items: who may, what follows, what the public sees."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from tests.cases.desk import DEPARTMENT, ITEM, OFFICE, item, open_desk
from tests.city import City
from yinuo.cases.commands.items import draft_items, drop_draft, publish_version, retire
from yinuo.cases.errors.items import (
    BadItemCursor,
    ItemsRefused,
    NotADraft,
    NotInForce,
    UnknownItem,
    UnknownItemVersion,
    VersionsOverlap,
)
from yinuo.cases.in_force.items import item_version_in_force, item_versions_in_force
from yinuo.cases.models import Item, ItemFile, ItemVersion
from yinuo.cases.queries.item_drafts import (
    catalogue_offices,
    draft_codes,
    drafts_to_publish,
    item_draft,
    item_drafts,
)
from yinuo.cases.queries.items import (
    Wanted,
    public_definitions,
    public_item,
    public_item_exists,
    public_items,
    public_last_version,
    public_medium,
    public_national,
    public_summary,
)
from yinuo.commitments.errors import Invalid
from yinuo.commitments.models import Document
from yinuo.ledger.commands.recording import StaleVersion
from yinuo.ledger.files import files
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import ANYONE, NotAllowed

pytestmark = pytest.mark.django_db

AT = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
TODAY = date(2024, 3, 1)
LATER = date(2024, 4, 1)


@pytest.fixture
def desk() -> City:
    return open_desk()


def draft(desk: City, **changes: object) -> str:
    made = draft_items(definitions=[item(**changes)], office=OFFICE, by=desk["admin"], at=AT)
    return made.drafts[0]


def put(desk: City, *, on: date = TODAY, **changes: object) -> str:
    code = draft(desk, **changes)
    publish_version(item_version=code, valid_from=on, by=desk["supervisor"], at=AT)
    return code


def test_a_draft_is_seen_by_nobody_outside(desk: City) -> None:
    code = draft(desk)
    assert not public_item_exists(code=ITEM)
    assert public_items(on=TODAY).total == 0
    with pytest.raises(UnknownItem):
        public_item(code=ITEM, on=TODAY)
    with pytest.raises(NotAllowed):
        item_drafts(viewer=ANYONE, on=TODAY)
    with pytest.raises(UnknownItemVersion):
        item_draft(code=code, viewer=desk["officer"], on=TODAY)
    assert [line.code for line in item_drafts(viewer=desk["supervisor"], on=TODAY)] == [code]
    assert item_draft(code=code, viewer=desk["admin"], on=TODAY).line.is_own


def test_published_from_a_day_on_by_another_person(desk: City) -> None:
    code = draft(desk)
    assert drafts_to_publish(viewer=desk["supervisor"]) == 1
    assert drafts_to_publish(viewer=desk["admin"]) == 0
    publish_version(item_version=code, valid_from=LATER, by=desk["supervisor"], at=AT)
    assert public_items(on=TODAY).total == 0, "not before its day"
    with pytest.raises(UnknownItem):
        public_item(code=ITEM, on=date(2024, 3, 31))
    view = public_item(code=ITEM, on=LATER)
    assert view.is_current
    assert (view.legal, view.promised, view.share_permille) == ("20 个工作日", "8 个工作日", 400)
    assert item_version_in_force(ITEM, LATER).code == code
    document = Document.objects.get(pk=code)
    assert (document.kind, document.sha256) == ("办事指南", view.version.sha256)
    assert document.said_date == LATER


def test_the_next_version_ends_the_one_before(desk: City) -> None:
    first = put(desk)
    second = draft(desk, area="全市通办")
    assert public_item(code=ITEM, on=TODAY).version.code == first, "a draft ends nothing"
    publish_version(item_version=second, valid_from=LATER, by=desk["supervisor"], at=AT)
    assert item_version_in_force(ITEM, date(2024, 3, 31)).code == first
    assert item_version_in_force(ITEM, LATER).code == second
    assert item_versions_in_force([ITEM, "NO-1"], LATER)[ITEM].code == second
    old = public_item(code=ITEM, on=LATER, version=1)
    assert (old.version.state, old.current) == ("past", 2)
    assert [(one.label, one.new) for one in old.changed] == [("通办范围", "全市通办")]
    announced = public_item(code=ITEM, on=TODAY)
    assert [one.state for one in announced.versions] == ["future", "current"]
    assert Item.objects.filter(Item.public_rows()).count() == 1, "once, whatever its versions"
    assert public_last_version(code=ITEM) == 2


def test_versions_never_overlap_and_never_begin_in_the_past(desk: City) -> None:
    put(desk, on=LATER)
    second = draft(desk, area="全市通办")
    for day in (date(2024, 2, 1), date(2024, 3, 15)):
        with pytest.raises(VersionsOverlap) as caught:
            publish_version(item_version=second, valid_from=day, by=desk["supervisor"], at=AT)
        assert "重叠" in caught.value.what
    assert item_version_in_force(ITEM, LATER).number == 1, "refused as a whole"
    publish_version(item_version=second, valid_from=LATER, by=desk["supervisor"], at=AT)
    assert item_version_in_force(ITEM, LATER).number == 2


def test_who_may(desk: City) -> None:
    for nobody in (desk["officer"], desk["supervisor"], ANYONE):
        with pytest.raises(NotAllowed):
            draft_items(definitions=[item()], office=OFFICE, by=nobody, at=AT)
    code = draft(desk)
    for other in (desk["admin"], desk["admin2"], desk["auditor"]):
        with pytest.raises(NotAllowed):
            publish_version(item_version=code, valid_from=TODAY, by=other, at=AT)
    with pytest.raises(UnknownItemVersion):
        publish_version(item_version=code, valid_from=TODAY, by=desk["officer"], at=AT)
    assert DEPARTMENT in catalogue_offices(viewer=desk["admin"])
    assert catalogue_offices(viewer=desk["supervisor"]) == {}


def test_the_database_itself_asks_for_a_second_person(desk: City) -> None:
    code = put(desk)
    rows = ItemVersion._base_manager.filter(pk=code)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(published_by=F("drafted_by"))


def test_drafting_again_replaces_and_the_same_changes_nothing(desk: City) -> None:
    code = draft(desk)
    changed = item(area="全市通办")
    again = draft_items(definitions=[changed], office=OFFICE, by=desk["admin2"], at=AT)
    assert again.drafts == (code,)
    same = draft_items(definitions=[changed], office=OFFICE, by=desk["admin"], at=AT)
    assert (same.drafts, same.unchanged) == ((), (ITEM,))
    assert ItemVersion.objects.get(pk=code).drafted_by == desk["admin2"].actor
    drop_draft(item_version=code, by=desk["admin"], at=AT)
    with pytest.raises(NotADraft):
        publish_version(item_version=code, valid_from=TODAY, by=desk["supervisor"], at=AT)
    assert draft(desk) == f"{ITEM}/V2", "a number is not used twice"
    assert draft_codes(items=[], viewer=desk["admin"]) == (f"{ITEM}/V2",)


def test_a_stale_page_is_refused(desk: City) -> None:
    code = draft(desk)
    draft_items(definitions=[item(area="通办")], office=OFFICE, by=desk["admin"], at=AT)
    with pytest.raises(StaleVersion):
        publish_version(
            item_version=code, valid_from=TODAY, by=desk["supervisor"], at=AT, version=1
        )


def test_all_or_none(desk: City) -> None:
    bad = item(code="SC-902", promised_limit="30wd")
    with pytest.raises(ItemsRefused) as caught:
        draft_items(definitions=[item(), bad], office=OFFICE, by=desk["admin"], at=AT)
    assert {found.code for found in caught.value.findings} == {"CASE-E218"}
    assert not Item.objects.exists()
    unknown = item(unit="NO-SUCH")
    with pytest.raises(NotAllowed):
        draft_items(definitions=[unknown], office="NO-OFFICE", by=desk["admin"], at=AT)
    with pytest.raises(ItemsRefused) as other:
        draft_items(definitions=[unknown], office=OFFICE, by=desk["admin"], at=AT)
    assert [found.code for found in other.value.findings] == ["CASE-E234"]
    with pytest.raises(Invalid):
        draft_items(
            definitions=[item()], office=OFFICE, by=desk["admin"], at=AT, reason="长" * 1_001
        )


def test_retire(desk: City) -> None:
    code = put(desk)
    with pytest.raises(NotAllowed):
        retire(item=ITEM, valid_to=LATER, reason="取消", by=desk["admin"], at=AT)
    with pytest.raises(Invalid):
        retire(item=ITEM, valid_to=LATER, reason=" ", by=desk["supervisor"], at=AT)
    with pytest.raises(UnknownItem):
        retire(item="NO-1", valid_to=LATER, reason="取消", by=desk["supervisor"], at=AT)
    retire(item=ITEM, valid_to=LATER, reason="法律取消", by=desk["supervisor"], at=AT)
    with pytest.raises(NotInForce):
        retire(item=ITEM, valid_to=LATER, reason="再来", by=desk["supervisor"], at=AT)
    assert item_version_in_force(ITEM, date(2024, 3, 31)).code == code
    with pytest.raises(UnknownItem):
        public_item(code=ITEM, on=LATER)
    assert public_item(code=ITEM, on=LATER, version=1).current is None
    with pytest.raises(UnknownItemVersion):
        public_item(code=ITEM, on=LATER, version=7)


def test_the_list_counts_its_filters_and_turns_its_pages(
    desk: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [
        item(code="SC-902", name="企业设立登记", kind="行政确认"),
        item(
            code="SC-903",
            name="档案查询",
            kind="公共服务",
            promised_limit="即办",
            handled="即办件",
            reviewed="即审即办",
            steps=(),
            declaration=None,
            materials=tuple(replace(one, declarable=False) for one in item().materials),
        ),
        item(code="SC-904", legal_limit="1m"),
    ]
    made = draft_items(definitions=[item(), *others], office=OFFICE, by=desk["admin"], at=AT)
    for code in made.drafts:
        publish_version(item_version=code, valid_from=TODAY, by=desk["supervisor"], at=AT)
    found = public_items(on=TODAY, wanted=Wanted(kind="行政许可"))
    assert [line.code for line in found.lines] == ["SC-901", "SC-904"]
    assert {o.value: o.count for o in found.options["kind"]} == {
        "行政许可": 2,
        "行政确认": 1,
        "公共服务": 1,
    }
    assert [o.count for o in found.options["at_once"]] == []
    assert public_items(on=TODAY, wanted=Wanted(text="qiyesheli")).total == 1
    assert public_items(on=TODAY, wanted=Wanted(text="“”")).total == 0
    assert public_items(on=TODAY, wanted=Wanted(at_once="1")).lines[0].code == "SC-903"
    assert public_items(on=TODAY, wanted=Wanted(unit="没有")).total == 0
    monkeypatch.setattr("yinuo.cases.queries.items.PAGE", 3)
    first = public_items(on=TODAY)
    second = public_items(on=TODAY, cursor=first.next_cursor)
    assert [line.code for line in (*first.lines, *second.lines)] == [
        *("SC-901", "SC-902", "SC-903", "SC-904")
    ]
    assert second.next_cursor == ""
    with pytest.raises(BadItemCursor):
        public_items(on=TODAY, cursor="x" * 41)
    summary = public_summary(on=TODAY)
    assert (summary.items, summary.compared, summary.within, summary.at_once) == (4, 3, 3, 1)
    assert not summary.all_within, "one of them cannot be compared"


def test_files_of_a_version_are_kept_and_opened_with_it(desk: City) -> None:
    media = item().media
    assert media, "the desk has a sample"
    draft(desk)
    assert media[0].sha256 in files().named
    assert not ItemFile.objects.filter(ItemFile.public_rows()).exists()
    with pytest.raises(UnknownItemVersion):
        public_medium(code=ITEM, sha256=media[0].sha256)
    publish_version(item_version=f"{ITEM}/V1", valid_from=TODAY, by=desk["supervisor"], at=AT)
    assert ItemFile.objects.filter(ItemFile.public_rows()).count() == len(media)
    assert public_medium(code=ITEM, sha256=media[0].sha256) == media[0]


def test_given_out_and_replayed(desk: City) -> None:
    put(desk)
    assert public_definitions(on=TODAY) == (item(),)
    with pytest.raises(UnknownItem):
        public_definitions(on=TODAY, codes=["NO-1"])
    data = public_national(code=ITEM, on=TODAY)
    assert (data["anticipate_day"], data["promise_day"], data["task_type"]) == (20, 8, "01")
    assert data["yinuo_version"] == f"{ITEM}/V1"
    assert not replay().faults
