import unicodedata
from typing import Any

import duckdb
import pyarrow as pa
import pypinyin
import pytest

from tests.credit.linking.stated import linkage
from yinuo.credit.linking.folding import folded
from yinuo.credit.linking.preparing import RAW, pinyin, prepare


def prepared(**given: str) -> dict[str, Any]:
    """The columns made of one row."""
    row = {name: given.get(name) for name in RAW} | {"id": "1", "subject": "firm"}
    with duckdb.connect() as database:
        rows = pa.Table.from_pylist([row], schema=pa.schema([(name, pa.string()) for name in RAW]))
        database.register("raw", rows)
        prepare(database, "raw", "made", linkage().settings.words)
        (made,) = database.sql("FROM made").to_arrow_table().to_pylist()
    return dict(made)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("大连瑞丰商贸有限公司", ("瑞丰", "商贸", "有限公司")),
        ("瑞丰（大连）商贸有限公司", ("瑞丰", "商贸", "有限公司")),
        ("辽宁省大连市瑞丰商贸有限责任公司", ("瑞丰", "商贸", "有限责任公司")),
        ("瑞丰 商贸", ("瑞丰", "商贸", "")),
        ("瑞丰网络科技股份有限公司", ("瑞丰", "网络科技", "股份有限公司")),
        ("大连有限公司", ("有限公司", "", "有限公司")),
        ("大连", ("大连", "", "")),
    ],
)
def test_a_name_is_core_trade_and_form_without_its_region(
    name: str, parts: tuple[str, str, str]
) -> None:
    made = prepared(name=name)
    assert (made["core"], made["trade"], made["form"]) == parts


def test_full_width_forms_are_folded_as_nfkc_does() -> None:
    wide = "".join(map(chr, range(0xFF01, 0xFF5F)))
    kept = "".join(c for c in unicodedata.normalize("NFKC", wide) if c.isalnum())
    assert prepared(name=f"瑞{wide}丰")["entire"] == f"瑞{kept}丰"


def test_an_address_loses_its_city_and_keeps_its_numbers() -> None:
    one = prepared(address="大连市中山区人民路１２号３０１室")
    other = prepared(address="中山区人民路12号 301室")
    assert one["place"] == other["place"] == "人民路12号301室"
    assert one["numbers"] == "12-301"
    assert "人民" in one["place_pairs"]


def test_pairs_of_characters_are_characters_and_not_bytes() -> None:
    assert sorted(prepared(name="瑞丰商贸")["pairs"]) == ["丰商", "商贸", "瑞丰"]
    assert prepared(name="瑞")["pairs"] == ["瑞"]


def test_nothing_stays_nothing() -> None:
    made = prepared(name="  ", address="·")
    assert {name for name, value in made.items() if value not in (None, [])} == {
        "unique_id",
        "subject",
    }


def test_pinyin_is_that_of_the_dictionary_of_characters() -> None:
    common = [chr(code) for code in range(0x4E00, 0x5E00)]
    said = [pypinyin.lazy_pinyin(each)[0] for each in common]
    assert pinyin(common) == [
        sound if sound.isascii() else f"u{ord(each):x}"
        for sound, each in zip(said, common, strict=True)
    ]


def test_the_written_code_shows_the_code_inside() -> None:
    assert prepared(written="91350100m000100y44")["inner_code"] == "M000100Y4"
    assert prepared(written="350100M000100Y4")["inner_code"] == "M000100Y4"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("大連瑞豐商貿有限公司", "大连瑞丰商贸有限公司"),
        ("瑞豐（大連）商貿有限公司", "瑞丰大连商贸有限公司"),
        ("甯昇·二〇羣", "宁升二零群"),
        ("瑞丰㈱①号", "瑞丰株1号"),
    ],
)
def test_however_a_character_is_written_it_is_one(written: str, read: str) -> None:
    assert prepared(name=written)["entire"] == read


def test_traditional_names_are_taken_apart_as_simplified_ones_are() -> None:
    one, other = prepared(name="大連瑞豐商貿有限公司"), prepared(name="大连瑞丰商贸有限公司")
    told = ("entire", "core", "trade", "form", "pinyin")
    assert [one[name] for name in told] == [other[name] for name in told]
    assert one["core"] == "瑞丰"


def test_sql_folds_every_character_as_python_does() -> None:
    codes = (*range(0x20, 0x7F), *range(0xA0, 0xD800), *range(0xE000, 0xFFFE), 0x20BB7)
    names = ["".join(map(chr, codes[at : at + 128])) for at in range(0, len(codes), 128)]
    rows = {name: pa.nulls(len(names), pa.string()) for name in RAW}
    rows |= {"id": pa.array(map(str, range(len(names)))), "name": pa.array(names)}
    with duckdb.connect() as database:
        database.register("raw", pa.table(rows))
        prepare(database, "raw", "made", {})
        made = dict(database.sql("SELECT unique_id, entire FROM made").fetchall())
    for number, name in enumerate(names):
        assert (made[str(number)] or "") == "".join(map(folded, name))
