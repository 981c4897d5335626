"""Whom the verifier believes: keys, witnesses, checkpoints kept elsewhere."""

from pathlib import Path

import pytest

from tests.verifier.planted import GOLDEN, Copy
from tools.frozen_log import (
    ORIGIN,
    START,
    WITNESSES,
    cosignature,
    frozen,
    log_signer,
    private_key,
)
from yinuo.ledger.tlog.note import Signer, sign, split_note
from yinuo.verifier.yinuo_verify import main


def remarks(log: Copy, *arguments: str, trust: str = "trust.policy") -> str:
    said = log.check(*arguments, trust=trust)
    assert (said.code, said.found) == (0, []), said.found
    return "\n".join(said.answer["remarks"])


def test_the_trust_file_knows_the_old_key_and_follows_the_handover(log: Copy) -> None:
    assert log_signer(1).verifier.vkey in log.path("trust.policy").read_text(encoding="utf-8")
    assert "已见证：审计局, 大学图书馆" in remarks(log)


def test_without_a_key_it_says_that_the_site_only_agrees_with_itself(log: Copy) -> None:
    assert "未见证：没有另外取得的公钥，只证明与本站一致" in remarks(log, trust="")


def test_a_key_alone_says_that_nobody_witnessed(log: Copy) -> None:
    for number in (1, 2):
        key = log_signer(number).verifier.vkey
        assert "未见证：没有给出要求见证的信任文件" in remarks(log, "--key", key, trust="")


def test_a_trust_file_without_witnesses_says_so(log: Copy) -> None:
    first = f"log {log_signer(1).verifier.vkey}\nquorum none\n"
    log.path("none.policy").write_text(first, encoding="utf-8")
    assert "未见证" in remarks(log, trust="none.policy")


def test_a_witness_that_is_not_listed_does_not_count(log: Copy) -> None:
    said = log.check(trust=log.without(2))
    assert said.found == [("QUORUM-MISSING", "checkpoint")]
    assert f"有效的只有 {WITNESSES[0]}" in said.what("QUORUM-MISSING")
    assert any("witness2.example/w" in told and "不计" in told for told in said.answer["remarks"])


def test_one_witness_of_two_is_too_few(log: Copy) -> None:
    for path in ("checkpoint", "checkpoint.witnessed"):
        log.edit(path, lambda data: b"".join(data.splitlines(keepends=True)[:-1]))
    said = log.check()
    assert (said.code, said.found) == (1, [("QUORUM-MISSING", "checkpoint")])


def test_witnesses_repeated_count_once(log: Copy) -> None:
    for path in ("checkpoint", "checkpoint.witnessed"):
        log.edit(path, lambda data: b"".join(data.splitlines(keepends=True)[:-1]) + again(data))
    assert log.check().found == [("QUORUM-MISSING", "checkpoint")]


def again(data: bytes) -> bytes:
    return cosignature(data.decode(), 1, START).encode()


def test_a_newest_checkpoint_without_witnesses_is_witnessed_up_to_an_older_one(log: Copy) -> None:
    whole = frozen().log
    older = whole.note(log_signer(2), 290, witnesses=(1, 3))
    log.path("checkpoint.witnessed").write_text(older, encoding="utf-8")
    log.path("checkpoint").write_text(whole.note(log_signer(2)), encoding="utf-8")
    assert "见证到第 290 条为止（共 295 条）：审计局, 晚报社" in remarks(log)


def test_a_cosignature_over_another_tree_under_a_witnessed_checkpoint_is_found(log: Copy) -> None:
    crooked = frozen().log
    crooked.entries.pop(5)
    other = crooked.note(log_signer(2), 290, witnesses=(1, 3))
    log.path("checkpoint.witnessed").write_text(other, encoding="utf-8")
    assert ("REWRITTEN", "checkpoint.witnessed") in log.check().found


@pytest.mark.parametrize("size", [1, 40, 64, 256, 272])
def test_every_earlier_checkpoint_is_continued(log: Copy, size: int) -> None:
    assert "现在的账本是它的延续" in remarks(log, "--since", str(GOLDEN / "earlier" / str(size)))


def test_several_kept_checkpoints_are_compared_in_one_run(log: Copy) -> None:
    kept = [str(GOLDEN / "earlier" / name) for name in ("1", "256")]
    told = remarks(log, "--since", kept[0], "--since", kept[1])
    assert all(f"所给的 {path}" in told for path in kept)


def test_someone_who_trusts_the_new_key_can_use_checkpoints_by_the_old(log: Copy) -> None:
    key = log_signer(2).verifier.vkey
    kept = str(GOLDEN / "earlier" / "40")
    assert "现在的账本是它的延续" in remarks(log, "--key", key, "--since", kept, trust="")


def test_a_tampered_kept_checkpoint_is_no_evidence(log: Copy, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    note = (GOLDEN / "earlier" / "40").read_text(encoding="utf-8")
    kept.write_text(note.replace("\n40\n", "\n41\n"), encoding="utf-8")
    said = log.check("--since", str(kept))
    assert (said.code, said.found) == (1, [("SINCE-UNSIGNED", f"所给的 {kept}")])
    stranger = Signer(ORIGIN, private_key("a stranger"))
    kept.write_text(sign(split_note(note)[0], stranger), encoding="utf-8")
    said = log.check("--since", str(kept))
    assert said.found == [("SINCE-UNSIGNED", f"所给的 {kept}")]
    assert stranger.verifier.label in said.what("SINCE-UNSIGNED")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "295-AAAA"], "既不是存证校验点文件，也不是本账本的存证校验码"),
        (["--since", "no such file"], "既不是存证校验点文件"),
        (["--trust", "no such file"], "读不到"),
        (["--key", "yinuo.frozen.example+00000000+AAAA"], "公钥写法不对"),
        (["--subject", "commitment:FZ-999"], "没有公开的 commitment:FZ-999"),
    ],
)
def test_what_cannot_be_checked_ends_with_two(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main([str(GOLDEN), *arguments, "--lang", "zh"]) == 2
    assert said in capsys.readouterr().err


def test_a_wrong_line_of_a_trust_file_is_named(
    log: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    log.edit("trust.policy", lambda data: data.replace(b"group", b"gruop"))
    assert main([str(log.folder), "--trust", str(log.path("trust.policy")), "--lang", "zh"]) == 2
    assert "第 6 行不对" in capsys.readouterr().err


def test_a_folder_without_a_log_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "--lang", "en"]) == 2
    assert "no log here" in capsys.readouterr().err
    assert main([str(tmp_path / "nowhere"), "--lang", "zh"]) == 2
    assert "这里没有账本" in capsys.readouterr().err
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2
