"""A backup holds everything but the keys, and puts back what was, to the last byte."""

import json
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from tests.city import MARCH, PASSWORD, City, make_city
from tests.installation import Installation, empty, installed
from yinuo.commitments.commands.deliver import deliver
from yinuo.commitments.commands.project import project_all
from yinuo.commitments.queries.board import standings
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.parties.commands import OPERATOR, open_account
from yinuo.parties.viewer import ANYONE
from yinuo.project.backup.check import (
    BackupDamaged,
    BackupNewer,
    BackupOlder,
    Checked,
    check_backup,
)
from yinuo.project.backup.manifest import NotABackup
from yinuo.project.backup.restore import (
    DatabaseNotEmpty,
    DatabaseRefuses,
    OtherOrigin,
    Target,
    restore,
)
from yinuo.project.backup.tables import Column, WrongValue, derived_tables, our_tables
from yinuo.project.backup.write import BackupExists, write_backup
from yinuo.project.home import Home

pytestmark = pytest.mark.slow

AT = datetime(2024, 9, 30, 1, 0, tzinfo=UTC)
HOME = Home(city="大连市", origin="yinuo.test")


def dump() -> dict[str, bytes]:
    """Every table as it is now."""
    return {table.name: b"".join(table.lines()) for table in our_tables()}


@pytest.fixture
def city(db: None, signer: Signer, memory: Memory) -> City:
    made = make_city()
    seal(signer=signer, memory=memory)
    open_account(username="waiting", name="候封存", password=PASSWORD, by=OPERATOR, at=MARCH)
    return made


@pytest.fixture
def backup(city: City, tmp_path: Path) -> Path:
    write_backup(tmp_path / "b.zip", home=HOME, at=AT)
    return tmp_path / "b.zip"


def change(city: City) -> None:
    deliver(
        commitment="LS-001",
        delivered_date=date(2024, 6, 20),
        note="已办结",
        by=city["lushun"],
        at=MARCH + timedelta(days=120),
    )


def put_back(checked: Checked, home: Path, *, replace: bool = True) -> Path | None:
    return restore(checked, Target(home, HOME), replace=replace, at=AT)


def test_what_comes_back_is_what_was(city: City, backup: Path, tmp_path: Path) -> None:
    before = dump()
    assert sum(bool(rows) for rows in before.values()) >= 12
    change(city)
    assert dump() != before
    kept = put_back(check_backup(backup), tmp_path)
    assert dump() == before
    assert kept is not None
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_what_is_made_from_the_log_is_made_anew(
    city: City, tmp_path: Path, signer: Signer, memory: Memory
) -> None:
    seal(signer=signer, memory=memory)
    write_backup(tmp_path / "b.zip", home=HOME, at=AT)
    change(city)
    seal(signer=signer, memory=memory)
    project_all()
    put_back(check_backup(tmp_path / "b.zip"), tmp_path)
    assert [table.count() for table in derived_tables()] == [0] * len(derived_tables())
    counts = standings(viewer=ANYONE, today=date(2024, 7, 1))["G-1"]
    assert (counts.waiting, counts.overdue) == (0, 1)
    project_all()
    assert standings(viewer=ANYONE, today=date(2024, 7, 1))["G-1"] == counts


def test_what_was_replaced_can_be_had_back(city: City, backup: Path, tmp_path: Path) -> None:
    change(city)
    changed = dump()
    kept = put_back(check_backup(backup), tmp_path)
    assert kept is not None
    restore(check_backup(kept), Target(tmp_path, HOME), replace=True, at=AT + timedelta(1))
    assert dump() == changed


def test_every_table_of_ours_is_in_it(backup: Path) -> None:
    ours = {
        model._meta.label_lower
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_config.name.startswith("yinuo.") and not getattr(model, "DERIVED", False)
    }
    assert {table.name for table in check_backup(backup).manifest.tables} == ours


