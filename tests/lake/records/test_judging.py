"""What becomes of a row: landed in one form, or put aside for the first rule that it breaks."""

import json
from datetime import date
from hashlib import md5
from pathlib import Path

import pyarrow as pa
import pytest

from tests.lake.records.source import (
    GOOD,
    HEADINGS,
    OLD_RID,
    ORG,
    OTHER_ORG,
    REG,
    RID,
    SOURCE,
    USCC,
    file,
    landed,
    reasons,
    records,
    row,
    text,
)
from yinuo.lake.records.reasons import Reason
from yinuo.lake.records.values import read_amounts


def test_a_record_is_landed_in_its_form(tmp_path: Path) -> None:
    (found,) = records(landed(tmp_path, file(tmp_path, text([GOOD]))))
    named = "penalty-test\x1f文〔2024〕1号"
    assert found["record"].hex == md5(named.encode(), usedforsecurity=False).hexdigest()
    said = [
        "文〔2024〕1号",
        "甲试有限公司",
        "firm",
        USCC,
        "",
        "",
        "",
        "",
        "2024-01-03",
        "500000",
        "2",
    ]
    content = "\x1f".join([*said, "", "正常"])
    assert found["content"].hex == md5(content.encode(), usedforsecurity=False).hexdigest()
    del found["record"], found["content"]
    assert found == {
        "revoked": False,
        "subject": "firm",
        "key": f"o:{ORG}",
        "code": USCC,
        "name": "甲试有限公司",
        "file": 0,
        "line": 2,
        "document": "文〔2024〕1号",
        "kind": "firm",
        "uscc": USCC,
        "org": None,
        "tax": None,
        "reg": None,
        "rid": None,
        "decided_on": date(2024, 1, 3),
        "fine": 500_000,
        "count": 2,
        "remark": None,
        "state": "正常",
    }


@pytest.mark.parametrize(
    "written",
    [
        *("2024-01-03", "2024/1/3", "2024.1.3", "20240103", "2024年1月3日", "２０２４年１月３日"),
        *("2024-01-03 00:00:00", "2024-01-03T08:30:00", " 2024-01-03 "),
    ],
)
def test_dates_in_several_forms_are_one_day(tmp_path: Path, written: str) -> None:
    batch = landed(tmp_path, file(tmp_path, text([row(CF_JDRQ=written)])))
    assert records(batch)[0]["decided_on"] == date(2024, 1, 3)


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("3.5", 3_500_000),
        ("3.5万元", 3_500_000),
        ("3.5万", 3_500_000),
        ('"1,200元"', 120_000),
        ("￥1200.50元", 120_050),
        ("１２００元整", 120_000),
        ("0.000001", 1),
        ("-2", -2_000_000),
        ("1亿元", 10_000_000_000),
        ("无", None),
        ("/", None),
        ("", None),
    ],
)
def test_amounts_by_the_unit_of_the_column_or_of_the_cell(
    tmp_path: Path, written: str, fen: int | None
) -> None:
    batch = landed(tmp_path, file(tmp_path, text([row(CF_NR_FK=written)])))
    assert records(batch)[0]["fine"] == fen


def test_an_amount_reads_the_same_whatever_stands_beside_it() -> None:
    """What is plain is read by the column, what is not by itself; both say the same."""
    clean = ["0", "00012", "12.5", "0.12345600", "1234567890123", "-2", "3万元", "-", "", None]
    broken = [".5", "5.", "1.2.3", "1e5", "0.0000001", "99999999999999", "1-2"]
    alone = [read_amounts(pa.array([each], pa.string()), "万元") for each in (*clean, *broken)]
    for texts in (clean, broken, [*broken, *clean], [*clean, *broken]):
        found = read_amounts(pa.array(texts, pa.string()), "万元")
        one_by_one = [alone[[*clean, *broken].index(each)] for each in texts]
        assert found.column.to_pylist() == [each.column[0].as_py() for each in one_by_one]
        assert found.broken.tolist() == [bool(each.broken[0]) for each in one_by_one]
    assert [bool(each.broken[0]) for each in alone[len(clean) :]] == [True] * len(broken)


