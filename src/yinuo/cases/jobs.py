"""What cases and problems do every day by themselves: deemed acceptance, new dates, warnings."""

from yinuo.notices.hours import Daily
from yinuo.notices.registry import JobKind, Later, register

CHORES = "yinuo.cases.chores"
MIDNIGHT = Daily(10)
"""Ten past: the fifth working day is over."""
NIGHT = Daily(5 * 60 + 10)
"""Before the warnings, which go by the dates."""
MORNING = Daily(7 * 60 + 40)
"""Before the digest of the day, which takes the warnings along."""
DONE = (
    ("cases.deem", "逾期未告知的办件视为受理", "deem", MIDNIGHT),
    ("cases.recount", "按现行工作日安排重算在办件期限", "recount_dates", NIGHT),
    ("cases.warn", "提醒办件时限用到几成", "warn", MORNING),
    ("cases.lots", "抽取要核查的告知承诺", "draw", MIDNIGHT),
    ("cases.gaps", "提醒容缺补交和核查", "remind_of_gaps", MORNING),
    ("cases.silence", "限期内无异议的联办分支", "silence", MIDNIGHT),
    (
        "cases.problems",
        "问题：无人认领、到期、上联席会议、无回应终结",
        "problems",
        MORNING,
    ),
    ("cases.ratings", "提醒差评整改", "remind_of_ratings", MORNING),
)
"""Name, words, function of the chores, and when."""

for name, label, chore, every in DONE:
    register(JobKind(name=name, label=label, run=Later(CHORES, chore), every=every))
