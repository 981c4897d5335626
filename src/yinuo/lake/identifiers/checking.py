"""Checks of whole columns at once, by NumPy on the bytes of the distinct values.

Sources: GB 32100—2015 (统一社会信用代码), GB 11714 (组织机构代码), GB 11643—1999 (公民身份号码).
A code is never changed: what is compared is its form without blanks, in half-width capitals.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from yinuo.kernel.regions import PROVINCES
from yinuo.kernel.uscc import CHARACTERS
from yinuo.lake.identifiers.columns import (
    FOREIGN,
    ZERO,
    Bytes,
    Flags,
    alphabet_table,
    among,
    are_dates,
    are_digits,
    matrix,
)
from yinuo.lake.identifiers.verdicts import Remark, Verdict

Codes = NDArray[np.uint8]

NEW, OLD, ORGANISATION = 18, 15, 9
CATEGORIES = frozenset(
    department + body
    for department, bodies in (
        *(("1", "1239"), ("2", "19"), ("3", "123459"), ("4", "19"), ("5", "1239"), ("6", "129")),
        *(("7", "129"), ("8", "19"), ("9", "123"), ("A", "19"), ("N", "1239"), ("Y", "1")),
    )
    for body in bodies
)
"""登记管理部门 and 机构类别 that are known."""
REGISTERED, TEN = 15, 10
CREDIT_WEIGHTS = np.array([pow(3, n, 31) for n in range(17)], np.int64)
INNER_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], np.int64)
RESIDENT_WEIGHTS = np.array([pow(2, 17 - n, 11) for n in range(17)], np.int64)
RESIDENT_CHECKS = np.frombuffer(b"10X98765432", np.uint8)
CAPITAL_X = ord("X")


class Kind(StrEnum):
    """What a column holds."""

    USCC = "uscc"
    RID = "rid"
    ORGANISATION = "org"
    REGISTRATION = "reg"


KIND_WORDS = {
    Kind.USCC: "统一社会信用代码",
    Kind.RID: "公民身份号码",
    Kind.ORGANISATION: "组织机构代码",
    Kind.REGISTRATION: "工商注册号",
}


@dataclass(frozen=True)
class Checked:
    """The distinct values of a column with what was found of each."""

    values: Sequence[str]
    """As they were written."""
    forms: Sequence[str]
    """In their one form."""
    verdicts: Codes
    """By `Verdict`."""
    remarks: Codes
    """By `Remark`."""


def plain(text: str) -> str:
    """Half-width capitals without blanks and hyphens."""
    if text.isascii() and text.isalnum():
        return text.upper()
    folded = unicodedata.normalize("NFKC", text)
    return "".join(folded.split()).replace("-", "").upper()


def check(values: Sequence[str], kind: Kind, *, on: date) -> Checked:
    """Check distinct values. `on` is the day after which nobody can have been born."""
    forms = [plain(value) for value in values]
    rewritten = np.fromiter((a != b for a, b in zip(forms, values, strict=True)), np.bool_)
    verdicts, remarks = CHECKS[kind](forms, on)
    if len(values):
        verdicts[placeholders(forms) & (verdicts != Verdict.EMPTY)] = Verdict.PLACEHOLDER
        verdicts[np.fromiter((not form for form in forms), np.bool_)] = Verdict.EMPTY
    remarks[verdicts != Verdict.VALID] = Remark.NONE
    remarks[rewritten & (verdicts == Verdict.VALID)] |= np.uint8(Remark.REWRITTEN)
    return Checked(values, forms, verdicts, remarks)


def placeholders(forms: Sequence[str]) -> Flags:
    """One character all along, or digits that count up: what a clerk types to get on."""
    return np.fromiter(
        (
            len(form) >= ORGANISATION
            and (form.startswith(form[0] * (len(form) - 1)) or _counts(form))
            for form in forms
        ),
        np.bool_,
    )


def _counts(form: str) -> bool:
    return form.startswith(("123456789", "012345678")) and form[9:] in "012345678901234567890"


CREDIT = alphabet_table(CHARACTERS)
LETTERS = alphabet_table("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _settle(*found: tuple[Flags, Verdict]) -> Codes:
    """The first verdict that holds of each value; valid where none does."""
    flags, verdicts = zip(*found, strict=True)
    return np.select(flags, [np.uint8(v) for v in verdicts], np.uint8(Verdict.VALID)).astype(
        np.uint8
    )


def inner_fits(part: Bytes) -> Flags:
    """Whether nine bytes pass the check of an organisation code: letters count from A = 10."""
    values = LETTERS[part[:, :8]].astype(np.int64)
    last = -(values @ INNER_WEIGHTS) % 11
    wanted = np.where(last == TEN, CAPITAL_X, last + ZERO)
    fits: Flags = (values != FOREIGN).all(axis=1) & (part[:, 8] == wanted)
    return fits


def _uscc(forms: Sequence[str], on: date) -> tuple[Codes, Codes]:
    del on
    rows, fits = matrix(forms, NEW)
    values = CREDIT[rows].astype(np.int64)
    shaped = (values != FOREIGN).all(axis=1) & are_digits(rows[:, 2:8])
    right = -(values[:, :17] @ CREDIT_WEIGHTS) % 31 == values[:, 17]
    verdicts = _settle(
        (~fits, Verdict.LENGTH), (~shaped, Verdict.CHARACTER), (~right, Verdict.CHECK)
    )
    remarks = np.where(inner_fits(rows[:, 8:17]), 0, np.uint8(Remark.INNER))
    remarks |= np.where(among(rows[:, :2], CATEGORIES), 0, np.uint8(Remark.CATEGORY))
    remarks |= np.where(among(rows[:, 2:4], PROVINCES), 0, np.uint8(Remark.REGION))
    return verdicts, remarks.astype(np.uint8)


def _organisation(forms: Sequence[str], on: date) -> tuple[Codes, Codes]:
    del on
    rows, fits = matrix(forms, ORGANISATION)
    shaped = (LETTERS[rows] != FOREIGN).all(axis=1)
    verdicts = _settle(
        (~fits, Verdict.LENGTH), (~shaped, Verdict.CHARACTER), (~inner_fits(rows), Verdict.CHECK)
    )
    return verdicts, np.zeros(len(forms), np.uint8)


def _registration(forms: Sequence[str], on: date) -> tuple[Codes, Codes]:
    """工商注册号 of fifteen digits, the last by ISO 7064 MOD 11,10; older ones have no check."""
    del on
    rows, fits = matrix(forms, REGISTERED)
    shaped = are_digits(rows)
    rest = np.full(len(forms), 10, np.int64)
    for place in range(REGISTERED - 1):
        rest = (rest + rows[:, place] - ZERO) % 10
        rest = np.where(rest == 0, 10, rest) * 2 % 11
    right = (rest + rows[:, REGISTERED - 1] - ZERO) % 10 == 1
    verdicts = _settle(
        (~fits, Verdict.LENGTH), (~shaped, Verdict.CHARACTER), (~right, Verdict.CHECK)
    )
    remarks = np.where(among(rows[:, :2], PROVINCES), 0, np.uint8(Remark.REGION))
    return verdicts, remarks.astype(np.uint8)


def _rid(forms: Sequence[str], on: date) -> tuple[Codes, Codes]:
    """Eighteen characters, or fifteen digits, to which the century 19 is added."""
    old = np.fromiter((len(f) == OLD and f.isascii() for f in forms), np.bool_, len(forms))
    long = [f"{f[:6]}19{f[6:]}0" if was else f for f, was in zip(forms, old, strict=True)]
    rows, fits = matrix(long, NEW)
    last = rows[:, 17]
    shaped = are_digits(rows[:, :17]) & ((are_digits(last[:, None])) | (last == CAPITAL_X))
    dated = are_dates(rows[:, 6:14], on)
    sums = (rows[:, :17].astype(np.int64) - ZERO) @ RESIDENT_WEIGHTS % 11
    right = old | (RESIDENT_CHECKS[sums] == last)
    verdicts = _settle(
        (~fits, Verdict.LENGTH),
        (~shaped, Verdict.CHARACTER),
        (~dated, Verdict.DATE),
        (~right, Verdict.CHECK),
    )
    remarks = np.where(old, np.uint8(Remark.OLD), 0)
    remarks |= np.where(among(rows[:, :2], PROVINCES | RESIDENTS), 0, np.uint8(Remark.REGION))
    return verdicts, remarks.astype(np.uint8)


RESIDENTS = frozenset({"83", *(f"9{n}" for n in range(10))})
"""Residents of 台湾, and holders of a permanent residence card, have numbers of the same form."""


CHECKS: dict[Kind, Callable[[Sequence[str], date], tuple[Codes, Codes]]] = {
    Kind.USCC: _uscc,
    Kind.RID: _rid,
    Kind.ORGANISATION: _organisation,
    Kind.REGISTRATION: _registration,
}
