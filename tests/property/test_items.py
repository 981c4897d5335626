"""Whatever an item says: checks answer, and every form of it gives back what it was given."""

import json
from contextlib import suppress
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, get_type_hints

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.cases.desk import item
from yinuo.cases.errors.items import BadDefinition
from yinuo.cases.items import codes
from yinuo.cases.items.checks import check
from yinuo.cases.items.codec import canonical, digest, of_data, to_data
from yinuo.cases.items.comparing import differences, favourable
from yinuo.cases.items.definition import (
    Declaration,
    Fee,
    ItemDefinition,
    ItemGround,
    Material,
    Medium,
    Question,
    Step,
)
from yinuo.cases.items.exchange import check_json, national, national_file
from yinuo.cases.items.lengths import Fit, fit, length
from yinuo.cases.items.workbook import check_workbook, write_workbook

AT = datetime(2024, 3, 1, tzinfo=UTC)
anything = st.text(max_size=30)
"""What may stand in a field that nobody has checked."""
words = st.text(alphabet="甲乙丙丁戊ABC0123，。 -/", max_size=20).map(str.strip)
some = words.filter(bool)
limits = st.builds(
    "{}{}".format, st.integers(1, 400), st.sampled_from(sorted(codes.DAY_UNITS.values()))
)
promises = limits | st.just("即办")
CODED = {
    "kind": codes.KINDS,
    "unit_kind": codes.UNIT_KINDS,
    "power_source": codes.POWER_SOURCES,
    "use_level": codes.USE_LEVELS,
    "handled": codes.HANDLED,
    "reviewed": codes.REVIEWED,
    "result_kind": codes.RESULTS,
    "online_depth": codes.ONLINE_DEPTHS,
    "form": codes.FORMS,
    "source": codes.SOURCES,
}
LIMITS = ("legal_limit", "delivery_limit", "deferral", "limit", "check_within")


def field(name: str, hint: Any, text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    if hint is bool:
        return st.booleans()
    if hint in (int, int | None):
        return st.integers(0, 1_000)
    if name in CODED:
        return st.sampled_from(sorted(CODED[name].values()))
    if name == "promised_limit":
        return promises
    return limits if name in LIMITS else text


def made(kind: type, text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(
        kind, **{one.name: field(one.name, hints[one.name], text) for one in fields(kind)}
    )


PARTS = {"steps": Step, "fees": Fee, "questions": Question, "grounds": ItemGround, "media": Medium}


@st.composite
def definitions(draw: st.DrawFn) -> ItemDefinition:
    """Any item that a file can hold: texts without what a cell or a list cannot keep."""
    hints = get_type_hints(ItemDefinition)
    lists = {"served", "topics", "other_units", "materials", "declaration", *PARTS}
    plain = {
        one.name: draw(field(one.name, hints[one.name], some))
        for one in fields(ItemDefinition)
        if one.name not in lists
    }
    names = st.text(alphabet="甲乙丙ABC", min_size=1, max_size=6)
    materials = draw(st.lists(made(Material, some), max_size=4))
    lines: dict[str, Any] = {
        name: tuple(draw(st.lists(made(kind, some), max_size=3))) for name, kind in PARTS.items()
    }
    return ItemDefinition(
        **{**plain, "code": "SC-1"},
        served=draw(st.sampled_from([("自然人",), ("法人",), ("法人", "自然人")])),
        topics=tuple(draw(st.lists(names, max_size=3))),
        other_units=tuple(draw(st.lists(names, max_size=3))),
        materials=tuple(materials),
        declaration=draw(st.none() | made(Declaration, some)),
        **lines,
    )


@given(definitions())
@settings(max_examples=40)
def test_the_codec_loses_nothing(one: ItemDefinition) -> None:
    assert of_data(to_data(one)) == one
    again = of_data(json.loads(canonical(one)))
    assert again == one
    assert digest(again) == digest(one)


@given(definitions())
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a workbook takes minutes
)
def test_workbook_and_json_lose_nothing(one: ItemDefinition) -> None:
    book = check_workbook(write_workbook([one], made_at=AT), file="a.xlsx")
    assert book.definitions == (one,)
    data = json.dumps(national_file([national(one)])).encode()
    assert check_json(data, file="a.json").definitions == (one,)


@given(st.data())
def test_checks_answer_whatever_stands_in_a_field(data: st.DataObject) -> None:
    texts = [
        one.name for one in fields(ItemDefinition) if isinstance(getattr(item(), one.name), str)
    ]
    chosen = data.draw(st.lists(st.sampled_from(texts), max_size=6, unique=True))
    said: dict[str, Any] = {name: data.draw(anything) for name in chosen}
    odd = replace(item(), **said)
    odd = replace(
        odd,
        materials=tuple(data.draw(st.lists(made(Material, anything), max_size=3))),
        grounds=tuple(data.draw(st.lists(made(ItemGround, anything), max_size=2))),
        steps=tuple(
            Step(name=name, limit=name) for name in data.draw(st.lists(anything, max_size=3))
        ),
        visits=data.draw(st.integers()),
    )
    faults = check(odd)
    assert all(fault.what and fault.next_step for fault in faults)
    assert len(favourable(item(), odd)) <= len(differences(item(), odd))


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_a_strange_file_is_refused_with_a_sentence(data: bytes) -> None:
    with suppress(BadDefinition):
        assert all(found.rule for found in check_json(data, file="a.json").errors)


@given(promises, promises, promises)
def test_shorter_is_transitive_within_one_unit(a: str, b: str, c: str) -> None:
    one, two, three = length(a), length(b), length(c)
    if one.day_type is two.day_type is three.day_type and Fit.WITHIN is fit(one, two):
        assert fit(two, three) is not Fit.WITHIN or fit(one, three) is Fit.WITHIN
    assert (fit(one, two) is Fit.WITHIN) <= (one.ordinary <= two.ordinary)
