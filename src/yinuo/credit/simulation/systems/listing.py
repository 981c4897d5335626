"""Lists, judgments, letters and contracts."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yinuo.credit.simulation import cells
from yinuo.credit.simulation.luck import MILLION, Mask
from yinuo.credit.simulation.population import EPOCH, REGIONS
from yinuo.credit.simulation.rows import Format, Marks, Rows, SimulatedSource


def _year(rows: Rows) -> pa.Array:
    return cells.whole(EPOCH.year + (rows.day * 100) // 36_525)


def _abnormal(rows: Rows) -> dict[str, pa.Array]:
    out = (rows.drawn("out", 5) <= 1) & rows.past(rows.day + 90)
    return {
        "列入序号": rows.serial(61),
        "主体类别": rows.kinds("企业", "个体工商户"),
        "统一社会信用代码": rows.uscc(),
        "注册号": rows.old("reg", 150),
        "企业名称": rows.names(),
        "列入异常名录原因": rows.edited("cause", ("未按规定报送年度报告", "住所无法联系")),
        "列入日期": rows.dates(rows.day, cells.HAN),
        "移出日期": cells.only(rows.dates(rows.day + 90, cells.HAN), out),
        "移出异常名录原因": cells.only(rows.words("why", ("补报年度报告", "已可联系")), out),
        "作出决定机关": rows.words("office", ("演示市场监管所", "演示市场监管分局")),
        "状态": rows.state({}) if rows.revoked else _listed(out),
    }


def _listed(out: Mask) -> pa.Array:
    return cells.of_words(("在列", "已移出"), out.astype(np.int64))


def _dishonest(rows: Rows) -> dict[str, pa.Array]:
    return {
        "认定文书号": cells.joined("演示认定〔", _year(rows), "〕", rows.serial(""), "号"),
        "主体类别": rows.kinds("法人及非法人组织", "个体工商户", "自然人"),
        "主体名称": rows.names(),
        "统一社会信用代码": rows.uscc(),
        "证件号码": rows.rid(),
        "名单名称": rows.words("list", ("拖欠农民工工资失信联合惩戒对象名单", "失信被执行人")),
        "列入事由": rows.edited("cause", ("拖欠劳动报酬", "有能力履行而拒不履行")),
        "认定单位": rows.words("office", ("演示认定单位一", "演示认定单位二")),
        "列入日期": rows.dates(rows.day),
        "有效期至": rows.dates(rows.day + 1095),
    }


def _court(rows: Rows) -> dict[str, pa.Array]:
    number = cells.whole(1 + rows.numbers)
    return {
        "案号": cells.joined("（", _year(rows), "）辽02执", number, "号"),
        "被执行人类别": rows.kinds("单位", "个体工商户", "自然人"),
        "被执行人姓名/名称": rows.names(),
        "统一社会信用代码": rows.uscc(),
        "组织机构代码": rows.old("org", 200),
        "身份证号码": rows.rid(),
        "执行法院": rows.words("court", ("演示区人民法院", "演示市中级人民法院")),
        "执行依据文号": cells.joined("（", _year(rows), "）辽02民初", number, "号"),
        "生效法律文书确定的义务": rows.words("duty", ("给付货款", "给付借款本息", "腾退房屋")),
        "执行标的（元）": rows.money("amount", 90_000_000),
        "立案时间": rows.dates(rows.day, cells.HAN),
        "被执行人的履行情况": rows.state({"全部未履行": 600, "部分履行": 250, "已履行": 150}),
        "承办人": rows.nothing(),
    }


def _letter(rows: Rows) -> dict[str, pa.Array]:
    broken = rows.drawn("broken", 1000)
    fulfilment = np.searchsorted([930, 970], broken, side="right").astype(np.int64)
    unmet = fulfilment > 0
    words = ("全部履行", "部分履行", "全部未履行")
    accepting = rows.drawn("unit", 2)
    units = cells.of_words(("市市场监管局", "市营商环境局"), accepting)
    unit_codes = cells.of_words(("11210200MB0000019R", "11210200MB0000027L"), accepting)
    return {
        "承诺编码": cells.joined(
            cells.whole(REGIONS[rows.numbers // MILLION % len(REGIONS)]),
            cells.dates(rows.day, cells.BARE),
            pc.utf8_slice_codeunits(rows.serial(1), -6),
        ),
        "承诺人名称": rows.names(),
        "承诺人类别": rows.kinds("法人及非法人组织", "个体工商户", "自然人"),
        "承诺人代码": rows.uscc(),
        "承诺人证件号码": rows.rid(),
        "承诺类型": rows.words("type", ("审批替代型", "容缺受理型", "证明事项型", "主动型")),
        "承诺事由": rows.words("matter", ("申请食品经营许可", "申请补贴", "办理变更登记")),
        "承诺内容": rows.edited("content", ("所填信息真实有效", "按期补齐材料")),
        "违诺责任": rows.words("liability", ("承担相应法律责任，并同意公开",)),
        "承诺作出日期": rows.dates(rows.day),
        "承诺有效期": rows.dates(rows.day + 365),
        "承诺履行状态": rows.state({}) if rows.revoked else cells.of_words(words, fulfilment),
        "未履行的承诺内容": cells.only(rows.words("unmet", ("未按期补齐材料",)), unmet),
        "违诺责任追究内容": cells.only(rows.words("pursued", ("撤销许可决定",)), unmet),
        "承诺履行状态认定日期": cells.only(rows.dates(rows.day + 60), rows.past(rows.day + 60)),
        "承诺履行状态认定单位": units,
        "承诺履行状态认定单位代码": unit_codes,
        "承诺受理单位": units,
        "承诺受理单位代码": unit_codes,
        "公开类型": rows.words("publicity", {"可向社会公开": 900, "不可公开": 100}),
        "备注": rows.nothing(),
    }


def _contract(rows: Rows) -> dict[str, pa.Array]:
    due = rows.day + 90
    accepted = due + rows.drawn("late", 10)
    done = rows.past(accepted)
    results = rows.state({"按期履约": 900, "逾期履约": 80, "违约": 20})
    running = cells.of_words(["履行中"], np.zeros(len(rows), np.int64))
    return {
        "序号": cells.whole(1 + rows.numbers),
        "合同编号": rows.serial("DLZC"),
        "供应商名称": rows.names(),
        "供应商统一社会信用代码": rows.uscc(),
        "采购人": rows.words("buyer", ("演示采购单位一", "演示采购单位二")),
        "项目名称": rows.words("project", ("办公设备采购", "物业服务采购", "信息系统运维")),
        "合同金额（元）": rows.money("amount", 900_000_000),
        "签订日期": rows.dates(rows.day),
        "约定履行期限": rows.dates(due),
        "验收日期": cells.only(rows.dates(accepted), done),
        "履约情况": results if rows.revoked else pc.if_else(pa.array(done), results, running),
    }


ABNORMAL = SimulatedSource(
    id="abnormal-operations",
    per_mille=22,
    columns=_abnormal,
    marks=Marks(name="企业名称", date="列入日期", code="状态", uscc="统一社会信用代码"),
    mix=(700, 300, 0),
    old_number="reg",
    revocable=True,
)
DISHONEST = SimulatedSource(
    id="serious-dishonesty",
    per_mille=3,
    columns=_dishonest,
    marks=Marks(name="主体名称", date="列入日期", uscc="统一社会信用代码"),
    mix=(700, 100, 200),
    full=True,
)
COURT = SimulatedSource(
    id="court-enforcement",
    per_mille=15,
    columns=_court,
    marks=Marks(
        name="被执行人姓名/名称",
        date="立案时间",
        code="被执行人的履行情况",
        amount="执行标的（元）",
        uscc="统一社会信用代码",
        org="组织机构代码",
        changed="执行法院",
    ),
    mix=(500, 100, 400),
    encoding="gb18030",
    old_number="org",
    revocable=True,
)
LETTERS = SimulatedSource(
    id="letters",
    per_mille=60,
    columns=_letter,
    marks=Marks(name="承诺人名称", date="承诺作出日期", code="承诺履行状态", uscc="承诺人代码"),
    mix=(500, 300, 200),
    revocable=True,
)
CONTRACTS = SimulatedSource(
    id="government-contracts",
    per_mille=5,
    columns=_contract,
    marks=Marks(name="供应商名称", date="签订日期", code="履约情况", uscc="供应商统一社会信用代码"),
    format=Format.WORKBOOK,
    most=20_000,
    revocable=True,
)
