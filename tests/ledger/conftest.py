"""A small log of units and accounts, sealed."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from yinuo.ledger.commands import By, seal
from yinuo.ledger.key import create_key, load_signer
from yinuo.ledger.tlog.note import Signer
from yinuo.parties.commands import NewUnit, open_account, register_units

AT = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
BY = By(actor="operator:init", capacity="operator")


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    create_key(tmp_path / "ledger.key")
    return load_signer(tmp_path / "ledger.key", origin="yinuo.test")


@pytest.fixture
def write_units() -> Callable[..., None]:
    """Writes units `U1`, `U2` … and their entries."""

    def write(count: int, start: int = 1) -> None:
        units = [
            NewUnit(code=f"U{n}", name=f"第{n}单位", kind="district")
            for n in range(start, start + count)
        ]
        register_units(units=units, by=BY, at=AT)

    return write


@pytest.fixture
def sealed_log(signer: Signer, write_units: Callable[..., None], db: None) -> Signer:
    """Three hundred units and one account, sealed in two rounds."""
    write_units(299)
    seal(signer=signer)
    write_units(1, start=300)
    open_account(username="officer", name="测试人甲", password="a-long-one-1!", by=BY, at=AT)
    seal(signer=signer)
    return signer
