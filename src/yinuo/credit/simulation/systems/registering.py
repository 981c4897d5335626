"""What the registration system delivers: who is registered, and which codes changed."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yinuo.credit.simulation import cells, codes
from yinuo.credit.simulation.luck import Ints
from yinuo.credit.simulation.population import (
    NUMBERED,
    RECODED,
    REGIONS,
    Kind,
    Population,
)
from yinuo.credit.simulation.rows import Marks, Rows, SimulatedSource

MISSING = 19
"""By 20, whose change of code nobody wrote down."""
_INDUSTRIES = ("6210", "5211", "4710", "3411", "6510", "5810", "7222", "0511", "1361", "7020")


def _registered(population: Population, numbers: Ints) -> tuple[Ints, Ints]:
    """First all firms, then all traders, then firms that are new."""
    firms, traders = population.firms, population.traders
    late = numbers >= firms + traders
    trader = (numbers >= firms) & ~late
    kind = np.where(trader, int(Kind.TRADER), int(Kind.FIRM))
    return kind, np.where(trader, numbers - firms, np.where(late, numbers - traders, numbers))


def _registration(rows: Rows) -> dict[str, pa.Array]:
    party, people = rows.party, rows.population
    present = people.present_region_number(party)
    founded = people.founded_on(party)
    if rows.today:
        founded = rows.day
    return {
        "PRIPID": rows.serial(21),
        "ENTTYPE_CLASS": rows.kinds("1", "2"),
        "ENTNAME": rows.names(),
        "UNISCID": rows.uscc(),
        "REGNO": rows.numbered(),
        "LEREP": rows.representatives(),
        "CERNO": rows.representative_numbers(),
        "REGORG_AREA": cells.whole(REGIONS[present]),
        "DOM": rows.addresses(),
        "INDUSTRYCO": rows.words("industry", _INDUSTRIES),
        "REGCAP": rows.money("capital", 100_000),
        "ESTDATE": rows.dates(founded),
        "APPRDATE": rows.dates(np.maximum(founded, rows.day)),
        "REGSTATE": rows.words("status", {"1": 880, "2": 30, "3": 80, "4": 10}),
        "S_EXT_TIMESTAMP": cells.dates(rows.day, cells.BARE),
    }


def _changed(population: Population, numbers: Ints) -> tuple[Ints, Ints]:
    """First the firms with another credit code, then those with an old registration number."""
    recoded = numbers < _recoded(population)
    known = numbers + numbers // MISSING
    number = np.where(
        recoded, known * 32 + RECODED, (numbers - _recoded(population)) * 4 + NUMBERED
    )
    return np.zeros(len(numbers), np.int64), number


def _recoded(population: Population) -> int:
    """How many changes of code were written down."""
    return max(population.firms // 32 * MISSING // (MISSING + 1), 1)


def _history(rows: Rows) -> dict[str, pa.Array]:
    party, people = rows.party, rows.population
    recoded = rows.numbers < _recoded(people)
    former = codes.texts(people.credit_codes(party, former=np.ones(len(party), np.bool_)))
    registered = codes.texts(people.registrations(party))
    changed = np.where(recoded, people.recoded_on(party), people.founded_on(party) + 365)
    return {
        "变更序号": rows.serial(22),
        "企业名称": rows.names(),
        "变更前代码类别": cells.of_words(("注册号", "统一社会信用代码"), recoded.astype(np.int64)),
        "变更前代码": pc.if_else(pa.array(recoded), former, registered),
        "变更后统一社会信用代码": codes.texts(people.credit_codes(party)),
        "变更日期": rows.dates(changed + rows.revision, cells.HAN),
        "变更原因": rows.words("reason", ("换发统一社会信用代码", "迁入换号", "代码重复更正")),
    }


REGISTRATION = SimulatedSource(
    id="registration",
    per_mille=200,
    columns=_registration,
    marks=Marks(
        name="ENTNAME",
        date="ESTDATE",
        code="REGSTATE",
        amount="REGCAP",
        unit="万元",
        uscc="UNISCID",
    ),
    mix=(650, 350, 0),
    holders=_registered,
    current=True,
)
HISTORY = SimulatedSource(
    id="code-history",
    per_mille=15,
    columns=_history,
    marks=Marks(
        name="企业名称", date="变更日期", code="变更前代码类别", uscc="变更后统一社会信用代码"
    ),
    holders=_changed,
    codes_fail=False,
    current=True,
)
