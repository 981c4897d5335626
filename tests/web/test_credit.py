from pathlib import Path
import pytest
from tests.web.credit_city import *
from tests.web import credit_city
from tests.visits import *
from yinuo.web import clock
pytestmark = pytest.mark.django_db

@pytest.fixture
def lake(db, tmp_path: Path, settings, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    prepare(tmp_path, settings)
    return make_lake(tmp_path)

def test_it(lake):
    print(lake)
