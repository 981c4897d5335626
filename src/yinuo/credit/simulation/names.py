"""Made-up names of firms, traders, collectives and people.

Each bears one of the characters 试测拟演样例仿虚, so that nobody takes it for a true one; core and
trade together belong to one firm. A firm's name is place, core (字号), trade and legal form.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yinuo.credit.simulation.luck import Ints, Mask

MARKERS = "试测拟演样例仿虚"
SYLLABLES = (
    "安柏邦宝北碧滨冰波博灿昌畅晨诚驰川春聪翠达丹德鼎东栋敦朵恩帆繁方飞芬丰枫峰福甫富港高格庚冠光广桂海涵瀚航豪禾和恒衡弘红宏虹洪鸿厚"
    "湖华桦欢环焕辉汇惠慧吉佳嘉坚建健江锦劲晶精景净静久居聚娟君俊凯康科可坤昆兰澜朗乐蕾黎力立利丽莲联良亮林霖玲凌灵龙隆鲁路露伦罗洛满"
    "茂美萌梦敏名明鸣铭睦牧宁诺鹏平萍普齐祺奇琦启千谦乾强勤青清晴庆秋泉全群然仁荣融柔如锐瑞润若森山善尚韶深升生胜盛诗石时世舒树双爽顺"
    "思松泰涛腾天田庭通同万望威微维伟文稳沃汐熙喜霞夏贤祥翔晓欣新鑫信兴星雄秀旭轩萱雪雅炎彦阳杨耀业怡义艺益逸银英盈颖永勇优友宇雨玉裕"
)
SIZE = len(SYLLABLES)
PAIRS = SIZE * SIZE
PLACES = (
    *("大连", "大连市", "大连中山", "大连西岗", "大连沙河口", "大连甘井子", "大连旅顺口"),
    *("大连金州", "大连普兰店", "瓦房店", "庄河", "长海"),
)
TRADES = (
    *("餐饮管理", "食品", "商贸", "建筑工程", "装饰", "机械制造", "软件", "信息技术", "物流"),
    *("国际货运", "船舶配件", "化工", "新材料", "医疗器械", "药业", "生物科技", "农业", "渔业"),
    *("水产养殖", "服装", "纺织", "印刷", "包装", "广告", "文化传媒", "教育咨询", "旅游", "酒店"),
    *("物业服务", "房地产开发", "环保科技", "新能源", "电力设备", "汽车销售", "汽车维修", "家具"),
    *("建材", "五金", "电子", "通信", "检测技术", "会计咨询", "人力资源", "园林绿化", "市政工程"),
    *("消防工程", "安防", "仓储", "冷链", "港口服务", "进出口", "投资管理", "健康管理", "养老服务"),
    *(
        "家政服务",
        "体育",
        "珠宝",
        "烘焙",
        "果业",
        "苗木",
        "粮油",
        "海洋工程",
        "精密仪器",
        "工业设计",
    ),
    *("暖通设备", "制冷设备", "轴承", "模具"),
)
COMPANY_FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司")
OTHER_FORMS = (
    *("专业合作社", "村股份经济合作社", "服务中心", "协会", "培训学校", "经济联合总社"),
    *("店", "经营部", "商行", "工作室"),
)
FORMS = (*COMPANY_FORMS, *OTHER_FORMS)
FORM = {form: number for number, form in enumerate(FORMS)}

SHORT_CORES = len(MARKERS) * 2 * PAIRS * len(TRADES)
"""Cores of three characters: marker before or behind a pair."""
LONG_CORES = len(MARKERS) * SIZE * PAIRS * len(TRADES)
"""Cores of four characters: marker, one, a pair."""

_MARKED = [*MARKERS, "", *(marker + one for marker in MARKERS for one in SYLLABLES)]
"""What stands before the pair: a marker, nothing, or a marker and one more."""
_BARE, _LONG = len(MARKERS), len(MARKERS) + 1
_ENDS = [
    marker + ("" if form == FORM["村股份经济合作社"] else trade) + word
    for marker in ("", *MARKERS)
    for trade in TRADES
    for form, word in enumerate(FORMS)
]
"""What stands behind the pair: perhaps a marker, then trade and form."""
_DICTIONARIES = {
    "place": pa.array(PLACES),
    "before": pa.array(_MARKED),
    "pair": pa.array([one + other for one in SYLLABLES for other in SYLLABLES]),
    "end": pa.array(_ENDS),
    "surname": pa.array(list(MARKERS)),
    "given": pa.array(
        [*SYLLABLES, *(one + other for one in SYLLABLES for other in SYLLABLES)],
    ),
}
GIVEN = SIZE + PAIRS


def chosen(words: "pa.Array", number: Ints) -> "pa.Array":
    """The words with these numbers."""
    index = pa.py_buffer(number.astype(np.int32))
    places = pa.Array.from_buffers(pa.int32(), len(number), [None, index])
    return pa.DictionaryArray.from_arrays(places, words).dictionary_decode()


def firm_names(*, place: Ints, core: Ints, form: Ints, short: Mask, change: Ints) -> "pa.Array":
    """Names of firms with these cores, by numbers below `SHORT_CORES` or `LONG_CORES`.

    `change` is 0, or says how the pair is miswritten: 1 the other way round, n > 1 another second
    character.
    """
    core, trade = np.divmod(core, len(TRADES))
    core, pair = np.divmod(core, PAIRS)
    behind = short & (core % 2 == 1)
    before = np.where(short, np.where(behind, _BARE, core // 2), core + _LONG)
    ending = np.where(behind, core // 2 + 1, 0)
    return pc.binary_join_element_wise(
        chosen(_DICTIONARIES["place"], place),
        chosen(_DICTIONARIES["before"], before),
        chosen(_DICTIONARIES["pair"], _miswritten(pair, change)),
        chosen(_DICTIONARIES["end"], (ending * len(TRADES) + trade) * len(FORMS) + form),
        "",
    )


def _miswritten(pair: Ints, change: Ints) -> Ints:
    first, second = np.divmod(pair, SIZE)
    turned = second * SIZE + first
    other = first * SIZE + (second + np.maximum(change, 1)) % SIZE
    return np.where(change == 0, pair, np.where((change == 1) & (first != second), turned, other))


def person_names(surname: Ints, given: Ints) -> "pa.Array":
    """Names of people, by numbers below `len(MARKERS)` and `GIVEN`."""
    return pc.binary_join_element_wise(
        chosen(_DICTIONARIES["surname"], surname), chosen(_DICTIONARIES["given"], given), ""
    )
