"""Tables as they were published, and what goes on while a file is lost."""

from datetime import date

import pytest
from pytest_django import Settings

from tests.city import JULY, City
from tests.content.workbooks import subsidy
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.content.queries import InForce, public_book, public_in_force
from yinuo.kernel.filestore import FileMissing, FileStore, unless_lost

pytestmark = pytest.mark.django_db
NAME = "tables/subsidy.xlsx"
TODAY = JULY.date()


@pytest.fixture
def published(people: City, store: FileStore, settings: Settings) -> InForce:
    settings.YINUO_FILES = store.root
    public_book.cache_clear()
    kept = keep(name=NAME, data=subsidy(10), valid_from=TODAY, store=store)
    number = ask_publication(
        kept=kept, reason="依据通知", effect="", store=store, by=people["admin"], at=JULY
    )
    approve_publication(number=number, store=store, by=people["admin2"], at=JULY)
    found = public_in_force(NAME, on=date(2024, 12, 31))
    assert found is not None
    return found


def test_a_published_workbook_is_read_once(published: InForce) -> None:
    book = public_book(published)
    assert book.tables
    assert public_book(published) is book


def test_a_lost_file_is_named_in_the_log_and_answered_without(
    published: InForce, store: FileStore, caplog: pytest.LogCaptureFixture
) -> None:
    assert unless_lost(lambda: public_book(published), without="no subsidy") is not None
    public_book.cache_clear()
    store.remove(published.sha256)
    with pytest.raises(FileMissing):
        public_book(published)
    assert unless_lost(lambda: public_book(published), without="no subsidy") is None
    assert "no subsidy: " in caplog.text
    assert published.sha256[:12] in caplog.text
