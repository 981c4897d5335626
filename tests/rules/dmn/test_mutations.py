"""Models bent at random: a finding or a note each time, never a stack trace."""

from contextlib import suppress
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yinuo.kernel.findings import Log
from yinuo.rules.dmn.decide import Engine
from yinuo.rules.dmn.exchange.inward import rulebook_of
from yinuo.rules.dmn.given import plain
from yinuo.rules.dmn.model import InputData
from yinuo.rules.dmn.read import read_bytes
from yinuo.rules.dmn.reading import look_at_texts
from yinuo.rules.dmn.write import NotInEdition, write_model
from yinuo.rules.feel.values import Value
from yinuo.rules.feel.writing import text_of

MODELS = sorted((Path(__file__).parents[2] / "golden" / "dmn").rglob("*.dmn"))
TEXTS = [
    *(
        "",
        "-",
        "null",
        "1 +",
        "not(",
        "> 5",
        "[1..",
        "甲",
        "if",
        '"',
        "? = ?",
        "a.b.c",
        "-5",
        "true",
    ),
    *('date("x")', '@"P1D"', "9" * 50, "1e400", "function(x) x", "{a: 1}", "[1, 2]", "x" * 300),
]
FACTS: list[Value] = [None, "甲", True, ["甲", None], {"a": "甲"}]


def bend(root: ET.Element, random: Random) -> None:
    """Remove, double, rename or rewrite one element."""
    elements = list(root.iter())
    element = random.choice(elements)
    parents = {child: parent for parent in elements for child in parent}
    kind = random.randrange(6)
    if kind == 0 and element in parents:
        parents[element].remove(element)
    elif kind == 1 and element in parents:
        parents[element].append(element)
    elif kind == 2 and element.attrib:  # a kind of change
        del element.attrib[random.choice(sorted(element.attrib))]
    elif kind == 3 and element.attrib:
        element.attrib[random.choice(sorted(element.attrib))] = random.choice(TEXTS)
    elif kind == 4:
        element.text = random.choice(TEXTS)
    else:
        element.tag = random.choice(elements).tag


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(MODELS), st.randoms(use_true_random=False))
def test_a_bent_model_is_refused_or_decides(path: Path, random: Random) -> None:
    root = ET.fromstring(path.read_bytes())  # noqa: S314  # our own files
    for _ in range(random.randrange(1, 4)):
        bend(root, random)
    found = read_bytes(ET.tostring(root), file="m.dmn", folder=path.parent)
    if found.models is None:
        assert found.errors
        assert all(each.next_step for each in found.errors)
        return
    look_at_texts(found.models, Log("m.dmn"))
    engine = Engine(found.models)
    facts = {each.name: random.choice(FACTS) for each in found.models.main.inputs}
    for node in found.models.main.nodes():
        if isinstance(node, InputData):
            continue
        answer = engine.decide(node.name, facts)
        assert text_of(answer.value) or answer.value == ""
        plain(answer.value)
    log = Log("m.dmn")
    assert rulebook_of(found.models, log) is not None or log.errors
    with suppress(NotInEdition):
        assert write_model(found.models.main)