@pytest.mark.parametrize(
    ("cells", "key", "code"),
    [
        ({}, f"o:{ORG}", USCC),
        ({"CF_XDR_SHXYM": "９１３５０１００m０００１００ｙ４３"}, f"o:{ORG}", USCC),
        ({"CF_XDR_SHXYM": "91350100-M000100Y43 "}, f"o:{ORG}", USCC),
        ({"CF_XDR_SHXYM": "", "CF_XDR_ZZJG": "M000100Y-4"}, f"o:{ORG}", ORG),
        ({"CF_XDR_SHXYM": "", "CF_XDR_SWDJ": f"350100{ORG}"}, f"o:{ORG}", f"350100{ORG}"),
        ({"CF_XDR_SHXYM": "", "CF_XDR_SWDJ": USCC}, f"o:{ORG}", USCC),
        ({"CF_XDR_SHXYM": "91350100M000100Y44", "CF_XDR_ZZJG": ORG}, f"o:{ORG}", ORG),
        ({"CF_XDR_SHXYM": "", "CF_XDR_GSZC": REG}, f"r:{REG}", REG),
        ({"CF_XDR_GSZC": REG}, f"o:{ORG}", USCC),
        ({"CF_XDR_SHXYM": ""}, None, None),
        ({"CF_XDR_SHXYM": "无"}, None, None),
        ({"CF_XDR_SHXYM": "000000000000000000"}, None, None),
        ({"CF_XDR_SHXYM": "", "CF_XDR_ZZJG": "123456789"}, None, None),
        # A person's number never makes a firm's key, nor a firm's code a person's.
        ({"CF_XDR_SHXYM": "", "CF_XDR_ZJHM": RID}, None, None),
        ({"CF_XDR_LB": "自然人", "CF_XDR_ZJHM": RID}, f"p:{RID}", RID),
        ({"CF_XDR_LB": "自然人", "CF_XDR_ZJHM": RID.lower()}, f"p:{RID}", RID),
        ({"CF_XDR_LB": "自然人", "CF_XDR_ZJHM": OLD_RID}, f"p:{RID}", RID),
        ({"CF_XDR_LB": "自然人", "CF_XDR_ZJHM": "110105194912310021"}, None, None),
        ({"CF_XDR_LB": "自然人"}, None, None),
    ],
)
def test_the_key_is_of_the_first_valid_identifier(
    tmp_path: Path, cells: dict[str, str], key: str | None, code: str | None
) -> None:
    (found,) = records(landed(tmp_path, file(tmp_path, text([row(**cells)]))))
    assert (found["key"], found["code"]) == (key, code)


def test_an_invalid_identifier_is_landed_and_never_repaired(tmp_path: Path) -> None:
    bad = row(CF_XDR_SHXYM="9135010oM000100Y43")
    batch = landed(tmp_path, file(tmp_path, text([bad])))
    assert records(batch)[0]["uscc"] == "9135010OM000100Y43"
    assert (batch.keyless, batch.filled["uscc"]) == (1, 1)


