"""Faults that only the holder of the key can commit: everything fits and everything is signed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.verifier.planted import GOLDEN, Copy
from tools.frozen_log import (
    ORIGIN,
    Frozen,
    Log,
    log_signer,
)
from yinuo.ledger.tlog.checkpoint import parse
from yinuo.ledger.tlog.code import encode
from yinuo.ledger.tlog.note import sign, split_note

Forge = Callable[[Callable[[Frozen], Frozen]], Copy]
Body = dict[str, Any]


def signed_anew(frozen: Frozen, *, old: bool = False) -> Frozen:
    """The changed log with every signature of its own made again; witnesses do not sign."""
    log = frozen.log
    earlier = {size: log.note(log_signer(1), size) for size in frozen.earlier}
    return replace(frozen, note=log.note(log_signer(1 if old else 2)), earlier=earlier)


def rewriting(change: Callable[[Log], object]) -> Callable[[Frozen], Frozen]:
    def rewrite(frozen: Frozen) -> Frozen:
        change(frozen.log)
        return signed_anew(frozen)

    return rewrite


def stated(log: Log, index: int, **columns: object) -> None:
    log.alter(index, lambda body: body["state"].update(columns))  # type: ignore[union-attr]


def backdate(log: Log) -> None:
    log.entries[40] = replace(
        log.entries[40], recorded_at=log.entries[40].recorded_at - timedelta(hours=3)
    )


def repeat_version(log: Log) -> None:
    log.alter(67, lambda body: body.update(version=2))


def skip_version(log: Log) -> None:
    log.alter(67, lambda body: body.update(version=4))


def say_twice(log: Log) -> None:
    """One reader takes the first of two fields of a name, another the last."""
    entry = log.entries[3]
    twice = entry.body.replace(b'"due":', b'"due":"2030-12-31","due":', 1)
    log.entries[3] = replace(entry, body=twice)


def say_half(log: Log) -> None:
    entry = log.entries[3]
    half = entry.body.replace(b"commitment.published", b"commitment.\\ud800", 1)
    log.entries[3] = replace(entry, body=half)


def forbid_erasure(log: Log) -> None:
    erased = str(log.body(70)["state"]["text"]).removeprefix("text:")  # type: ignore[index,call-overload]
    log.texts[erased] = (bytes(32), "请联系测试人甲（虚构人名）")


FAULTS = {
    "back-dated entry": (backdate, "BACKDATED", "存证记录 40"),
    "version repeated": (repeat_version, "VERSION-ORDER", "67（commitment:FZ-001 第 2 版）"),
    "version skipped": (skip_version, "VERSION-GAP", "67（commitment:FZ-001 第 4 版）"),
    "body with a field twice": (say_twice, "BODY-MALFORMED", "存证记录 3"),
    "body with half a character": (say_half, "BODY-MALFORMED", "存证记录 3"),
    "body with a field too many": (
        lambda log: log.alter(3, lambda body: body.update(extra=1)),
        "BODY-MALFORMED", "存证记录 3",
    ),
    "body of another kind than its subject": (
        lambda log: log.alter(3, lambda body: body.update(schema="unit/1")),
        "BODY-MALFORMED", "存证记录 3",
    ),
    "number that no database holds": (
        lambda log: stated(log, 3, moved_count=1 << 70), "BODY-MALFORMED", "存证记录 3"
    ),
    "original deadline replaced": (
        lambda log: stated(log, 67, due_original="2025-06-30"),
        "ORIGINAL-DUE-CHANGED", "存证记录 67",
    ),
    "original deadline other than the first": (
        lambda log: stated(log, 2, due_original="2025-12-31"),
        "ORIGINAL-DUE-CHANGED", "存证记录 3",
    ),
    "deadline changed in passing": (
        lambda log: stated(log, 3, due="2025-12-31"), "DUE-CHANGED", "存证记录 3"
    ),
    "move not counted": (
        lambda log: stated(log, 67, moved_count=0), "MOVED-COUNT-WRONG", "存证记录 67"
    ),
    "moves counted back": (
        lambda log: stated(log, 273, moved_count=0), "MOVED-COUNT-WRONG", "存证记录 273"
    ),
    "move to another date than approved": (
        lambda log: stated(log, 67, due="2026-06-30"), "MOVE-UNAPPROVED", "存证记录 67"
    ),
    "move approved by whoever asked": (
        lambda log: stated(log, 66, decided_by="account:3"), "MOVE-UNAPPROVED", "存证记录 67"
    ),
    "erasure approved by whoever asked": (
        lambda log: stated(log, 70, decided_by="account:8"), "TEXT-MISSING", "存证记录 68"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "name", "place"), FAULTS.values(), ids=FAULTS.keys())
def test_what_was_written_wrong_is_found_though_all_is_signed(
    forged: Forge, change: Callable[[Log], object], name: str, place: str
) -> None:
    log = forged(rewriting(change))
    log.path("checkpoint.witnessed").unlink()
    said = log.check(trust="", *["--key", log_signer(1).verifier.vkey])  # noqa: B026
    assert said.code == 1
    assert said.names_at(name, place), said.found


def change_title(log: Log) -> None:
    for index in (2, 3, 67, 273, 274):
        stated(log, index, title="虚构的另一项实事")


def insert_entry(log: Log) -> None:
    log.entries.insert(100, replace(log.entries[99], salt=bytes(32)))


def drop_entry(log: Log) -> None:
    del log.entries[100]


def swap_entries(log: Log) -> None:
    log.entries[100], log.entries[101] = log.entries[101], log.entries[100]


REWRITES = {
    "promise reworded": change_title,
    "entry inserted": insert_entry,
    "entry dropped": drop_entry,
    "entries swapped": swap_entries,
}


@pytest.mark.parametrize("change", REWRITES.values(), ids=REWRITES.keys())
def test_a_log_rewritten_whole_is_found_only_from_outside(
    forged: Forge, change: Callable[[Log], None]
) -> None:
    """The key holder leaves nothing behind that would contradict it."""
    log = forged(rewriting(change))
    log.path("checkpoint.witnessed").unlink()
    log.path("handovers.json").unlink()
    key = ["--key", log_signer(2).verifier.vkey, "--key", log_signer(1).verifier.vkey]
    assert log.check(*key, trust="").found == []

    kept = str(GOLDEN / "earlier" / "256")
    said = log.check(*key, "--since", kept, trust="")
    assert (said.code, said.found) == (1, [("REWRITTEN", f"所给的 {kept}")])
    what = said.what("REWRITTEN")
    assert log_signer(1).verifier.label in what
    assert log_signer(2).verifier.label in what

    witnessed = (GOLDEN / "checkpoint.witnessed").read_bytes()
    log.path("checkpoint.witnessed").write_bytes(witnessed)
    found = log.check(*key).found
    name = "LOG-SHORTER" if change is drop_entry else "REWRITTEN"
    assert (name, "checkpoint.witnessed") in found
    log.path("checkpoint.witnessed").unlink()
    assert ("QUORUM-MISSING", "checkpoint") in log.check(*key).found


def test_a_code_kept_on_paper_finds_a_rewritten_log(forged: Forge) -> None:
    kept = (GOLDEN / "earlier" / "256").read_text(encoding="utf-8")
    code = encode(parse(split_note(kept)[0]))
    log = forged(rewriting(change_title))
    said = log.check("--since", code.lower().replace("0", "o"))
    assert ("REWRITTEN", f"所给的 {code.lower().replace('0', 'o')}") in said.found
    honest = forged(lambda frozen: frozen)
    assert honest.check("--since", code).found == []


def truncated(frozen: Frozen) -> Frozen:
    del frozen.log.entries[280:]
    return signed_anew(frozen)


def test_a_log_cut_off_and_signed_anew_is_found_by_what_was_kept(forged: Forge) -> None:
    log = forged(truncated)
    log.path("checkpoint.witnessed").write_bytes((GOLDEN / "checkpoint.witnessed").read_bytes())
    assert ("LOG-SHORTER", "checkpoint.witnessed") in log.check().found
    log.path("checkpoint.witnessed").unlink()
    kept = str(GOLDEN / "checkpoint")
    said = log.check("--since", kept)
    assert ("LOG-SHORTER", f"所给的 {kept}") in said.found
    assert "当时有 295 条" in said.what("LOG-SHORTER")
    assert "现在只有 280 条" in said.what("LOG-SHORTER")


def keep_erased_text(frozen: Frozen) -> Frozen:
    """The text that an approved erasure names is still published."""
    log = frozen.log
    reference = log.put_text("请联系测试人甲（虚构人名）")
    for index in (69, 70):
        stated(log, index, text=reference)
    stated(log, 68, note_text=reference)
    return signed_anew(frozen)


def test_an_erased_text_that_is_still_published_is_found(forged: Forge) -> None:
    log = forged(keep_erased_text)
    log.path("checkpoint.witnessed").unlink()
    said = log.check(trust="", *["--key", log_signer(1).verifier.vkey])  # noqa: B026
    assert said.found == [("TEXT-NOT-ERASED", "openings/000")]
    assert "第 70 条依法删除" in said.what("TEXT-NOT-ERASED")


def test_a_retired_key_signs_no_larger_log(forged: Forge) -> None:
    log = forged(
        lambda frozen: replace(frozen, note=frozen.log.note(log_signer(1), witnesses=(1, 2)))
    )
    said = log.check()
    assert said.found == [("KEY-RETIRED", "checkpoint")]
    assert "已在第 272 条停用" in said.what("KEY-RETIRED")


def test_a_checkpoint_of_another_name_than_its_key_is_found(log: Copy) -> None:
    text = split_note(log.path("checkpoint").read_text(encoding="utf-8"))[0]
    renamed = sign(text.replace(ORIGIN, "elsewhere.example"), log_signer(2))
    log.path("checkpoint").write_text(renamed, encoding="utf-8")
    assert ("ORIGIN-WRONG", "checkpoint") in log.check().found
