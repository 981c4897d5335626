"""A threshold changes: asked for in the server room, approved on a page, seen by everybody."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from pytest_django import Settings

from tests.city import JULY, PASSWORD, City
from tests.published import publish_lights, stricter_lights
from tests.visits import body, words
from yinuo.content.queries import InForce, public_data, public_in_force
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.verify import verify
from yinuo.project.cli import content as module
from yinuo.project.cli.content import content


@pytest.fixture
def store(
    city: City, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> FileStore:
    """Where the first lights lie, in force since March; the command line takes it to be July."""
    settings.YINUO_FILES = tmp_path / "files"
    monkeypatch.setattr(module, "now", lambda: JULY)
    store = FileStore(settings.YINUO_FILES)
    publish_lights(city, store)
    return store


def in_force(day: int) -> InForce:
    version = public_in_force("tables/lights.xlsx", on=JULY.date().replace(day=day))
    assert version is not None
    return version


@pytest.mark.django_db
def test_rule_published(store: FileStore, tmp_path: Path, signer: Signer, memory: Memory) -> None:
    path = tmp_path / "lights.xlsx"
    path.write_bytes(stricter_lights())

    asked = CliRunner().invoke(
        content,
        [
            *("publish", str(path), "--by", "admin", "--valid-from", "2024-07-20"),
            *("--reason", "督查室〔2024〕9号：从严掌握", "--yes"),
        ],
    )
    assert "已申请，编号 P2" in asked.output
    path.write_bytes(b"somebody edits the file afterwards")

    citizen, second = Client(), Client()
    second.post("/signin/", {"username": "admin2", "password": PASSWORD})
    assert citizen.get("/content/2/").status_code == 404
    assert "进度灯规则3落后百分点(0%..10%)(0%..5%)" in words(second.get("/work/content/2/"))
    done = second.post("/work/content/2/", {"decision": "approve", "version": 1}, follow=True)
    assert "已批准：tables/lights.xlsx第2版，从2024-07-20起生效。" in words(done)

    shown = words(citizen.get("/content/2/"))
    assert "督查室〔2024〕9号：从严掌握" in shown
    assert "4是[5%..30%]黄" in shown
    assert body(citizen.get("/content/2/file")) == stricter_lights()
    assert [in_force(day).edition for day in (19, 20)] == [1, 2]
    assert public_data(in_force(20), store=store) == stricter_lights()

    seal(signer=signer, memory=memory)
    assert (verify(verifier=signer.verifier).faults, replay().faults) == ([], [])
    assert "存证记录" in words(citizen.get("/content/2/"))
