"""`yinuo id check`: one line a number, valid ones silent, wrong ones with the reason."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from yinuo.project.cli.id import identifiers

GOOD, BAD = "91210200000000000F", "91210200000000000G"
PERSON = "110105194912310021"


def run(*arguments: str, text: str = "") -> Result:
    return CliRunner().invoke(identifiers, ["check", *arguments], input=text)


def test_wrong_codes_are_listed_with_the_reason_and_counted() -> None:
    result = run("-", text=f"{GOOD}\n{BAD}\n{BAD}\n\n")
    assert result.exit_code == 1
    assert "校验码对不上" in result.output
    assert "4 行，3 个不同的值：有效 1，空 1，校验码对不上 2" in result.output


def test_sound_codes_are_no_finding() -> None:
    result = run("-", text=f"{GOOD}\n")
    assert (result.exit_code, result.output.count(GOOD)) == (0, 0)


def test_all_are_listed_when_asked() -> None:
    lines = run("-", "--all", "--json", text=f"{GOOD}\n{BAD}\n").output.splitlines()
    found = [json.loads(line) for line in lines]
    assert [(each["value"], each["valid"]) for each in found[:2]] == [(GOOD, True), (BAD, False)]
    assert found[2]["lines"] == 2


def test_the_middle_of_a_persons_number_is_hidden_on_screen(tmp_path: Path) -> None:
    out = tmp_path / "found.csv"
    result = run("-", "--type", "rid", "--out", str(out), text=f"{PERSON}\n=1+1\n")
    assert PERSON not in result.output
    assert "110105********0021" in result.output
    kept = out.read_text(encoding="utf-8-sig")
    assert PERSON in kept
    assert "\n'=1+1," in kept
