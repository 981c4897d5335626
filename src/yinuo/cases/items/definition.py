"""What an item says: the fields of the national 实施清单 that people and clocks go by. Pure.

Names in English, the national column beside them. Sources: the exchange standard of 基本目录 and
实施清单 (`up_task_*`), 行政许可法 第三十二、四十二、四十四、四十五条.
"""

from dataclasses import dataclass

from yinuo.kernel.media.formats import size_words

MEDIUM_FORMATS = {
    "application/pdf": "PDF",
    "video/mp4": "MP4",
    "video/webm": "WebM",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPTX",
}
LEGAL, PROMISED = "法定", "承诺"
AT_ONCE = "即办"
"""What stands in place of a promised limit where the answer is given on the spot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """One document to bring (申请材料)."""

    key: str
    """Stable within the item through all versions, such as `M3`."""
    name: str
    required: bool = True
    """必要性; what is not required depends on `need_explain`."""
    need_explain: str = ""
    deferrable: bool = False
    """可容缺: may come after acceptance, within `deferral`."""
    deferral: str = ""
    """The longest time it may take, such as `10wd`; only where deferrable."""
    declarable: bool = False
    """可用告知承诺替代: a declaration stands in its place."""
    held_by: str = ""
    """The source from which the city has it already, such as 电子证照库; empty for none."""
    form: str = ""
    """材料形式: 纸质, 电子 or 纸质或电子."""
    copies: int = 1
    source: str = ""
    """来源渠道: 申请人自备, 政府部门核发 or 其他."""
    legal_basis: str = ""
    blank_form: str = ""
    """空白表格: name of a file of the item; empty for none."""
    sample: str = ""
    """样表: name of a file of the item; empty for none."""
    accept_standard: str = ""
    fill_explain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the procedure (办理流程)."""

    name: str
    limit: str = ""
    """How long it takes, such as `2wd`; empty where it is not stated."""
    who: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What it costs (收费项目)."""

    name: str
    standard: str
    legal_basis: str
    waivable: bool = False
    waive_explain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """常见问题."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """Slides, a short video, a blank form or a sample that goes with the item."""

    name: str
    kind: str
    """`slides`, `video`, `form`, `sample` or `result`."""
    sha256: str = ""
    """Of the file in the file store; empty for a link."""
    media_type: str = ""
    size: int = 0
    link: str = ""
    """Where it stands elsewhere, such as a film on the site of the unit; empty for a file."""

    @property
    def size_words(self) -> str:
        """How large it is, as people say it; empty for a link."""
        return size_words(self.size) if self.size else ""

    @property
    def format(self) -> str:
        """What it is, in a word; empty where that is not known."""
        return MEDIUM_FORMATS.get(self.media_type, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemGround:
    """A ground on which a clock of this item may be stopped."""

    name: str
    legal_basis: str
    cap: int | None = None
    stops_promised: bool = True
    stops_legal: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """告知承诺: what the applicant is told and promises, and how it is checked afterwards."""

    version: str
    conditions: str
    """告知内容: what must be met."""
    text: str
    """承诺内容, in full."""
    liability: str
    """违诺责任."""
    check_within: str
    """By when it is checked, such as `30d`, counted from the decision."""
    check_share: int = 100
    """Percent of declarations that are checked; the rest by lot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDefinition:
    """One version of an item, complete. Limits are written as `parse_limit` reads them."""

    code: str
    """Our own code of the item, such as SC-017; permanent."""
    task_code: str = ""
    """实施编码 (31 characters), where the city has one."""
    catalog_code: str = ""
    """基本编码 (12 characters)."""
    name: str
    kind: str
    """事项类型, such as 行政许可; see `codes.KINDS`."""
    unit: str
    """Code of the unit that decides (实施主体)."""
    unit_kind: str = "法定机关"
    """实施主体性质."""
    by_law: str
    power_source: str = "法定本级行使"
    use_level: str = "市级"
    served: tuple[str, ...] = ("法人",)
    """服务对象: 自然人, 法人, or both."""
    topics: tuple[str, ...] = ()
    """主题分类."""
    handled: str = "承诺件"
    """办件类型: 即办件 or 承诺件."""
    reviewed: str = "前审后批"
    """审查类型: 即审即办 or 前审后批."""
    legal_limit: str
    """法定办结时限, such as `20wd`."""
    legal_explain: str = ""
    promised_limit: str
    """承诺办结时限, such as `8wd`, or 即办."""
    promised_explain: str = ""
    start_event: str = "受理"
    """From what the limits run: 受理, or 收件 where the city promised so."""
    grounds: tuple[ItemGround, ...] = ()
    delivery_limit: str = "10wd"
    """送达: within what time of the decision (行政许可法 第四十四条)."""
    conditions: str
    """受理条件."""
    special_procedure: str = ""
    visits: int = 1
    """到办事现场次数."""
    visits_explain: str = ""
    online: bool = True
    online_depth: str = ""
    area: str = ""
    """通办范围."""
    quantity_limit: str = ""
    result_name: str = ""
    result_kind: str = ""
    """出证, 出文, 审批办结 or 其他."""
    other_units: tuple[str, ...] = ()
    """联办机构, in words."""
    agencies: str = ""
    """中介服务."""
    address: str
    hours: str
    phone: str
    """咨询方式, with area code."""
    complaint_phone: str
    """监督投诉方式, with area code."""
    materials: tuple[Material, ...] = ()
    steps: tuple[Step, ...] = ()
    fees: tuple[Fee, ...] = ()
    questions: tuple[Question, ...] = ()
    media: tuple[Medium, ...] = ()
    declaration: Declaration | None = None
    simulated: bool = False

    @property
    def at_once(self) -> bool:
        """Whether the promise is to answer on the spot."""
        return self.promised_limit == AT_ONCE

    def material(self, key: str) -> Material | None:
        """The material of that key."""
        return next((one for one in self.materials if one.key == key), None)
