"""The way of an operator: make the folder, follow a log, show the key."""

from pathlib import Path

from tests.witness.program import Program
from tests.witness.published import ORIGIN, Log


def test_from_nothing_to_a_witness(tmp_path: Path, log: Log) -> None:
    program = Program(tmp_path / "见证")
    made = program.run("init", "--name", "audit.example/w1")
    assert made.returncode == 0, made.stderr
    key = made.stdout.strip()
    assert key.startswith("audit.example/w1+")
    assert program.json("vkey") == {"vkey": key}
    added = program.json("add-log", log.signer.verifier.vkey, "--url", "https://city.example/log/")
    assert added == {"origin": ORIGIN, "label": log.signer.verifier.label, "keys": 1}
    status = program.json("status")
    assert status["vkey"] == key
    assert status["alarming"] is False
    [shown] = status["logs"]
    assert (shown["origin"], shown["url"], shown["last"]) == (
        ORIGIN,
        "https://city.example/log/",
        None,
    )
    assert "尚未见证过" in program.run("status").stdout


def test_faults_are_one_readable_line_with_a_next_step(tmp_path: Path, log: Log) -> None:
    program = Program(tmp_path / "none")
    done = program.run("add-log", log.signer.verifier.vkey)
    assert (done.returncode, done.stdout) == (1, "")
    assert "错误 WITNESS-E001" in done.stderr
    assert "yinuo-witness init" in done.stderr
    assert "Traceback" not in done.stderr
    program.run("init", "--name", "audit.example/w1")
    assert "TLOG-E014" in program.run("add-log", "hello").stderr
    assert "WITNESS-E002" in program.run("init", "--name", "audit.example/w1").stderr
