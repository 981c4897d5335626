"""The guide and the reference of DMN say what the commands say."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from yinuo.kernel.content import content_dir
from yinuo.project.cli.rules import rules
from yinuo.rules.dmn.findings import Situation

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "how-to" / "exchange-dmn.md").read_text(encoding="utf-8")
REFERENCE = (DOCS / "reference" / "dmn.md").read_text(encoding="utf-8")
FACTS = '{"违法情节": "轻微", "及时改正": true, "危害后果": "没有"}'


def test_the_guide_shows_what_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = str(content_dir() / "tables" / "minor-violation-waiver.xlsx")
    monkeypatch.chdir(tmp_path)
    for arguments in (
        ["convert", source, "waiver.dmn"],
        ["decide", "waiver.dmn", "--input", FACTS],
    ):
        result = CliRunner().invoke(rules, arguments)
        assert result.exit_code == 0
        for line in result.output.splitlines():
            assert line in GUIDE


def test_the_reference_lists_every_code() -> None:
    rows = "".join(f"| `{each.code}` | {each.value[1]} |\n" for each in Situation)
    assert rows in REFERENCE
