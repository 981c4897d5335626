"""Ten writers at once, with the sealer at work: nothing is lost and everything verifies."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.installation import SEALER, installed

WRITERS, ROUNDS = 10, 8


@pytest.mark.slow
@pytest.mark.stored
def test_ten_writers_lose_nothing(tmp_path: Path) -> None:
    script = str(Path(__file__).with_name("writer.py"))
    with installed(tmp_path) as city, ExitStack() as beside:
        before = city.json("ledger", "seal")["size"]
        writers = [
            beside.enter_context(city.running(script, str(n), str(ROUNDS))) for n in range(WRITERS)
        ]
        sealer = beside.enter_context(city.running(*SEALER))
        assert city.json("ledger", "verify")["faults"] == []
        assert city.json("ledger", "replay")["faults"] == []
        outcomes = [writer.communicate(timeout=200) for writer in writers]
        sealer.terminate()
        sealer.communicate(timeout=20)
        assert [w.returncode for w in writers] == [0] * WRITERS, outcomes
        renamed = sum(int(out) for out, _err in outcomes)
        size = city.json("ledger", "seal")["size"]
        assert size == before + WRITERS * ROUNDS + renamed
        assert renamed > 0
        assert city.json("ledger", "verify") | {"root": ""} == {
            "checked": size,
            "unsealed": 0,
            "lost": 0,
            "size": size,
            "root": "",
            "faults": [],
        }
        assert city.json("ledger", "replay")["faults"] == []
