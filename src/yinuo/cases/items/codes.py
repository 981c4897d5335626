"""The code lists of 基本目录 and 实施清单. Pure.

Values as exchanged (`up_task_*`); the lists are versioned because they were read from systems in
use and not from the printed standard.
"""

from collections.abc import Mapping

VERSION = "2024"
"""Of all lists below; stands in every JSON export."""

KINDS: Mapping[str, str] = {
    "01": "行政许可",
    "02": "行政处罚",
    "03": "行政强制",
    "04": "行政征收",
    "05": "行政给付",
    "06": "行政检查",
    "07": "行政确认",
    "08": "行政奖励",
    "09": "行政裁决",
    "10": "其他行政权力",
    "20": "公共服务",
}
"""事项类型."""
LICENCE = KINDS["01"]

AT_ONCE_ITEM, PROMISED_ITEM = "即办件", "承诺件"
HANDLED: Mapping[str, str] = {"1": AT_ONCE_ITEM, "2": PROMISED_ITEM}
"""办件类型."""

REVIEWED_AT_ONCE, REVIEWED_FIRST = "即审即办", "前审后批"
REVIEWED: Mapping[str, str] = {"1": REVIEWED_AT_ONCE, "2": REVIEWED_FIRST}
"""审查类型."""

DAY_UNITS: Mapping[str, str] = {"1": "wd", "2": "d", "3": "h", "4": "m", "5": "y"}
"""时限单位. The standard has 1 and 2, some lists 3; 4 and 5 are ours."""

PERSON = "自然人"
LEGAL_PERSON = "法人"
SERVED: Mapping[str, str] = {"1": PERSON, "2": LEGAL_PERSON}
"""服务对象."""

RESULTS: Mapping[str, str] = {"10": "出证", "20": "出文", "30": "审批办结", "99": "其他"}
"""审批结果类型."""
RESULT_OF_ENDING: Mapping[str, str] = {"证": "出证", "文": "出文", "批复": "审批办结"}
"""What the last characters of the name of a result say about its kind."""

FORMS: Mapping[str, str] = {"1": "纸质", "2": "电子", "3": "纸质或电子"}
"""材料形式."""
SOURCES: Mapping[str, str] = {"10": "申请人自备", "20": "政府部门核发", "99": "其他"}
"""来源渠道."""

USE_LEVELS: Mapping[str, str] = {
    "1": "国家级",
    "2": "省级",
    "3": "市级",
    "4": "县级",
    "5": "乡镇（街道）级",
    "6": "村（社区）级",
}
"""行使层级."""
UNIT_KINDS: Mapping[str, str] = {"1": "法定机关", "2": "授权组织", "3": "受委托组织"}
"""实施主体性质."""
POWER_SOURCES: Mapping[str, str] = {
    "1": "法定本级行使",
    "2": "上级下放",
    "3": "上级授权",
    "4": "同级授权",
    "5": "上级委托",
    "6": "同级委托",
}
"""权力来源."""
ONLINE_DEPTHS: Mapping[str, str] = {
    "1": "互联网咨询",
    "2": "互联网收件",
    "3": "互联网预审",
    "4": "互联网受理",
    "5": "全程网办",
}
"""网上办理深度."""
WHOLLY_ONLINE = ONLINE_DEPTHS["5"]

PERSON_TOPICS = (
    *("生育收养", "户籍办理", "民族宗教", "教育科研", "入伍服役", "就业创业", "设立变更"),
    *("准营准办", "职业资格", "行政缴费", "婚姻登记", "优待抚恤", "规划建设", "住房保障"),
    *("社会保障", "证件办理", "交通出行", "旅游观光", "出境入境", "消费维权", "公共安全"),
    *("司法公证", "知识产权", "环保绿化", "文化体育", "公用事业", "医疗卫生", "离职退休"),
    *("死亡殡葬", "其他（个人）"),
)
LEGAL_PERSON_TOPICS = (
    *("设立变更", "准营准办", "资质认证", "年检年审", "税收财务", "人力资源", "社会保障"),
    *("投资审批", "融资信贷", "抵押质押", "商务贸易", "招标拍卖", "海关口岸", "涉外服务"),
    *("农林牧渔", "国土和规划建设", "交通运输", "环保绿化", "应急管理", "水务气象"),
    *("医疗卫生", "科技创新", "文体教育", "知识产权", "民族宗教", "质量技术", "检验检疫"),
    *("安全生产", "公安消防", "司法公证", "公用事业", "法人注销", "档案文物", "其他（法人）"),
)
TOPICS: Mapping[str, tuple[str, ...]] = {
    PERSON: PERSON_TOPICS,
    LEGAL_PERSON: LEGAL_PERSON_TOPICS,
}
"""服务对象 → 主题分类."""

LEGAL_GROUNDS = ("听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审")
"""What 行政许可法 第四十五条 leaves out of the time limit; the list is closed."""
PERMIT_STEPS = 5
"""受理、审核、审批、办结、送达."""
