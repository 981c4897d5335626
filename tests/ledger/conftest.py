"""A small log of units and accounts, sealed."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from yinuo.ledger.commands.recording import By
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.parties.commands import NewUnit, open_account, register_units

AT = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
BY = By(actor="operator:init", capacity="operator")


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
def sealed_log(
    signer: Signer, memory: Memory, write_units: Callable[..., None], db: None
) -> Signer:
    """Three hundred units and one account, sealed in two rounds."""
    write_units(299)
    seal(signer=signer, memory=memory)
    write_units(1, start=300)
    open_account(username="officer", name="测试人甲", password="a-long-one-1!", by=BY, at=AT)
    seal(signer=signer, memory=memory)
    return signer
