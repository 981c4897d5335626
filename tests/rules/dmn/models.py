"""Small models for tests, written as XML by a few functions."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from yinuo.rules.dmn.decide import Answer, Engine
from yinuo.rules.dmn.read import Checked, read_bytes
from yinuo.rules.feel.values import Value

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def literal(text: str) -> str:
    """A literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def given(name: str, type_name: str = "") -> str:
    """An input, its id the name after `i`."""
    kind = f" typeRef={quoteattr(type_name)}" if type_name else ""
    variable = f"<variable name={quoteattr(name)}{kind}/>"
    return f"<inputData id={quoteattr('i' + name)} name={quoteattr(name)}>{variable}</inputData>\n"


def decision(
    name: str,
    expression: str,
    *,
    inputs: Sequence[str] = (),
    decisions: Sequence[str] = (),
    type_name: str = "",
) -> str:
    """A decision, its id the name after `d`."""
    kind = f" typeRef={quoteattr(type_name)}" if type_name else ""
    needs = "".join(
        f"<informationRequirement><{tag} href={quoteattr('#' + letter + each)}/>"
        "</informationRequirement>"
        for tag, letter, names in (
            ("requiredInput", "i", inputs),
            ("requiredDecision", "d", decisions),
        )
        for each in names
    )
    return (
        f"<decision id={quoteattr('d' + name)} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)}{kind}/>{needs}{expression}</decision>\n"
    )


def table(
    rows: Sequence[Sequence[str]],
    *,
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
    policy: str = "UNIQUE",
) -> str:
    """A decision table; each row holds a test an input and an answer an output."""
    head = "".join(
        f"<input><inputExpression typeRef={quoteattr(kind)}><text>{escape(text)}</text>"
        "</inputExpression></input>"
        for text, kind in inputs.items()
    )
    head += "".join(
        f"<output name={quoteattr(name)} typeRef={quoteattr(kind)}/>"
        for name, kind in outputs.items()
    )
    rules = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text>{escape(t)}</text></inputEntry>" for t in row[: len(inputs)])
        + "".join(
            f"<outputEntry><text>{escape(t)}</text></outputEntry>" for t in row[len(inputs) :]
        )
        + "</rule>\n"
        for row in rows
    )
    return f"<decisionTable hitPolicy={quoteattr(policy)}>{head}{rules}</decisionTable>"


def model(*parts: str, namespace: str = DMN) -> bytes:
    """A whole model."""
    head = f"<definitions xmlns={quoteattr(namespace)} name='模型' namespace='urn:test'>\n"
    return (head + "".join(parts) + "</definitions>\n").encode()


def checked(*parts: str) -> Checked:
    """The model, read."""
    return read_bytes(model(*parts), file="m.dmn")


def decide(name: str, facts: Mapping[str, Value], *parts: str) -> Answer:
    """One answer of a model."""
    return Engine(checked(*parts).sound()).decide(name, facts)
