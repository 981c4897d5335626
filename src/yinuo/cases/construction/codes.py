"""Code lists of the approval system for building projects (SPGL_*). Pure.

Sources: 工程建设项目审批管理系统数据共享交换标准 2.0 as used by several cities. A code is never
rewritten; an unknown one is a finding.
"""

from enum import StrEnum

FLOW_KINDS = {
    "1": "政府投资（房屋建筑）",
    "2": "政府投资（线性工程）",
    "3": "一般社会投资",
    "4": "小型社会投资",
    "5": "带方案出让用地的社会投资",
    "6": "工业类",
    "7": "交通",
    "8": "水利",
    "9": "能源",
    "10": "其他",
}
"""审批流程类型 SPLCLX."""
STANDARD_STAGES = {
    "1": "立项用地规划许可",
    "2": "工程建设许可",
    "3": "施工许可",
    "4": "竣工验收",
    "5": "并行推进",
}
"""对应标准阶段 DYBZSPJDXH."""
VALID = {"1": "有效", "0": "无效"}
"""数据有效标识 SJYXBS."""


class Handling(StrEnum):
    """办理状态 BLZT: what was done with an item."""

    RECEIVED = "1"
    WITHDRAWN = "2"
    ACCEPTED = "3"
    NOT_TAKEN = "4"
    REFUSED = "5"
    CORRECTION = "6"
    CORRECTED = "7"
    BEGUN = "8"
    SPECIAL = "9"
    SPECIAL_ENDED = "10"
    APPROVED = "11"
    APPROVED_WITH_GAP = "12"
    DENIED = "13"
    CALLED_BACK = "14"
    REVOKED = "15"


HANDLING_LABELS = {
    Handling.RECEIVED: "接件",
    Handling.WITHDRAWN: "撤件",
    Handling.ACCEPTED: "受理",
    Handling.NOT_TAKEN: "不受理",
    Handling.REFUSED: "不予受理",
    Handling.CORRECTION: "补正（开始）",
    Handling.CORRECTED: "补正（结束）",
    Handling.BEGUN: "部门开始办理",
    Handling.SPECIAL: "特别程序（开始）",
    Handling.SPECIAL_ENDED: "特别程序（结束）",
    Handling.APPROVED: "办结（通过）",
    Handling.APPROVED_WITH_GAP: "办结（容缺通过）",
    Handling.DENIED: "办结（不通过）",
    Handling.CALLED_BACK: "撤回",
    Handling.REVOKED: "撤销",
}
HANDLING = {str(code): label for code, label in HANDLING_LABELS.items()}
PAIRED = {Handling.CORRECTED: Handling.CORRECTION, Handling.SPECIAL_ENDED: Handling.SPECIAL}
"""What ends a stop → what begins it."""
GRANTED = frozenset({Handling.APPROVED, Handling.APPROVED_WITH_GAP})
ENDINGS = frozenset(
    {
        *(Handling.APPROVED, Handling.APPROVED_WITH_GAP, Handling.DENIED),
        *(Handling.WITHDRAWN, Handling.NOT_TAKEN, Handling.REFUSED, Handling.CALLED_BACK),
    }
)
"""After one of these nobody waits any more."""
CORRECTION_GROUND, SPECIAL_GROUND = "补正", "特别程序"
GROUNDS = {Handling.CORRECTION: CORRECTION_GROUND, Handling.SPECIAL: SPECIAL_GROUND}
