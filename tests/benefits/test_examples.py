"""The example policies that are shipped: readable, with tables that fit them and the profile."""

from pathlib import Path

import pytest

from yinuo.benefits.definition import read_policy
from yinuo.benefits.screening import deciding_table
from yinuo.credit.profile.build import KIND
from yinuo.kernel.content import content_dir
from yinuo.rules.workbook.read import check_bytes
from yinuo.web.credit import figures

POLICIES = sorted((content_dir() / "benefits").glob("*.toml"))


@pytest.mark.parametrize("path", POLICIES, ids=[path.stem for path in POLICIES])
def test_each_asks_for_what_the_profile_has(path: Path) -> None:
    policy = read_policy(path.read_bytes(), code=path.stem)
    name = f"{policy.table}.xlsx"
    book = check_bytes((content_dir() / "tables" / name).read_bytes(), file=name).sound()
    table = deciding_table(policy, book, policy.valid_from)
    known = {figure.name for figure in figures()} | {KIND}
    asked = {one.name for one in table.given} | {policy.amount.times, policy.first_by}
    assert asked - {""} <= known
    assert policy.simulated


def test_there_are_five_of_different_shape() -> None:
    made = [read_policy(path.read_bytes(), code=path.stem) for path in POLICIES]
    shapes = {(bool(one.amount.times), one.amount.cap is None, one.shortage) for one in made}
    assert len(made) == 5
    assert len(shapes) >= 3
