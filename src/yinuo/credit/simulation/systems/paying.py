"""Taxes, insurance, the housing fund and the four utilities: what was paid, and what is owed."""

import numpy as np
import pyarrow as pa

from yinuo.credit.simulation import cells
from yinuo.credit.simulation.luck import Ints
from yinuo.credit.simulation.population import Population
from yinuo.credit.simulation.rows import Format, Marks, Rows, SimulatedSource

_OWED = {"欠缴": 700, "已缴清": 300}
_PAID = {"已缴": 900, "逾期已缴": 70, "欠缴": 30}
_EVER_PAID = 970


def _tax_arrears(rows: Rows) -> dict[str, pa.Array]:
    return {
        "公告序号": rows.serial(31),
        "纳税人类别": rows.kinds("单位", "个体工商户"),
        "纳税人识别号": rows.tax(),
        "纳税人名称": rows.names(),
        "法定代表人（负责人）姓名": rows.representatives(),
        "证件号码": rows.representative_numbers(),
        "经营地点": rows.addresses(),
        "欠税税种": rows.words("tax", ("增值税", "企业所得税", "城镇土地使用税", "房产税")),
        "欠税余额（元）": rows.money("amount", 50_000_000),
        "公告日期": rows.dates(rows.day, cells.HAN),
        "状态": rows.state(_OWED),
        "公告机关": rows.words("office", ("演示第一税务局", "演示第二税务局")),
    }


def _graded(population: Population, numbers: Ints) -> tuple[Ints, Ints]:
    """Every firm once a year."""
    return np.zeros(len(numbers), np.int64), numbers % population.firms


def _tax_credit(rows: Rows) -> dict[str, pa.Array]:
    year = rows.population.on.year - 1 - rows.numbers // rows.population.firms
    score = 40 + rows.drawn("score", 60)
    grade = np.searchsorted([40, 60, 70, 90], score, side="right") - 1
    return {
        "NSRSBH": rows.uscc(),
        "NSRMC": rows.names(),
        "PJND": cells.whole(year),
        "XYDJ": cells.of_words(("D", "C", "B", "A"), grade.astype(np.int64)),
        "PJDF": cells.whole(score),
        "PJRQ": rows.dates(rows.day, cells.BARE),
    }


def _insurance(rows: Rows) -> dict[str, pa.Array]:
    month = rows.months()
    return {
        "缴费单号": rows.serial(41),
        "统一社会信用代码": rows.uscc(),
        "单位编号": cells.whole(2_102_000_000 + rows.holder),
        "单位名称": rows.names(),
        "费款所属期": rows.dates(month, cells.BARE),
        "缴费人数": cells.whole(1 + rows.drawn("people", 300)),
        "实缴金额": rows.money("amount", 30_000_000),
        "到账日期": rows.dates(month + 5 + rows.drawn("late", 40), cells.BARE),
    }


def _insurance_arrears(rows: Rows) -> dict[str, pa.Array]:
    month = rows.months()
    return {
        "催缴通知书编号": rows.serial("大社催字"),
        "统一社会信用代码": rows.uscc(),
        "组织机构代码": rows.old("org", 300),
        "单位名称": rows.names(),
        "欠费起始月": rows.dates(month),
        "欠费截止月": rows.dates(month + 92),
        "欠费金额（万元）": rows.money("amount", 9_000),
        "通知日期": rows.dates(rows.day),
        "状态": rows.state(_OWED),
    }


def _housing(rows: Rows) -> dict[str, pa.Array]:
    employer = rows.luck.skewed(rows.holder, "employer", rows.population.firms) * 2
    return {
        "LSH": rows.serial(51),
        "ZJHM": rows.rid(),
        "XINGMING": rows.names(),
        "GRZH": cells.whole(8_000_000_000 + rows.holder),
        "DWMC": rows.population.party_names(employer),
        "JCNY": rows.dates(rows.months()),
        "GRJCJS": rows.money("base", 3_000_000),
        "JCE": rows.money("amount", 600_000),
        "GRZHZT": rows.words("state", {"01": 930, "02": 65, "03": 5}),
    }


