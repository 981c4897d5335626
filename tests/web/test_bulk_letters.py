"""Letters in bulk for everybody: counts, the proof of each batch, one letter by its number."""

import random
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.credit.letters_bulk.made_up import Row, sound, write
from tests.visits import words
from tests.web.credit_city import MARCH, NOW, Lake, make_lake, prepare
from yinuo.credit.commands.bulk_letter import land_bulk, publish_bulk, withdraw_bulk
from yinuo.ledger.tlog.tree import leaf_hash, root_from_hashes
from yinuo.web.credit import means
from yinuo.web.exchange import regions

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGE = "bulk_letters"
FILE = re.compile(r"([a-z]+(?:-\d{4})?\.parquet).*?([0-9a-f]{64})", re.DOTALL)


@pytest.fixture
def lake(settings: Settings, tmp_path: Path) -> Lake:
    prepare(tmp_path, settings)
    return make_lake(tmp_path)


@pytest.fixture
def rows() -> list[Row]:
    chance = random.Random(11)  # noqa: S311  # made-up data
    some = [sound(chance, number) for number in range(1, 200)]
    return [*some, {**sound(chance, 200), "承诺内容": ""}]


@pytest.fixture
def batch(lake: Lake, rows: list[Row], tmp_path: Path) -> str:
    """A batch that a second person published."""
    made = land_bulk(
        path=write(tmp_path / "letters.csv", rows),
        regions=regions(),
        simulated=True,
        means=means(),
        by=lake.city["steward"],
        at=MARCH,
    )
    publish_bulk(batch=made.code, means=means(), by=lake.city["steward2"], at=NOW)
    return made.code


def test_a_letter_by_its_number(client: Client, batch: str, rows: list[Row]) -> None:
    shown = next(
        row for row in rows if row["公开类型"] == "可向社会公开" and row["承诺人类别"] != "自然人"
    )
    page = words(client.get(reverse(PAGE), {"number": shown["承诺编码"]}))
    assert shown["承诺人名称"] in page
    assert batch in page


@pytest.mark.parametrize(
    ("column", "value"), [("承诺人类别", "自然人"), ("公开类型", "不可公开"), ("承诺内容", "")]
)
def test_what_is_not_public_is_not_found(
    client: Client, batch: str, rows: list[Row], column: str, value: str
) -> None:
    del batch
    hidden = next(row for row in rows if row[column] == value)
    page = words(client.get(reverse(PAGE), {"number": hidden["承诺编码"]}))
    assert "没有查到公开的承诺书" in page
    assert hidden["承诺人名称"] not in page
    assert hidden["承诺人代码"] not in page


@pytest.mark.parametrize("number", ["12", "x" * 20, "９" * 20, "91210200000000001F", "%", "0" * 99])
def test_what_is_no_number(client: Client, batch: str, number: str) -> None:
    del batch
    answer = client.get(reverse(PAGE), {"number": number})
    assert answer.status_code == 200
    assert "没有查到公开的承诺书" in words(answer)


def test_the_root_follows_from_the_files_on_the_page(client: Client, batch: str) -> None:
    del batch
    page = client.get(reverse(PAGE)).content.decode()
    files = FILE.findall(page)
    assert {name.partition("-")[0] for name, _ in files} == {"public", "closed", "aside.parquet"}
    root = root_from_hashes([leaf_hash(f"{name} {digest}".encode()) for name, digest in files])
    assert root.hex() in page


def test_what_is_not_published_or_no_longer_is_not_there(
    client: Client, lake: Lake, batch: str, rows: list[Row], tmp_path: Path
) -> None:
    other = land_bulk(
        path=write(tmp_path / "more.csv", [{**rows[0], "备注": "再一份"}]),
        regions=regions(),
        simulated=True,
        means=means(),
        by=lake.city["steward"],
        at=NOW,
    )
    page = words(client.get(reverse(PAGE)))
    assert batch in page
    assert other.code not in page
    withdraw_bulk(
        batch=batch,
        reason="来源单位要求重报",
        means=means(),
        by=lake.city["steward"],
        at=NOW,
    )
    assert "还没有公开成批的承诺书" in words(client.get(reverse(PAGE)))