def test_no_key_and_no_memory_is_in_it(backup: Path) -> None:
    with zipfile.ZipFile(backup) as archive:
        names = set(archive.namelist())
        content = b"".join(archive.read(name) for name in names)
    assert {name.partition("/")[0] for name in names} == {"manifest.json", "home.json", "tables"}
    assert b"PRIVATE KEY" not in content
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_the_manifest_says_how_far_the_log_was(backup: Path, memory: Memory) -> None:
    manifest = check_backup(backup).manifest
    signed = memory.read("yinuo.test")
    assert signed is not None
    assert manifest.log.note == memory.path.read_text()
    assert (manifest.log.tree_size, manifest.log.unsealed) == (signed.size, 1)
    assert (manifest.origin, manifest.city) == ("yinuo.test", "大连市")
    assert manifest.taken_at == "2024-09-30T01:00:00.000000Z"


def test_the_next_number_follows_the_restored_ones(
    city: City, backup: Path, tmp_path: Path
) -> None:
    new = {"name": "新", "password": PASSWORD, "by": OPERATOR, "at": MARCH}
    first = open_account(username="later", **new)  # type: ignore[arg-type]
    open_account(username="later2", **new)  # type: ignore[arg-type]
    put_back(check_backup(backup), tmp_path)
    assert open_account(username="again", **new) == first  # type: ignore[arg-type]


def test_a_used_database_is_left_alone(city: City, backup: Path, tmp_path: Path) -> None:
    change(city)
    before = dump()
    with pytest.raises(DatabaseNotEmpty, match="--replace"):
        put_back(check_backup(backup), tmp_path, replace=False)
    assert dump() == before


def test_another_citys_backup_is_refused(backup: Path, tmp_path: Path) -> None:
    other = Target(tmp_path, Home(city="某市", origin="yinuo.other"))
    with pytest.raises(OtherOrigin, match="yinuo\\.test"):
        restore(check_backup(backup), other, replace=True, at=AT)


