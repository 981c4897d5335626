from pathlib import Path
import pytest
from tests.web.credit_city import *
from tests.visits import *
from yinuo.web import clock
pytestmark = pytest.mark.django_db

@pytest.fixture
def lake(db, tmp_path: Path, settings, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    prepare(tmp_path, settings)
    return make_lake(tmp_path)

def test_it(lake):
    import duckdb
    from django.conf import settings
    print(lake.penalties, lake.release, lake.refused)
    print(lake.look(WRONG_FIRM))
    print(duckdb.sql(f"select record,key,code,name,document,subject from '{settings.YINUO_LAKE}/credit/batches/penalty/*/records*.parquet' order by document desc limit 3"))
    print(duckdb.sql(f"select entity,how,key,document from '{settings.YINUO_LAKE}/credit/releases/*/facts/penalty/*.parquet' order by document desc limit 3"))
    assert 0
