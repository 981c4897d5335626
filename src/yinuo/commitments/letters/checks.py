"""What a letter must hold: lengths, required items and the rules between items. Pure.

The rules are those of the national form (信用承诺书 template of twenty items).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yinuo.commitments.letters.fields import BY_ATTRIBUTE, FIELDS
from yinuo.commitments.letters.letter import Fulfilment, Letter, LetterType, PromisorKind
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.regions import Regions
from yinuo.kernel.resident_id import resident_id
from yinuo.kernel.uscc import credit_code

_CODE = re.compile(r"[0-9]{20}")


@dataclass(frozen=True, slots=True)
class LetterFault:
    """One rule that a letter breaks."""

    attribute: str
    rule: str
    next_step: str
    only_for_exchange: bool = False
    """Whether the letter may stand as it is and only cannot be handed on to other systems yet."""

    @property
    def name(self) -> str:
        """The item, as the form calls it."""
        return BY_ATTRIBUTE[self.attribute].name

    @property
    def words(self) -> str:
        """The whole, in a sentence."""
        field = BY_ATTRIBUTE[self.attribute]
        return f"第 {field.number} 项“{field.name}”：{self.rule}"


def faults(letter: Letter, regions: Regions) -> tuple[LetterFault, ...]:
    """Every rule that a letter breaks, in the order of the form."""
    found = [fault for rule in _RULES for fault in rule(letter)]
    found += _code(letter, regions)
    return tuple(sorted(found, key=lambda fault: BY_ATTRIBUTE[fault.attribute].number))


def _filled(letter: Letter) -> Iterator[LetterFault]:
    for field in FIELDS:
        value = getattr(letter, field.attribute)
        if field.required and not value:
            later = field.attribute in ("fulfilment", "accepting_code")
            yield LetterFault(field.attribute, "必填", f"填写“{field.name}”", later)
        elif field.longest is not None and len(value) > field.longest:
            yield LetterFault(
                field.attribute,
                f"有 {len(value):,} 个字符，最多 {field.longest:,} 个",
                "缩短后再提交",
            )


def _code(letter: Letter, regions: Regions) -> Iterator[LetterFault]:
    code = letter.code
    if not _CODE.fullmatch(code):
        yield LetterFault("code", "应为 20 位数字", "6 位行政区划代码、8 位日期、6 位流水号")
        return
    wrong = regions.fault(code[:6], letter.made_date)
    if wrong:
        yield LetterFault("code", wrong, "改为承诺作出当日承诺受理所在地的代码")
    if code[6:14] != f"{letter.made_date:%Y%m%d}":
        yield LetterFault(
            "code",
            f"第 7–14 位 {code[6:14]} 与承诺作出日期 {letter.made_date} 不一致",
            "核对日期，或重新编号",
        )
    if code[14:] == "000000":
        yield LetterFault("code", "流水号从 000001 起", "重新编号")


def _promisor(letter: Letter) -> Iterator[LetterFault]:
    person = letter.promisor_kind is PromisorKind.PERSON
    check: Callable[[str], str] = resident_id if person else credit_code
    yield from _by_digits("promisor_code", letter.promisor_code, check)


def _units(letter: Letter) -> Iterator[LetterFault]:
    for attribute in ("finder_code", "accepting_code"):
        yield from _by_digits(attribute, getattr(letter, attribute), credit_code)


def _by_digits(attribute: str, code: str, check: Callable[[str], str]) -> Iterator[LetterFault]:
    if not code:
        return
    try:
        if check(code) != code:
            yield LetterFault(attribute, "不是规范的写法", "写成 18 位半角字符，字母大写")
    except YinuoError as error:
        yield LetterFault(attribute, error.what, error.next_step)


def _type(letter: Letter) -> Iterator[LetterFault]:
    other = letter.type is LetterType.OTHER
    if other and not letter.type_said.strip():
        yield LetterFault("type", "类型为“其他”的，要写明是什么", "写成：其他-具体类型")
    if not other and letter.type_said:
        yield LetterFault("type", "只有“其他”另写类型", "删去多写的文字，或改选“其他”")


def _dates(letter: Letter) -> Iterator[LetterFault]:
    made = letter.made_date
    if letter.valid_until is not None and letter.valid_until < made:
        yield LetterFault("valid_until", f"早于承诺作出日期 {made}", "核对两个日期")
    if letter.found_date is not None and letter.found_date < made:
        yield LetterFault("found_date", f"早于承诺作出日期 {made}", "核对两个日期")


def _outcome(letter: Letter) -> Iterator[LetterFault]:
    """Items 12 and 13 exactly when item 11 is not 全部履行; 14 to 16 only once it was found."""
    failed = letter.fulfilment in (Fulfilment.IN_PART, Fulfilment.NOT_AT_ALL)
    for attribute in ("unmet", "pursued"):
        said = bool(getattr(letter, attribute))
        if failed and not said:
            yield LetterFault(attribute, f"{letter.fulfilment}的，必填", "写明是什么")
        if said and not failed:
            yield LetterFault(attribute, "只有没有全部履行的才填", "删去，或改正履行状态")
    if letter.fulfilment is None:
        for attribute in ("found_date", "finder", "finder_code"):
            if getattr(letter, attribute):
                yield LetterFault(attribute, "还没有认定履行状态", "先填写承诺履行状态")
    if letter.finder_code and not letter.finder:
        yield LetterFault("finder", "有代码，没有名称", "填写认定单位")


_RULES: tuple[Callable[[Letter], Iterator[LetterFault]], ...] = (
    _filled,
    _promisor,
    _type,
    _dates,
    _outcome,
    _units,
)