def test_an_existing_file_is_not_overwritten(backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(BackupExists):
        write_backup(backup, home=HOME, at=AT)
    assert backup.read_bytes() == before


def test_an_interrupted_backup_leaves_no_file(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "aside"
    folder.mkdir()

    def interrupt(_step: str, _done: int, _total: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("yinuo.project.backup.write.CHUNK", 1)
    with pytest.raises(KeyboardInterrupt):
        write_backup(folder / "b.zip", home=HOME, at=AT, progress=interrupt)
    assert list(folder.iterdir()) == []


Members = dict[str, bytes]


def rewritten(backup: Path, alter: Callable[[Members], object]) -> Path:
    """The backup with its files altered, packed anew."""
    with zipfile.ZipFile(backup) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    alter(members)
    path = backup.with_name("altered.zip")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


UNITS, ENTRIES = "tables/parties.unit.jsonl", "tables/ledger.entry.jsonl"


def second_line(members: Members, name: str, alter: Callable[[bytes], bytes]) -> None:
    lines = members[name].splitlines(keepends=True)
    lines[1] = alter(lines[1])
    members[name] = b"".join(lines)


def unknown_table(members: Members) -> None:
    manifest = json.loads(members["manifest.json"])
    manifest["tables"].append({"name": "x.y", "columns": [], "rows": 0, "sha256": ""})
    members["manifest.json"] = json.dumps(manifest).encode()


DAMAGE: dict[str, tuple[Callable[[Members], object], set[str]]] = {
    "a changed name": (
        lambda m: second_line(m, UNITS, lambda line: line.replace("区".encode(), "村".encode())),
        {"altered.zip · parties.unit"},
    ),
    "half a line": (
        lambda m: second_line(m, UNITS, lambda line: line[:9] + b"\n"),
        {"altered.zip · parties.unit", "altered.zip · parties.unit!第 2 行"},
    ),
    "a value of another kind": (
        lambda m: second_line(
            m,
            ENTRIES,
            lambda line: (
                json.dumps([*json.loads(line)[:7], "昨天", *json.loads(line)[8:]]).encode() + b"\n"
            ),
        ),
        {"altered.zip · ledger.entry", "altered.zip · ledger.entry!第 2 行 · at"},
    ),
    "a line taken out": (
        lambda m: second_line(m, ENTRIES, lambda _line: b""),
        {"altered.zip · ledger.entry"},
    ),
    "a table taken out": (lambda m: m.pop(UNITS), {"altered.zip · parties.unit"}),
    "a table we do not know": (unknown_table, {"altered.zip · x.y"}),
    "a file beside them": (lambda m: m.update(x=b""), {"altered.zip · x"}),
    "another home": (
        lambda m: m.update({"home.json": m["home.json"] + b" "}),
        {"altered.zip · home.json"},
    ),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_damage_is_named_by_table_and_line(
    city: City, backup: Path, tmp_path: Path, how: str
) -> None:
    alter, places = DAMAGE[how]
    before = dump()
    with pytest.raises(BackupDamaged) as caught:
        check_backup(rewritten(backup, alter))
    assert {finding.place for finding in caught.value.findings} == places
    assert dump() == before


def test_all_damage_is_told_at_once(backup: Path) -> None:
    def alter(members: Members) -> None:
        for name in (UNITS, ENTRIES):
            second_line(members, name, lambda _line: b"[]\n")

    with pytest.raises(BackupDamaged) as caught:
        check_backup(rewritten(backup, alter))
    assert len({finding.sheet for finding in caught.value.findings}) == 2


def test_a_file_cut_short_is_refused(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes()[:-200])
    with pytest.raises(NotABackup):
        check_backup(backup)


def test_a_flipped_byte_is_found(backup: Path) -> None:
    with zipfile.ZipFile(backup) as archive:
        at = archive.getinfo(ENTRIES).header_offset + 2_000
    data = bytearray(backup.read_bytes())
    data[at] ^= 0xFF
    backup.write_bytes(data)
    with pytest.raises(BackupDamaged) as caught:
        check_backup(backup)
    assert {finding.sheet for finding in caught.value.findings} == {"ledger.entry"}


def test_a_later_version_is_refused_by_name(backup: Path) -> None:
    def alter(members: Members) -> None:
        manifest = json.loads(members["manifest.json"])
        manifest["yinuo"] = "7.8.9"
        manifest["migrations"]["goals"] = ["0001_initial", "9999_later"]
        members["manifest.json"] = json.dumps(manifest).encode()

    with pytest.raises(BackupNewer, match=r"7\.8\.9") as caught:
        check_backup(rewritten(backup, alter))
    assert "goals.9999_later" in str(caught.value)


def test_an_earlier_version_does_not_go_over_what_is_there(
    city: City, backup: Path, tmp_path: Path
) -> None:
    before = dump()
    earlier = replace(check_backup(backup), missing=("goals.0004_lit_register",))
    shorter = {app: some[:1] for app, some in earlier.manifest.migrations.items()}
    earlier = replace(earlier, manifest=replace(earlier.manifest, migrations=shorter))
    with pytest.raises(BackupOlder, match="lit_register"):
        put_back(earlier, tmp_path)
    assert dump() == before


def test_rows_that_do_not_fit_together_are_refused(
    city: City, backup: Path, tmp_path: Path
) -> None:
    before = dump()
    checked = check_backup(backup)

    class Torn(Checked):
        def rows(self, table: Any) -> Iterator[list[Any]]:
            return iter(()) if table.name == "parties.unit" else super().rows(table)

    torn = Torn(**vars(checked))
    with pytest.raises(DatabaseRefuses):
        put_back(torn, tmp_path)
    assert dump() == before


INSTANTS = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001  # Hypothesis adds the zone
    timezones=st.just(UTC),
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "BinaryField": st.binary(max_size=300),
    "BooleanField": st.booleans(),
    "CharField": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    "DateField": st.dates(),
    "DateTimeField": INSTANTS,
    "JSONField": st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=6,
    ),
    "BigIntegerField": st.integers(-(2**63), 2**63 - 1),
}


@given(st.sampled_from(sorted(VALUES)).flatmap(lambda k: st.tuples(st.just(k), VALUES[k])))
def test_a_value_is_read_as_it_was_written(case: tuple[str, Any]) -> None:
    kind, value = case
    column = Column("x", kind, null=True, longest=None)
    written = column.write(value) if column.write and value is not None else value
    assert column.read(json.loads(json.dumps(written))) == value


@pytest.mark.parametrize(
    ("kind", "longest", "value"),
    [
        ("CharField", 3, "四个字啊"),
        ("CharField", 9, "a\0b"),
        ("CharField", 9, 5),
        ("PositiveIntegerField", None, -1),
        ("PositiveIntegerField", None, 2**31),
        ("BooleanField", None, 1),
        ("BigIntegerField", None, True),
        ("BinaryField", None, "***"),
        ("DateField", None, "2024-13-01"),
        ("DateTimeField", None, "2024-01-01T00:00:00"),
        ("DateField", None, None),
    ],
)
def test_a_value_that_postgresql_would_refuse_is_refused(
    kind: str, longest: int | None, value: object
) -> None:
    with pytest.raises(WrongValue):
        Column("x", kind, null=False, longest=longest).read(value)


def sums(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as archive:
        tables = json.loads(archive.read("manifest.json"))["tables"]
    return {table["name"]: table["sha256"] for table in tables}


def on_sqlite(folder: Path, city: Installation) -> Installation:
    """Another installation, whatever database is under test."""
    env = {**city.env, "YINUO_HOME": str(folder / "另一处")}
    env.pop("DATABASE_URL", None)
    return Installation(folder / "另一处", env)


@pytest.mark.stored
@pytest.mark.slow
def test_an_installation_moves_with_one_file(tmp_path: Path) -> None:
    """Under PostgreSQL this is the way to SQLite and back."""
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    (tmp_path / "back").mkdir()
    with installed(tmp_path) as city, empty(tmp_path / "back") as back:
        city.json("ledger", "seal")
        assert city.json("backup", str(first))["rows"] > 10
        other = on_sqlite(tmp_path, city)
        done = other.json("restore", str(first))
        assert (done["faults"], done["key"], done["standing"]) == ([], False, "memory_lost")
        assert "DATABASE_URL" not in other.env
        assert (other.home / "yinuo.sqlite3").exists()
        other.json("backup", str(second))
        assert sums(first) == sums(second)

        assert back.json("restore", str(second))["faults"] == []
        third = tmp_path / "3.zip"
        back.json("backup", str(third))
        assert sums(third) == sums(first)

        for name in ("ledger.key", "sealer.checkpoint"):
            (back.home / name).write_bytes((city.home / name).read_bytes())
            (back.home / name).chmod(0o600)
        back.json("account", "add", "newone", "--name", "新人")
        assert back.json("ledger", "seal")["sealed"] == 1
        assert back.json("ledger", "verify")["faults"] == []
        assert back.json("ledger", "replay")["faults"] == []


@pytest.mark.stored
@pytest.mark.slow
def test_an_old_backup_stops_the_sealer_and_the_command_says_so(tmp_path: Path) -> None:
    old = tmp_path / "old.zip"
    with installed(tmp_path) as city:
        city.json("ledger", "seal")
        city.json("backup", str(old))
        city.json("account", "add", "later", "--name", "后来人")
        city.json("ledger", "seal")
        refused = city.run("restore", str(old))
        assert (refused.returncode, "BACKUP-E006" in refused.stderr) == (1, True)
        done = city.run("restore", str(old), "--replace")
        assert done.returncode == 0, done.stderr
        assert "缺 1 条" in done.stdout
        assert len(list((city.home / "backups").glob("before-restore-*.zip"))) == 1
        sealing = city.run("ledger", "seal")
        assert (sealing.returncode, "LEDGER-E009" in sealing.stderr) == (1, True)
        explained = city.run("ledger", "recover")
        assert explained.returncode == 1
        assert "--from" in explained.stdout
        damaged = tmp_path / "damaged.zip"
        damaged.write_bytes(old.read_bytes()[:500])
        assert "BACKUP-E002" in city.run("restore", str(damaged), "--replace").stderr
