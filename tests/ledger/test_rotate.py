"""A new key takes over: announced under the old one, which is retired under the new."""

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.installation import SEALER, installed
from tests.ledger.conftest import AT, BY
from yinuo.ledger.commands import keys, sealing
from yinuo.ledger.commands.keys import Rotating, found_key, holding_key, rotate
from yinuo.ledger.commands.sealing import KeyRetired, seal
from yinuo.ledger.key import KeyUnusable, load_signer
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Checkpoint, Entry, LogKey
from yinuo.ledger.published import public_handovers
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import Signer, Verifier, split_note
from yinuo.ledger.verify import verify

pytestmark = pytest.mark.django_db

Write = Callable[..., None]


@pytest.fixture
def rotating(
    db: None, signer: Signer, memory: Memory, tmp_path: Path, write_units: Write
) -> Rotating:
    """A log of five units and its first key, sealed; about to be given a new key."""
    found_key(verifier=signer.verifier, by=BY, at=AT)
    write_units(5)
    seal(signer=signer, memory=memory)
    return Rotating(
        path=tmp_path / "ledger.key",
        origin="yinuo.test",
        memory=memory,
        reason="年度更换",
        by=BY,
        at=AT,
    )


def signed_by(note: str) -> set[str]:
    return {signature.label for signature in split_note(note)[1]}


def require_clean(rotating: Rotating) -> None:
    present = load_signer(rotating.path, origin="yinuo.test")
    seal(signer=present, memory=rotating.memory)
    assert verify(verifier=present.verifier).faults == []
    assert replay().faults == []


def test_the_new_key_is_announced_under_the_old_and_signs_from_then_on(
    rotating: Rotating, signer: Signer
) -> None:
    done = rotate(rotating)
    announced = Entry.objects.get(subject=f"log_key:{done.new.label}")
    retired = Entry.objects.get(subject=f"log_key:{done.old.label}", verb="key.retired")
    assert announced.leaf_index is not None
    assert retired.leaf_index is not None
    by_size = {c.size: signed_by(c.note) for c in Checkpoint.objects.all()}
    assert by_size[announced.leaf_index + 1] == {signer.verifier.label}
    assert by_size[retired.leaf_index + 1] == {done.new.label}
    assert signed_by(done.note) == {done.new.label}
    assert load_signer(rotating.path, origin="yinuo.test").verifier == done.new
    require_clean(rotating)


def test_the_handover_leads_from_the_old_key_to_the_new(rotating: Rotating) -> None:
    done = rotate(rotating)
    told = (public_handovers() or b"").decode()
    assert done.old.vkey in told
    assert done.new.vkey in told


def test_the_old_key_is_kept_for_the_owner_alone(rotating: Rotating, signer: Signer) -> None:
    done = rotate(rotating)
    assert done.kept is not None
    assert load_signer(done.kept, origin="yinuo.test").verifier == signer.verifier


def test_the_old_key_is_destroyed_if_asked(rotating: Rotating, tmp_path: Path) -> None:
    done = rotate(replace(rotating, destroy_old=True))
    assert done.kept is None
    assert {path.name for path in tmp_path.glob("ledger.key*")} == {"ledger.key", "ledger.key.lock"}


def test_a_second_rotation_follows_the_first(rotating: Rotating) -> None:
    first, second = rotate(rotating), rotate(rotating)
    assert second.old == first.new
    assert LogKey.objects.count() == 3
    require_clean(rotating)


def test_a_retired_key_is_refused_by_the_sealer_and_its_signature_found(
    rotating: Rotating, write_units: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = rotate(rotating)
    assert done.kept is not None
    write_units(1, start=50)
    stolen = load_signer(done.kept, origin="yinuo.test")
    with pytest.raises(KeyRetired):
        seal(signer=stolen, memory=rotating.memory)
    monkeypatch.setattr(sealing, "RETIRED", "another sealer, without scruples")
    seal(signer=stolen, memory=rotating.memory)
    present = load_signer(rotating.path, origin="yinuo.test")
    faults = verify(verifier=present.verifier).faults
    assert any("签名不成立" in fault.what for fault in faults)


STEPS = ("create_key", "announce_key", "_seal_all", "_copy_private", "sync_folder", "retire_key")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_interrupted_anywhere_a_key_is_in_place_and_again_finishes(
    rotating: Rotating, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    real = getattr(keys, step)

    def interrupted(*args: object, **kwargs: object) -> object:
        if when == "after":
            real(*args, **kwargs)
        raise KeyboardInterrupt

    monkeypatch.setattr(keys, step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        rotate(rotating)
    monkeypatch.setattr(keys, step, real)
    in_place = load_signer(rotating.path, origin="yinuo.test")
    assert LogKey.objects.filter(code=in_place.verifier.label).exists()
    seal(signer=in_place, memory=rotating.memory)
    rotate(rotating)
    announced = LogKey.objects.exclude(follows="")
    assert 1 <= len(announced) <= 2
    assert Entry.objects.filter(verb="key.retired").count() == len(announced)
    assert not rotating.next_path.exists()
    require_clean(rotating)


def test_a_sealer_that_has_read_the_old_key_is_waited_for(
    rotating: Rotating, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The swap waits until nobody who read the old key can still sign with it."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(rotating.path.with_name("ledger.key.lock"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    in_turn: list[str] = []
    real = keys.retire_key

    def retire(**kwargs: object) -> None:
        in_turn.append("retired")
        real(**kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(keys, "retire_key", retire)

    def let_go() -> None:
        in_turn.append("sealer done")
        holder.communicate("done\n", timeout=30)

    timer = threading.Timer(0.5, let_go)
    timer.start()
    rotate(rotating)
    timer.join()
    assert in_turn == ["sealer done", "retired"]


HOLD = """
import fcntl, os, sys
handle = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
fcntl.flock(handle, fcntl.LOCK_SH)
print("held", flush=True)
sys.stdin.readline()
"""


def test_sealers_do_not_wait_for_each_other(tmp_path: Path) -> None:
    got: list[bool] = []

    def second() -> None:
        with holding_key(tmp_path / "ledger.key"):
            got.append(True)

    with holding_key(tmp_path / "ledger.key"):
        thread = threading.Thread(target=second, daemon=True)
        thread.start()
        thread.join(timeout=20)
        assert got == [True]


def test_without_a_key_there_is_nothing_to_rotate(rotating: Rotating) -> None:
    rotating.path.unlink()
    with pytest.raises(KeyUnusable):
        rotate(rotating)


@pytest.mark.slow
def test_a_sealer_at_work_takes_up_the_new_key(tmp_path: Path) -> None:
    with installed(tmp_path) as city:
        with city.running(*SEALER):
            for turn in range(3):
                city.json("account", "add", f"person{turn}", "--name", "某人")
                done = city.json("ledger", "rotate", "--reason", f"第{turn}次")
                assert done["new"] != done["old"]
        city.json("ledger", "seal")
        assert city.json("ledger", "verify")["faults"] == []
        assert city.json("ledger", "replay")["faults"] == []
        label = Verifier.from_vkey(done["new"]).label
        assert signed_by(city.json("ledger", "checkpoint")["note"]) == {label}
