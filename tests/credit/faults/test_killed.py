"""kill -9 at every stage: readers see one whole release, and the rerun makes the same one."""

import json
import os
from pathlib import Path

import pytest

from tests.installation import installed

SCRIPT = str(Path(__file__).with_name("killing.py"))
ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.engine("sqlite")
def test_a_killed_day_is_begun_again_and_comes_to_the_same(tmp_path: Path) -> None:
    with installed(tmp_path) as city:
        city.env["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(ROOT / "src")))
        process = city.python(SCRIPT)
        out, err = process.communicate(timeout=1_200)
        assert process.returncode == 0, err
    said = json.loads(out)
    assert said["whole"] == {"before": 19, "after": 2}
    assert said["layer"] == {"before": 16, "after": 2}
    assert said["run"] == {"before": 3, "after": 2}
    assert said["beside_another"] == "LAKE-E052"
    assert said["both"] in ([0, 0], [0, 3])
    # Only whoever may mount has a small disk, else it is said why there is none; there
    # publishing/test_faults alone, which limits files, shows what a full disk does.
    assert said["disk"] == ["LAKE-E021", "LAKE-E054"] or isinstance(said["disk"], str)
