"""What a description and an entity are compared by, and how alike they can be.

The statements are here and not in content/linkage: a model brings probabilities, never SQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

FIRM, PERSON = "firm", "person"
SUBJECTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {FIRM: ("firm", "trader"), PERSON: ("person",)}
)
"""Which subjects are compared by which model."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """One degree of likeness, asked in order."""

    id: str
    words: str
    """What a steward reads."""
    sql: str
    common: str = ""
    """A column whose frequent values count less."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One column or a few, and the levels above `different`, the most alike first."""

    id: str
    label: str
    needs: tuple[str, ...]
    """Columns of which one has to be known of both."""
    levels: tuple[Level, ...]
    counts: bool = True
    """Whether agreement here is a reason of its own; a region is shared by too many."""


DIFFERENT = "different"
"""Id of the last level of every comparison."""


def _both(column: str) -> str:
    return f"{column}_l = {column}_r"


def _share(column: str, per_mille: int) -> str:
    """SQL: pairs of characters in common, against the mean of both."""
    left, right = f"{column}_l", f"{column}_r"
    return (
        f"len(list_intersect({left}, {right})) * 2000 >= (len({left}) + len({right})) * {per_mille}"
    )


_PLACE = Comparison(
    id="place",
    label="地址",
    needs=("place",),
    levels=(
        Level(id="same", words="一致", sql=_both("place")),
        Level(
            id="number",
            words="门牌号一致，文字大半相同",
            sql=f"{_both('numbers')} AND numbers_l <> '' AND {_share('place_pairs', 500)}",
        ),
        Level(id="alike", words="文字大半相同", sql=_share("place_pairs", 700)),
    ),
)
_REGION = Comparison(
    id="region",
    label="区划",
    needs=("region",),
    levels=(Level(id="same", words="一致", sql=_both("region")),),
    counts=False,
)
_PHONE = Comparison(
    id="phone",
    label="电话",
    needs=("phone",),
    levels=(Level(id="same", words="一致", sql=_both("phone")),),
)
_ACCOUNT = Comparison(
    id="account",
    label="户号",
    needs=("account",),
    levels=(Level(id="same", words="一致", sql=_both("account")),),
)
_WRITTEN = Comparison(
    id="written",
    label="所写代码",
    needs=("written",),
    levels=(
        Level(
            id="inner",
            words="主体标识码一致，其余写错",
            sql=f"{_both('inner_code')} AND length(inner_code_l) = 9",
        ),
        Level(
            id="near",
            words="只差一两位",
            sql="damerau_levenshtein(written_l, written_r) <= 2",
        ),
    ),
)
COMPARISONS: Mapping[str, tuple[Comparison, ...]] = MappingProxyType(
    {
        FIRM: (
            Comparison(
                id="name",
                label="名称",
                needs=("entire",),
                levels=(
                    Level(id="entire", words="全称一致", sql=_both("entire"), common="entire"),
                    Level(
                        id="core_trade",
                        words="字号和行业一致",
                        sql=f"{_both('core')} AND {_both('trade')}",
                        common="core",
                    ),
                    Level(id="core", words="字号一致", sql=_both("core"), common="core"),
                    Level(
                        id="sound",
                        words="字号同音",
                        sql=f"{_both('pinyin')} AND length(pinyin_l) >= 4",
                        common="pinyin",
                    ),
                    Level(
                        id="near_sound",
                        words="字号音近",
                        sql="jaro_winkler_similarity(pinyin_l, pinyin_r) >= 0.92",
                    ),
                    Level(id="alike", words="文字大半相同", sql=_share("pairs", 600)),
                ),
            ),
            _REGION,
            _PLACE,
            Comparison(
                id="representative",
                label="法定代表人",
                needs=("representative", "document"),
                levels=(
                    Level(
                        id="document",
                        words="证件号码一致",
                        sql=_both("document"),
                        common="document",
                    ),
                    Level(
                        id="same",
                        words="姓名一致",
                        sql=_both("representative"),
                        common="representative",
                    ),
                    Level(id="sound", words="姓名同音", sql=_both("representative_pinyin")),
                ),
            ),
            _PHONE,
            _ACCOUNT,
            _WRITTEN,
        ),
        PERSON: (
            Comparison(
                id="name",
                label="姓名",
                needs=("entire",),
                levels=(
                    Level(id="entire", words="一致", sql=_both("entire"), common="entire"),
                    Level(id="sound", words="同音", sql=_both("pinyin")),
                ),
            ),
            _REGION,
            _PLACE,
            _PHONE,
            _ACCOUNT,
            _WRITTEN,
        ),
    }
)
BLOCKS: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        FIRM: (
            ("entire",),
            ("core", "trade"),
            ("core", "representative"),
            ("pinyin", "trade"),
            ("representative", "numbers"),
            ("place", "trade"),
            ("inner_code",),
            ("document", "trade"),
            ("phone",),
            ("account",),
        ),
        PERSON: (
            ("entire", "numbers"),
            ("entire", "phone"),
            ("entire", "inner_code"),
            ("pinyin", "place"),
            ("place", "phone"),
            ("account",),
        ),
    }
)
"""Only those that agree in all columns of one of these are compared."""
