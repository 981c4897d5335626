from pathlib import Path
from random import Random

import pytest

from tests.credit.linking.invented import described, firms
from tests.credit.linking.stated import linkage
from tests.credit.resolving.landed import live
from yinuo.credit.linking.model import PARTS, read_model
from yinuo.credit.linking.training import STATED, train, write_model
from yinuo.lake.engine import DuckDB


@pytest.mark.slow
def test_records_with_a_code_teach_what_they_are_worth_without_it(tmp_path: Path) -> None:
    some = firms(400)
    luck = Random(1)  # noqa: S311  # no secret
    rows = [{**described(firm, luck), "key": firm.key} for firm in luck.choices(some, k=6000)]
    with DuckDB(memory="256MB", threads=1) as engine:
        models = train(
            engine=engine,
            live=[
                live(engine, "registration", "registration", [firm.row() for firm in some]),
                live(engine, "water", "arrears", rows),
            ],
            settings=linkage().settings,
            version="test",
            trained_on="invented",
            into={},
            memory="256MB",
        )
    firm = models["firm"]
    assert models.keys() == {"firm"}
    assert read_model(write_model(tmp_path, firm).read_bytes(), "firm") == firm
    share = {
        name: each.m / PARTS for name, each in firm.levels["name"].items() if each.m > PARTS // 50
    }
    # As `described` writes: two in six as it is, three in other ways, one with a wrong character.
    assert share["entire"] == pytest.approx(2 / 6, abs=0.1)
    assert share["core_trade"] == pytest.approx(3 / 6, abs=0.1)
    assert firm.levels["place"]["same"].m > 0.9 * PARTS
    assert firm.levels["place"]["same"].u < 0.01 * PARTS
    assert firm.levels["account"]["same"].m == pytest.approx(STATED["account"]["same"][0] * PARTS)
    assert 0 < firm.namesakes["entire"] < 50_000