@pytest.mark.parametrize(
    ("cells", "why", "field"),
    [
        ({"CF_XDR_MC": "甲\ufffd有限公司"}, Reason.GARBLED, "名称"),
        ({"CF_XDR_MC": "锟斤拷试公司"}, Reason.GARBLED, "名称"),
        ({"CF_XDR_MC": "有限公司".encode().decode("gb18030", "replace")}, Reason.GARBLED, "名称"),
        ({"CF_XDR_MC": "大连".encode().decode("latin-1")}, Reason.GARBLED, "名称"),
        ({"BZ": "a\x00b"}, Reason.GARBLED, "备注"),
        ({"CF_XDR_LB": ""}, Reason.NO_SUBJECT, "类别"),
        ({"CF_XDR_LB": "机构"}, Reason.UNKNOWN_CODE, "类别"),
        ({"CF_ZT": "7"}, Reason.UNKNOWN_CODE, "状态"),
        ({"CF_JDRQ": ""}, Reason.MISSING, "日期"),
        ({"CF_XDR_MC": "　 "}, Reason.MISSING, "名称"),
        ({"CF_WSH": ""}, Reason.MISSING, "文号"),
        ({"CF_JDRQ": "2024-02-30"}, Reason.BAD_DATE, "日期"),
        ({"CF_JDRQ": "45294"}, Reason.BAD_DATE, "日期"),
        ({"CF_JDRQ": USCC}, Reason.SHIFTED, "日期"),
        ({"CF_JDRQ": "警告"}, Reason.SHIFTED, "日期"),
        ({"CF_XDR_SHXYM": "甲试有限公司"}, Reason.SHIFTED, "代码"),
        ({"CF_NR_FK": "约三万"}, Reason.SHIFTED, "罚款"),
        ({"CF_NR_FK": "1.2.3"}, Reason.BAD_AMOUNT, "罚款"),
        ({"CF_NR_FK": "0.0000001"}, Reason.BAD_AMOUNT, "罚款"),
        ({"CF_NR_FK": '"1,20元"'}, Reason.BAD_AMOUNT, "罚款"),
        ({"CF_NR_FK": "99999999999999999999"}, Reason.BAD_AMOUNT, "罚款"),
        ({"JS": "1.5"}, Reason.BAD_NUMBER, "件数"),
        ({"BZ": "长" * 21}, Reason.TOO_LONG, "备注"),
        ({"CF_XDR_ZZJG": OTHER_ORG}, Reason.CONTRADICTION, "机构代码"),
    ],
)
def test_a_row_is_put_aside_with_reason_field_value_and_itself(
    tmp_path: Path, cells: dict[str, str], why: Reason, field: str
) -> None:
    bad = row(CF_WSH="文2号") | cells
    batch = landed(tmp_path, file(tmp_path, text([GOOD, bad])))
    (aside,) = batch.put_aside()
    assert (aside["code"], aside["reason"]) == (why.name, why.words)
    assert (aside["file"], aside["line"], aside["field"]) == (0, 3, field)
    said = {h: bad.get(h, "").strip('"') for h in HEADINGS}
    kept = {h: value or "" for h, value in json.loads(aside["row"]).items()}
    assert kept == said
    heading = next(each for each in SOURCE.fields if each.label == field).headings[0]
    assert aside["value"] == said[heading]
    assert why.next_step


def test_formula_like_text_stays_text(tmp_path: Path) -> None:
    batch = landed(tmp_path, file(tmp_path, text([row(BZ="=1+1"), row(CF_WSH="-2", BZ="@x")])))
    assert [each["remark"] for each in records(batch)] == ["=1+1", "@x"]


def test_revocations_are_marked_and_counted(tmp_path: Path) -> None:
    batch = landed(tmp_path, file(tmp_path, text([GOOD, row(CF_WSH="2", CF_ZT="1")])))
    assert [each["revoked"] for each in records(batch)] == [False, True]
    assert (batch.revoked, batch.subjects) == (1, {"firm": 2})


def test_the_dot_in_names_and_rare_characters_are_no_garble(tmp_path: Path) -> None:
    names = ["阿依·古丽", "䶮㐀记", "大连（试）店", "ＡＢ－１ 店", "铁路链条"]
    rows = [row(CF_WSH=str(n), CF_XDR_MC=name) for n, name in enumerate(names)]
    batch = landed(tmp_path, file(tmp_path, text(rows)))
    found = [each["name"] for each in records(batch)]
    assert found == ["阿依·古丽", "䶮㐀记", "大连(试)店", "AB-1 店", "铁路链条"]
    assert reasons(batch) == {}
