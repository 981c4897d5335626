"""kill -9 at any point: what was acknowledged is there, and the record is whole."""

import signal
from pathlib import Path

import pytest

from tests.installation import SEALER, Installation, installed

SCRIPT = str(Path(__file__).with_name("endless.py"))
ROUNDS = 3
COUNT = """
import django; django.setup()
from yinuo.parties.models import Unit
print(*Unit.objects.values_list("code", flat=True))
"""


def written_until_killed(city: Installation, name: str, lines: int) -> list[str]:
    """Codes that a writer acknowledged before it was killed."""
    writer = city.python(SCRIPT, name)
    assert writer.stdout is not None
    seen = [writer.stdout.readline().strip() for _ in range(lines)]
    writer.send_signal(signal.SIGKILL)
    rest, _err = writer.communicate(timeout=60)
    return [code for code in (*seen, *rest.split("\n")[:-1]) if code]


@pytest.mark.slow
@pytest.mark.stored
def test_a_killed_writer_and_a_killed_sealer_lose_nothing(tmp_path: Path) -> None:
    with installed(tmp_path) as city:
        acknowledged: list[str] = []
        for turn in range(ROUNDS):
            with city.running(*SEALER) as sealer:
                acknowledged += written_until_killed(city, f"K{turn}", 25)
                sealer.kill()
        kept = city.python("-c", COUNT).communicate(timeout=60)[0].split()
        assert len(acknowledged) >= ROUNDS * 25
        assert set(acknowledged) <= set(kept)
        city.json("ledger", "seal")
        assert city.json("ledger", "verify")["faults"] == []
        assert city.json("ledger", "replay")["faults"] == []
