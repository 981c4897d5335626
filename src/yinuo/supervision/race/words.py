"""What pages call the parts of a race. Pure; pages translate where they use them."""

from yinuo.supervision.race.scheme import GAIN, KEPT, MOVES, ORDERS, PROGRESS, REPORTED

WORDS = (
    *("按期兑现率", "序时进度达成", "自身进步", "报送及时率", "督办销号", "时限调整"),
    *("突出贡献", "争先进位", "红榜", "黑榜"),
)
"""Indicators and awards."""
MEANINGS = {
    "按期兑现率": "期内到期（按原定时限）的承诺中，按原定时限兑现的",
    "序时进度达成": "有序时进度的承诺，到期末达到自己原定计划的多少，取平均",
    "自身进步": "本期的序时进度达成，减去上一期间自己的",
    "报送及时率": "期内应报的调度报送中，按时报送的",
    "督办销号": "期内到期的督办事项中，按原定时限销号的",
    "时限调整": "每百项有时限的承诺，期内批准调整时限的次数",
}
"""What each indicator measures, in one line."""
BEHIND_WORDS = {
    KEPT: ("按期兑现", "到期"),
    REPORTED: ("按时报送", "应报"),
    ORDERS: ("按期销号", "到期"),
    PROGRESS: ("达成合计", "可比"),
    GAIN: ("达成合计", "可比"),
    MOVES: ("调整次数", "有时限的承诺"),
}
"""Numerator and denominator of each indicator."""
