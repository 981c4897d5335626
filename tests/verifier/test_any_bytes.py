"""Whatever a site serves, the verifier answers: it names a finding, and never breaks."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.planted import GOLDEN
from tools.frozen_log import frozen, handovers, log_signer
from yinuo.verifier.yinuo_verify import Asked, Report, Unchecked, check, print_report

FILES = sorted(
    str(path.relative_to(GOLDEN))
    for path in GOLDEN.rglob("*")
    if path.is_file() and "earlier" not in path.parts
)
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 1 << 70, 1.5, "", "x", "\ud800", "text:" + "0" * 64, "2024-02-31", [], {}]
)
HEADERS = ("subject", "version", "thread", "verb", "schema", "at", "state", "format")
COLUMNS = {
    0: ("vkey", "code", "follows"), 2: ("due", "due_original", "moved_count", "title"),
    66: ("new", "kind", "status", "decided_by", "asked_by"), 67: ("due", "moved_count"),
    70: ("text", "status", "decided_by"), 271: ("vkey", "follows"), 272: ("code",),
}  # fmt: skip
TRUST = str(GOLDEN / "trust.policy")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied = tmp_path_factory.mktemp("any") / "log"
    shutil.copytree(GOLDEN, copied)
    return copied


def answer(folder: Path, **more: Any) -> Report | None:
    try:
        report = check(Asked(str(folder), subject="commitment:FZ-001", **more))
    except Unchecked:
        return None
    print_report(report)
    return report


@settings(max_examples=60)
@given(st.data())
def test_any_change_of_any_file_is_a_finding_or_cannot_be_checked(
    folder: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(FILES))
    honest = (GOLDEN / name).read_bytes()
    at = data.draw(st.integers(0, len(honest) - 1))
    cut = data.draw(st.integers(0, 40))
    changed = honest[:at] + data.draw(st.binary(max_size=8)) + honest[at + cut :]
    try:
        (folder / name).write_bytes(changed)
        answer(folder, trust=str(folder / "trust.policy"))
        found = answer(folder, trust=TRUST)
    finally:
        (folder / name).write_bytes(honest)
    harmless = changed == honest or name in {"trust.policy", "checkpoint.witnessed"}
    if not harmless and name.startswith("tile/"):
        assert found is None or found.findings


@settings(max_examples=40)
@given(st.sampled_from(sorted(COLUMNS)), st.data())
def test_any_value_that_the_key_holder_signs_gets_an_answer(
    tmp_path_factory: pytest.TempPathFactory, index: int, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("odd")
    forged = frozen()
    body = forged.log.body(index)
    head = data.draw(st.booleans())
    place: Any = body if head else body["state"]
    place[data.draw(st.sampled_from(HEADERS if head else COLUMNS[index]))] = data.draw(ODD)
    entry = forged.log.entries[index]
    # With escapes, so that half characters can be written down.
    written = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    forged.log.entries[index] = replace(entry, body=written)
    forged.log.publish(folder, forged.log.note(log_signer(2)))
    note = forged.log.note(log_signer(1), 272)
    (folder / "handovers.json").write_bytes(handovers(271, note))
    assert answer(folder, trust=TRUST) is not None
    answer(folder)


def test_control_characters_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report("en")
    report.remark("continues", place="\x1b[2J\u202egood\nbad")
    report.facts = {"quick": True, "origin": "o", "where": "w", "last": "", "root": "", "code": ""}
    print_report(report)
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "\u202e" not in printed
    assert "good bad" in printed
