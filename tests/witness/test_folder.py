"""The folder of a witness."""

import stat
from pathlib import Path

import pytest

from tests.witness.published import Log
from yinuo.ledger.tlog.note import BadKey, Signer
from yinuo.witness.folder import AlreadyFollowed, ConfigDamaged, Folder, NoWitness, WitnessExists
from yinuo.witness.judge import Witness
from yinuo.witness.state import StateOfAnother


def test_a_new_witness_has_a_key_for_itself_alone(witness: Witness) -> None:
    folder = witness.folder
    assert stat.S_IMODE((folder.path / "witness.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder.path / "state.sqlite").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert folder.cosigner().verifier.vkey.startswith("audit.example/w1+")
    assert folder.cosigner().verifier == witness.cosigner.verifier


@pytest.mark.parametrize("left", ["witness.key", "state.sqlite", "config.json"])
def test_what_is_left_of_a_witness_is_not_built_upon(tmp_path: Path, left: str) -> None:
    (tmp_path / left).touch()
    with pytest.raises(WitnessExists):
        Folder(tmp_path).begin("audit.example/w1")
    assert [path.name for path in tmp_path.iterdir()] == [left]


@pytest.mark.parametrize("name", ["", "a b", "a+b"])
def test_a_name_that_no_signature_can_carry_makes_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadKey):
        Folder(tmp_path / "new").begin(name)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    for use in (Folder(tmp_path).config, Folder(tmp_path).state, Folder(tmp_path).cosigner):
        with pytest.raises(NoWitness):
            use()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"name":"a"}', '{"name":"a","logs":[{"vkey":"x","url":""}]}']
)
def test_a_damaged_configuration_is_said(witness: Witness, text: str) -> None:
    (witness.folder.path / "config.json").write_text(text)
    with pytest.raises(ConfigDamaged, match=r"config\.json"):
        witness.folder.config()


def test_the_state_of_another_witness_is_not_taken_over(witness: Witness, tmp_path: Path) -> None:
    other = Folder(tmp_path / "other")
    other.begin("audit.example/w1")
    (other.path / "state.sqlite").replace(witness.folder.path / "state.sqlite")
    with pytest.raises(StateOfAnother, match=r"WITNESS-E006"):
        witness.folder.state()


def test_keys_of_one_log_add_up_and_none_is_taken_twice(witness: Witness, log: Log) -> None:
    name = log.signer.name
    new = Signer(name, Log.new(1, "next.example").signer.private_key).verifier
    witness.folder.follow(new.vkey, "https://city.example/log/")
    assert witness.folder.config().verifiers(name) == [log.signer.verifier, new]
    assert witness.folder.config().origins() == [name]
    for vkey in (new.vkey, log.signer.verifier.vkey):
        with pytest.raises(AlreadyFollowed):
            witness.folder.follow(vkey)
    with pytest.raises(BadKey):
        witness.folder.follow(witness.cosigner.verifier.vkey)
