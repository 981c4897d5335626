"""`yinuo ledger checkpoint`: the note, the code for paper, the picture to scan."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_django import Settings

from tests.ledger.conftest import AT, BY
from yinuo.ledger.commands.keys import found_key
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.printed import Printed, public_printed
from yinuo.ledger.tlog.note import Signer
from yinuo.project.cli.ledger import NothingSealed, checkpoint
from yinuo.web.qr import qr_svg

pytestmark = pytest.mark.django_db


@pytest.fixture
def printed(signer: Signer, memory: Memory) -> Printed:
    found_key(verifier=signer.verifier, by=BY, at=AT)
    seal(signer=signer, memory=memory)
    found = public_printed()
    assert found is not None
    return found


def said(*arguments: str) -> str:
    done = CliRunner().invoke(checkpoint, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_note_and_the_code(printed: Printed) -> None:
    assert said() == printed.note
    assert said("--code") == f"{printed.code}\n"
    told = json.loads(said("--json"))
    assert told == {"size": 1, "note": printed.note, "code": printed.code, "unsealed": 0}


@pytest.mark.parametrize(
    ("trusted", "arguments", "before"),
    [
        ([], ["--site", "https://a.example/"], "https://a.example/ledger/check/?code="),
        (["https://b.example"], [], "https://b.example/ledger/check/?code="),
        ([], [], ""),
    ],
)
def test_the_picture_opens_the_site(
    printed: Printed,
    tmp_path: Path,
    settings: Settings,
    *,
    trusted: list[str],
    arguments: list[str],
    before: str,
) -> None:
    settings.CSRF_TRUSTED_ORIGINS = trusted
    file = tmp_path / "code.svg"
    said("--qr", str(file), *arguments)
    expected = qr_svg(f"{before}{printed.code}", title=f"存证校验码 {printed.code}")
    assert file.read_bytes() == expected


def test_before_the_first_seal_it_says_what_to_do(db: None) -> None:
    with pytest.raises(NothingSealed):
        CliRunner().invoke(checkpoint, ["--code"], catch_exceptions=False)
