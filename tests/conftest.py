"""Every test runs in a home of its own, without the network, and never by the clock."""

import atexit
import gc
import os
import shutil
import socket
import tempfile
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import django
import pytest
from _pytest.doctest import DoctestModule
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings
from pytest_django.plugin import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware

# Before the settings load: they read these. Workers of one run inherit its home, and have a
# database each.
if "PYTEST_XDIST_WORKER" not in os.environ:
    HOME = tempfile.mkdtemp(prefix="yinuo-test-")
    atexit.register(shutil.rmtree, HOME, ignore_errors=True)
    os.environ["YINUO_HOME"] = HOME
os.environ["DJANGO_SETTINGS_MODULE"] = "yinuo.project.settings"

# Before pytest loads a conftest further down that imports models.
django.setup()

from tests.prepared import copy_tables  # noqa: E402
from yinuo.ledger.key import create_key, load_signer  # noqa: E402
from yinuo.ledger.memory import Memory  # noqa: E402
from yinuo.ledger.tlog.note import Signer  # noqa: E402
from yinuo.project.rendering import drawn_alone  # noqa: E402

# CI draws the same examples every time; a developer's runs look further each time.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

DATABASE_FIXTURES = frozenset({"db", "transactional_db", "live_server"})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


LONG = (
    *("notices", "supervision", "web/test_go.py", "web/test_orders.py"),
    *("property", "verifier", "api/test_api.py", "project/test_demo.py", "web/test_evidence.py"),
    *("web/test_matrix.py", "web/test_pages.py", "web/test_rosters.py", "rules/test_verify.py"),
    *("rules/test_workbook.py", "goals/test_plan_import.py", "goals/test_relations.py"),
    *("goals/test_values.py", "goals/roster/test_giving.py", "rules/dmn", "rules/sql", "stories"),
    *("rules/test_masks.py", "web/test_log.py", "web/test_english.py", "web/test_office.py"),
    *("witness", "content", "kernel/media", "web/test_service_matrix.py"),
    *(f"cases/{name}" for name in ("construction", "feed", "supervising", "problems")),
    *("cases/items/test_pages.py", "cases/deferrals", "project/test_simulated_services.py"),
    *(f"web/test_desk_{name}.py" for name in ("apply", "case", "track", "promises")),
    *("web/test_credit.py", "web/test_credit_matrix.py", "project/test_simulated_credit.py"),
    *("web/test_bad_input.py", "project/test_simulated_use.py", "credit/faults"),
    *(f"credit/{name}" for name in ("commands", "queries", "publishing", "serving", "linking")),
    *("credit/simulation", "credit/test_sources.py", "lake/records", "project/test_credit_cli.py"),
    *("web/test_benefit_matrix.py", "credit/retention", "lake/releases"),
    *(f"goals/leads/test_{name}.py" for name in ("leads", "pages", "book")),
    *("lake/test_durations.py", "ledger/test_thread.py", "ledger/tlog/test_code.py"),
    *(f"credit/{name}" for name in ("asking", "exchange", "profile", "reads/test_log.py")),
    *(
        "goals/port",
        "api/test_answer_keys_cli.py",
        "web/test_commitment.py",
        "web/test_projects.py",
    ),
    *(f"goals/projects/test_{name}.py" for name in ("check", "import", "pure", "write")),
)
"""Together nine tenths of what all tests take; left to `make test`."""
HERE = Path(__file__).parent
BROWSER = frozenset({HERE / "browser"})
PLACES_OF_LONG = frozenset(HERE / name for name in LONG)


@cache
def _stands_in(path: Path, places: frozenset[Path]) -> bool:
    """Whether a file is one of these or in one of these folders; asked for every test of it."""
    return not places.isdisjoint((path, *path.parents))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Long files need not even be imported where all of their tests would be left out."""
    is_left_out = config.option.markexpr == "not slow"
    return True if is_left_out and _stands_in(collection_path, PLACES_OF_LONG) else None


@pytest.hookimpl(wrapper=True)
def pytest_collect_file() -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Examples in docstrings stand in the source, not in the tests: do not look there."""
    found = yield
    return [each for each in found if not isinstance(each, DoctestModule)]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what touches the database or a browser; leave out tests of the other database."""
    vendor = django_settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    others = []
    for item in items:
        if _stands_in(item.path, PLACES_OF_LONG):
            item.add_marker(pytest.mark.slow)
        uses = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or uses & DATABASE_FIXTURES:
            item.add_marker(pytest.mark.stored)
        if _stands_in(item.path, BROWSER):
            item.add_marker(pytest.mark.browser)
        if _left_to_the_other(item, vendor):
            others.append(item)
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


def _left_to_the_other(item: pytest.Item, vendor: str) -> bool:
    """Whether this test, or this case of a matrix, runs on the other database alone."""
    engine = item.get_closest_marker("engine")
    if engine:
        return engine.args[0] not in vendor
    cases = item.get_closest_marker("on_postgresql")
    if cases is None or "postgresql" not in vendor:
        return False
    assert isinstance(item, pytest.Function)
    return item.callspec.id not in cases.args


def pytest_collection_finish() -> None:
    """What is loaded by now stays: look for garbage only among what tests leave, and less often."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 20)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """A database of its own, with the tables of an earlier run where no migration has changed."""
    made: list[Any] = []

    def migrate() -> None:
        with drawn_alone():
            made.extend(setup_databases(verbosity=0, interactive=False))

    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            _lose_quickly()
            file = Path(connection.settings_dict["TEST"]["NAME"])
            copy_tables(file, migrate)
            connection.close()
            connection.settings_dict["NAME"] = str(file)
        else:
            migrate()
    yield
    with django_db_blocker.unblock():
        connection.close()
        teardown_databases(made, verbosity=0)


def _lose_quickly() -> None:
    """Nobody misses the database of a test after a loss of power: it need not wait for the disk.

    What has to survive is tested in installations of its own.
    """
    options = connection.settings_dict["OPTIONS"]
    opening = options["init_command"]
    options["init_command"] = opening.replace("synchronous=FULL", "synchronous=OFF")
    assert options["init_command"] != opening


@pytest.fixture(autouse=True)
def quick_passwords(request: pytest.FixtureRequest) -> None:
    """Argon2 takes a tenth of a second an account, by design; `argon2` asks for the real one."""
    stored = request.node.get_closest_marker("stored")
    if stored and "argon2" not in request.fixturenames:
        chosen = request.getfixturevalue("settings")
        chosen.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def argon2() -> None:
    """Ask for the password hasher of the real installation."""


@pytest.fixture(autouse=True, scope="session")
def static_files_looked_up_once() -> Iterator[None]:
    """Every client has a server of its own, and they all serve the same files.

    Looking them up takes longer than most pages do.
    """
    found: dict[str, Any] = {}
    look_up = WhiteNoiseMiddleware.add_files_from_finders

    def add(server: WhiteNoiseMiddleware) -> None:
        if not found:
            look_up(server)
            found.update(server.files)
        server.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add)
        yield


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """Connections leave this machine for nobody."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(connect: Any) -> Any:  # two C methods of different return type
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in LOOPBACK:
            message = f"a test tried to reach {address[0]}; only loopback is allowed"
            raise AssertionError(message)
        return connect(self, address)

    return guarded


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    """The signing key of a log named `yinuo.test`."""
    create_key(tmp_path / "ledger.key")
    return load_signer(tmp_path / "ledger.key", origin="yinuo.test")


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """The sealer's memory of that log, still empty."""
    memory = Memory(tmp_path / "sealer.checkpoint")
    memory.begin()
    return memory
