"""Rows that the demo puts among the simulated ones, for what is to be seen there. Nobody real."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import numpy as np

from yinuo.credit.simulation import codes
from yinuo.credit.simulation.population import Population
from yinuo.project.standin.server import Pretended

UTF_8 = "utf-8"
FIRST, FINED = 40, 44
"""Firms in the register: to whom the misplaced penalty goes, and who has one to be repaired."""
MISPLACED, REPAIRABLE = "连演罚〔2024〕第 901 号", "连演罚〔2024〕第 902 号"
START_UPS, APART = 24, 18
"""Firms founded lately, and days between two of them."""
FOUNDED = date(2023, 2, 1)
MONTHS = tuple(date(2024, month, 1) for month in range(1, 13))
"""Of which social insurance is paid."""
Row = Mapping[str, str]


def misplace(penalties: Path, registrations: Path) -> Pretended:
    """Add a penalty that names one firm and bears the valid code of another, who is returned.

    It lands in the wrong firm, and whoever tries the demo can split it off.
    """
    bearer, named = _firms(registrations, FIRST, 2)
    _add_penalty(penalties, named, MISPLACED, decided="2024-11-20", code=bearer["UNISCID"])
    return _party(bearer)


def fine(penalties: Path, registrations: Path) -> Pretended:
    """Add a fine of 一般 that may be repaired: its least period is over. Returns who bears it."""
    (bearer,) = _firms(registrations, FINED, 1)
    money = {"CF_CFLB": "罚款", "CF_NR": "罚款2万元", "CF_NR_FK": "2"}
    _add_penalty(penalties, bearer, REPAIRABLE, decided="2024-08-20", **money)
    return _party(bearer)


def _firms(registrations: Path, first: int, count: int) -> list[Row]:
    with registrations.open(encoding=UTF_8, errors="replace", newline="") as file:
        firms = (row for row in csv.DictReader(file) if row["UNISCID"].startswith("9121"))
        return list(islice(firms, first, first + count))


def _party(registered: Row) -> Pretended:
    return Pretended("firm", registered["UNISCID"], registered["ENTNAME"], "演示经办人")


def _add_penalty(
    penalties: Path, named: Row, number: str, *, decided: str, code: str = "", **more: str
) -> None:
    """Like the first one, but of another firm."""
    with penalties.open(encoding=UTF_8, errors="replace", newline="") as file:
        like = next(csv.DictReader(file))
    row = like | {
        "CF_XDR_MC": named["ENTNAME"],
        "CF_XDR_LB": "法人及非法人组织",
        "CF_XDR_SHXYM": code or named["UNISCID"],
        "CF_FRDB": named["LEREP"],
        "CF_FR_ZJHM": "",
        "CF_WSH": number,
        "CF_JDRQ": decided,
        "CF_YXQ": "",
        "CF_GSJZQ": "",
        "CF_ZT": "0",
    }
    _append(penalties, [row | more], UTF_8)


def found_lately(
    registrations: Path, payments: Path, some: Population, *, encoding: str
) -> tuple[Pretended, ...]:
    """Add firms founded since 2023 that pay social insurance each month; the oldest first.

    They have no other records: who comes later than the others has none from before.
    """
    party = 2 * (some.firms + np.arange(START_UPS))
    names = some.party_names(party).to_pylist()
    numbers = codes.texts(some.credit_codes(party)).to_pylist()
    owners = some.person_names(some.representatives(party)).to_pylist()
    days = [FOUNDED + timedelta(days=APART * place) for place in range(START_UPS)]
    firms = list(zip(names, numbers, owners, days, strict=True))
    _append(registrations, _registered(registrations, firms), UTF_8)
    _append(payments, _paid(payments, firms, encoding), encoding)
    return tuple(
        Pretended("firm", number, name, "演示经办人") for name, number, _owner, _day in firms
    )


Firm = tuple[str, str, str, date]


def _registered(registrations: Path, firms: Iterable[Firm]) -> list[Row]:
    with registrations.open(encoding=UTF_8, errors="replace", newline="") as file:
        like = next(csv.DictReader(file))
    return [
        like
        | {
            "PRIPID": f"2190{place:08}",
            "ENTNAME": name,
            "UNISCID": number,
            "REGNO": "",
            "LEREP": owner,
            "CERNO": "",
            "ESTDATE": founded.isoformat(),
            "APPRDATE": founded.isoformat(),
            "REGSTATE": "1",
            "S_EXT_TIMESTAMP": f"{founded:%Y%m%d}",
        }
        for place, (name, number, owner, founded) in enumerate(firms)
    ]


def _paid(payments: Path, firms: Iterable[Firm], encoding: str) -> list[Row]:
    with payments.open(encoding=encoding, errors="replace", newline="") as file:
        like = next(csv.DictReader(file))
    return [
        like
        | {
            "缴费单号": f"4190{place:06}{month.month:02}",
            "统一社会信用代码": number,
            "单位编号": "",
            "单位名称": name,
            "费款所属期": f"{month:%Y%m%d}",
            "到账日期": f"{month + timedelta(days=9):%Y%m%d}",
        }
        for place, (name, number, _owner, founded) in enumerate(firms)
        for month in MONTHS
        if month > founded
    ]


def _append(path: Path, rows: Iterable[Row], encoding: str) -> None:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        headings = next(csv.reader(file))
    with path.open("a", encoding=encoding, newline="") as file:
        csv.DictWriter(file, headings).writerows(rows)
