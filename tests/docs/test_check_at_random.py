"""The script of the guide, which knows nothing of ours, draws what we draw."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import ROOT
from tests.supervision.draws.bundles import DATA, VALUE, bundle
from yinuo.supervision.draws.frame import draw_from

GUIDE = ROOT / "docs/how-to/check-at-random.md"
MOST_LINES = 40


def script() -> str:
    """The only Python in the guide."""
    (found,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return str(found)


def drawn_by(source: str, file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "-c", source, file],
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_draws_the_same(tmp_path: Path) -> None:
    file = tmp_path / "CC2024-1.json"
    file.write_bytes(bundle())
    done = drawn_by(script(), file)
    assert done.returncode == 0, done.stderr
    *lines, _frame, verdict = done.stdout.splitlines()
    assert verdict == "same"
    assert lines == [
        f"{each.stratum} {each.place} {each.label} {each.ticket}" for each in draw_from(DATA, VALUE)
    ]


def test_it_sees_what_was_altered(tmp_path: Path) -> None:
    file = tmp_path / "CC2024-1.json"
    for altered in ({"randomness": "01 02 03 04 05 06 + 07"}, {"frame_sha256": "00" * 32}):
        file.write_text(json.dumps({**json.loads(bundle()), **altered}), encoding="utf-8")
        assert drawn_by(script(), file).returncode == 1


def test_it_is_short() -> None:
    assert len(script().splitlines()) <= MOST_LINES