def _water(rows: Rows) -> dict[str, pa.Array]:
    month = rows.months()
    state = rows.drawn("state", 1000)
    return {
        "户号": cells.whole(6_000_000_000 + rows.numbers // rows.source.rows_each),
        "账单月": rows.dates(month),
        "用户类别": rows.kinds("单位", "个体", "居民"),
        "户名": rows.names(),
        "信用代码": rows.uscc(),
        "身份证号": rows.rid(),
        "用水地址": rows.addresses(),
        "水量": cells.whole(rows.drawn("volume", 500)),
        "应缴水费": rows.money("amount", 200_000),
        "缴费日期": cells.only(rows.dates(month + 10 + state // 20), state < _EVER_PAID),
        "缴费状态": rows.words("state", _PAID),
        "抄表员": rows.nothing(),
    }


def _power(rows: Rows) -> dict[str, pa.Array]:
    month = rows.months()
    state = rows.drawn("state", 1000)
    return {
        "cons_no": cells.whole(7_000_000_000 + rows.numbers // rows.source.rows_each),
        "amt_ym": rows.dates(month),
        "cons_sort": rows.kinds("单位", "个体", "居民"),
        "cons_name": rows.names(),
        "credit_code": rows.uscc(),
        "cert_no": rows.rid(),
        "t_pq": cells.whole(rows.drawn("volume", 9_000)),
        "rcvbl_amt": rows.money("amount", 500_000),
        "rcved_date": cells.only(rows.dates(month + 10 + state // 20), state < _EVER_PAID),
        "settle_flag": rows.words("state", {"01": 900, "02": 70, "03": 30}),
    }


def _gas(rows: Rows) -> dict[str, pa.Array]:
    return {
        "燃气户号": rows.serial(9),
        "欠费月份": rows.dates(rows.months(), cells.SLASHED),
        "用户类别": rows.kinds("单位", "个体", "居民"),
        "客户名称": rows.names(),
        "统一社会信用代码": rows.uscc(),
        "身份证号码": rows.rid(),
        "用气地址": rows.addresses(),
        "欠费金额": rows.money("amount", 300_000),
        "状态": rows.state(_OWED),
    }


def _heating(rows: Rows) -> dict[str, pa.Array]:
    return {
        "合同编号": rows.serial("GR"),
        "采暖期": rows.words("season", ("2023-2024", "2024-2025", "2025-2026")),
        "用户类别": rows.kinds("单位", "个体", "居民"),
        "用热户名称": rows.names(),
        "统一社会信用代码": rows.uscc(),
        "身份证号": rows.rid(),
        "用热地址": rows.addresses(),
        "供热面积": cells.whole(30 + rows.drawn("area", 300)),
        "欠费金额": rows.money("amount", 900_000),
        "统计日期": rows.dates(rows.day),
        "状态": rows.state(_OWED),
    }


TAX_ARREARS = SimulatedSource(
    id="tax-arrears",
    per_mille=25,
    columns=_tax_arrears,
    marks=Marks(
        name="纳税人名称",
        date="公告日期",
        code="状态",
        amount="欠税余额（元）",
        uscc="纳税人识别号",
    ),
    mix=(700, 300, 0),
    encoding="gb18030",
    old_number="tax",
    revocable=True,
)
TAX_CREDIT = SimulatedSource(
    id="tax-credit",
    per_mille=40,
    columns=_tax_credit,
    marks=Marks(name="NSRMC", date="PJRQ", code="XYDJ"),
    holders=_graded,
    codes_fail=False,
    full=True,
)
INSURANCE = SimulatedSource(
    id="social-insurance",
    per_mille=150,
    columns=_insurance,
    marks=Marks(name="单位名称", date="费款所属期", amount="实缴金额", uscc="统一社会信用代码"),
    encoding="gb18030",
)
INSURANCE_ARREARS = SimulatedSource(
    id="social-insurance-arrears",
    per_mille=10,
    columns=_insurance_arrears,
    marks=Marks(
        name="单位名称",
        date="通知日期",
        code="状态",
        amount="欠费金额（万元）",
        unit="万元",
        uscc="统一社会信用代码",
        org="组织机构代码",
    ),
    encoding="gb18030",
    old_number="org",
    revocable=True,
)
HOUSING = SimulatedSource(
    id="housing-fund",
    per_mille=90,
    columns=_housing,
    marks=Marks(name="XINGMING", date="JCNY", code="GRZHZT", uscc="ZJHM"),
    mix=(0, 0, 1000),
    format=Format.PARQUET,
)
WATER = SimulatedSource(
    id="water",
    per_mille=90,
    columns=_water,
    marks=Marks(name="户名", date="缴费日期", code="缴费状态", amount="应缴水费", uscc="信用代码"),
    mix=(300, 200, 500),
    encoding="gb18030",
    delimiter="|",
    rows_each=12,
)
POWER = SimulatedSource(
    id="power",
    per_mille=90,
    columns=_power,
    marks=Marks(
        name="cons_name",
        date="rcved_date",
        code="settle_flag",
        amount="rcvbl_amt",
        uscc="credit_code",
    ),
    mix=(300, 200, 500),
    format=Format.JSON_LINES,
    rows_each=12,
)
GAS = SimulatedSource(
    id="gas",
    per_mille=20,
    columns=_gas,
    marks=Marks(
        name="客户名称", date="欠费月份", code="状态", amount="欠费金额", uscc="统一社会信用代码"
    ),
    mix=(100, 200, 700),
    encoding="gb18030",
    revocable=True,
)
HEATING = SimulatedSource(
    id="heating",
    per_mille=20,
    columns=_heating,
    marks=Marks(
        name="用热户名称", date="统计日期", code="状态", amount="欠费金额", uscc="统一社会信用代码"
    ),
    mix=(100, 100, 800),
    revocable=True,
)
