"""What the bank says against what was sent: at every moment sent = paid + bounced + open."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.benefits.banking.lines import BankLine, PaymentLine
from yinuo.benefits.banking.reading import read_bank_file
from yinuo.benefits.banking.reconciling import reconcile
from yinuo.benefits.banking.sheet import SheetRefused
from yinuo.benefits.banking.writing import as_csv, as_xlsx, yuan

BATCH = "BF-2024-0001"
DAY = date(2024, 3, 15)


def _sent(amounts: list[int]) -> list[PaymentLine]:
    return [
        PaymentLine(
            batch=BATCH,
            number=number,
            payee=f"企业{number}",
            bank="示范银行",
            account=f"6222000{number}",
            amount=amount,
            purpose="补贴",
        )
        for number, amount in enumerate(amounts, start=1)
    ]


ROWS = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.integers(1, 5),
        st.booleans(),
        st.sampled_from([BATCH, "BF-2024-0002"]),
    ),
    max_size=12,
)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.lists(ROWS, max_size=4))
def test_every_row_and_every_cent_is_somewhere(
    amounts: list[int], files: list[list[tuple[int, int, bool, str]]]
) -> None:
    sent = _sent(amounts)
    known: dict[int, bool] = {}
    for rows in files:
        said = [
            BankLine(
                row=at, batch=batch, number=number, amount=amount, paid=paid, on=DAY, reason="退"
            )
            for at, (number, amount, paid, batch) in enumerate(rows, start=2)
        ]
        before = dict(known)
        found = reconcile(sent, said, known, days=(DAY, DAY))
        settled = len(found.paid) + len(found.bounced)
        assert settled + found.again + len(found.aside) == len(rows)
        known |= {line.number: True for line in found.paid}
        known |= {line.number: False for line in found.bounced}
        assert before.items() <= known.items()
        paid = sum(line.amount for line in sent if known.get(line.number) is True)
        bounced = sum(line.amount for line in sent if known.get(line.number) is False)
        assert paid + bounced + sum(line.amount for line in found.open) == sum(amounts)
        assert found.is_complete == (len(known) == len(sent))


@pytest.mark.parametrize("on", [date(2024, 3, 14), date(2024, 3, 16)])
def test_a_day_before_it_was_sent_or_after_today_is_not_believed(on: date) -> None:
    said = BankLine(row=2, batch=BATCH, number=1, amount=100, paid=True, on=on, reason="")
    found = reconcile(_sent([100]), [said], {}, days=(DAY, DAY))
    assert found.paid == ()
    assert len(found.open) == 1
    assert "日期" in found.aside[0].what


def test_a_payee_that_a_spreadsheet_would_run_is_plain_text() -> None:
    lines = _sent([100])
    evil = [type(lines[0])(**{**vars(lines[0]), "payee": "=HYPERLINK(1)", "account": "+622"})]
    text = as_csv(evil).decode("utf-8-sig")
    assert "\n=HYPERLINK" not in text
    assert ",=HYPERLINK" not in text
    assert ",+622" not in text
    assert as_xlsx(evil, title="付款清单").startswith(b"PK")


def test_what_was_sent_comes_back_as_excel_too() -> None:
    sent = _sent([1_234_56, 7])
    book = as_xlsx(sent, title="付款清单")
    with pytest.raises(SheetRefused, match="找不到表头"):
        read_bank_file(book, file="付款清单.xlsx")


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("BF-2024-0001,一,1.00,成功,2024-03-15,", "不是数"),
        ("BF-2024-0001,1,壹元,成功,2024-03-15,", "读不懂"),
        ("BF-2024-0001,1,1.001,成功,2024-03-15,", "读不懂"),
        ("BF-2024-0001,1,1.00,也许,2024-03-15,", "不认识"),
        ("BF-2024-0001,1,1.00,退汇,2024-03-15,", "没有写原因"),
        ("BF-2024-0001,1,1.00,成功,2024-02-31,", "日期"),
    ],
)
def test_a_row_that_cannot_be_read_is_kept_aside(row: str, what: str) -> None:
    data = f"批次,序号,金额（元）,结果,日期,原因\n{row}\n\n".encode()
    read = read_bank_file(data, file="回单.csv")
    assert read.lines == ()
    assert [one.row for one in read.aside] == [2]
    assert what in read.aside[0].what


def test_dates_and_amounts_as_banks_write_them() -> None:
    rows = [
        'BF-2024-0001,1,"1,234.56",已入账,20240315,',
        "BF-2024-0001,2,0.07,退回,2024/3/5,账号有误",
    ]
    data = "\n".join(["回单", "批次,序号,金额（元）,结果,日期,原因", *rows]).encode("gb18030")
    first, second = read_bank_file(data, file="回单.csv").lines
    assert (first.amount, first.paid, first.on) == (1_234_56, True, DAY)
    assert (second.amount, second.paid, second.on) == (7, False, date(2024, 3, 5))
    assert yuan(second.amount) == "0.07"
