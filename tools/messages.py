"""Brings the catalogues of translations into line with the words of the pages.

    .venv/bin/python -m tools.messages

New words are added without a translation, words that no page says any more are dropped, and what
is translated stays. Then it compiles. docs/how-to/translate.md says what to do next.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.template import Context, Template, engines
from django.template.backends.django import DjangoTemplates
from django.template.base import Node
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from hatch_build import catalogues, compile_catalogues
from yinuo.project.main import cli as _cli  # noqa: F401  # sets Django up before any model

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "yinuo"
TEMPLATES = SOURCE / "web" / "templates"
WORDS = re.compile(r"[\u4e00-\u9fff℃]")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy", "spoken"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
IN_FILTER = re.compile(r"""_\("([^"]+)"\)|_\('([^']+)'\)""")


@dataclass(frozen=True)
class Table:
    """Words that pure or recorded code holds, and pages translate where they use them."""

    module: str
    """File below src/yinuo."""
    name: str
    """A module-level name, or a class of choices as `Class.Inner`."""
    context: str
    figure: bool = False
    """Whether the words are units, said with a number."""


TABLES = (
    Table("benefits/life.py", "AWARD_LABELS", "award"),
    Table("cases/stories/cases.py", "LABELS", "case step"),
    Table("cases/construction/codes.py", "FLOW_KINDS", "building"),
    Table("cases/deferrals/life.py", "DEFERRAL_LABELS", "deferral"),
    Table("cases/deferrals/life.py", "CONSEQUENCE_LABELS", "deferral"),
    Table("cases/deferrals/life.py", "DECLARATION_LABELS", "declaration"),
    Table("cases/items/codes.py", "KINDS", "item kind"),
    Table("cases/items/codes.py", "PERSON", "served"),
    Table("cases/items/codes.py", "LEGAL_PERSON", "served"),
    Table("cases/items/codes.py", "FORMS", "document form"),
    Table("cases/life.py", "STATUS_LABELS", "case state"),
    Table("cases/life.py", "DECISION_LABELS", "decision"),
    Table("cases/life.py", "MATERIAL_LABELS", "document state"),
    Table("cases/problems/life.py", "STATUS_LABELS", "problem state"),
    Table("cases/problems/life.py", "VERB_LABELS", "problem step"),
    Table("cases/problems/rating.py", "LEVELS", "rating"),
    Table("cases/problems/rating.py", "CONTACTS", "contact"),
    Table("cases/queries/building.py", "STAGE_STATES", "building"),
    Table("cases/shown/utilities.py", "UTILITY_STATES", "building"),
    Table("cases/stories/buildings.py", "VERBS", "building"),
    Table("cases/stories/buildings.py", "WHO", "building"),
    Table("commitments/letters/letter.py", "Fulfilment", "letter"),
    Table("commitments/letters/letter.py", "LetterType", "letter type"),
    Table("commitments/life.py", "STATUS_LABELS", "state"),
    Table("commitments/life.py", "OUTCOME_LABELS", "state"),
    Table("commitments/life.py", "VISIBILITY_LABELS", "visibility"),
    Table("commitments/life.py", "CHANGE_LABELS", "change"),
    Table("commitments/words.py", "VERBS", "step"),
    Table("commitments/words.py", "COLUMNS", "column"),
    Table("commitments/words.py", "ORIGINS", "origin"),
    Table("commitments/figures.py", "UNITS", "figure", figure=True),
    Table("commitments/lights/words.py", "COLOUR_LABELS", "light"),
    Table("commitments/lights/words.py", "WORDS", "light"),
    Table("commitments/lights/words.py", "PLAIN", "light"),
    Table("commitments/queries/listing.py", "STATES", "state"),
    Table("commitments/models/change.py", "Change.Status", "change"),
    Table("commitments/registry.py", "PROMISORS", "promisor"),
    Table("credit/models/consent.py", "HOWS", "consent"),
    Table("credit/models/deferred_payment.py", "STATE_LABELS", "payment"),
    Table("credit/regimes/objection.py", "Objection", "credit case"),
    Table("credit/regimes/repair.py", "Repair", "credit case"),
    Table("credit/report/document.py", "SCOPES", "report scope"),
    Table("credit/report/sections.py", "SECTIONS", "report section"),
    Table("credit/report/sections.py", "ADVICE", "report section"),
    Table("goals/register/story.py", "COLUMNS", "project column"),
    Table("goals/register/story.py", "VERBS", "project step"),
    Table("goals/register/words.py", "OTHER_STATES", "project state"),
    Table("goals/projects/stages.py", "STAGE_LABELS", "project stage"),
    Table("goals/projects/stages.py", "STATE_LABELS", "project state"),
    Table("kernel/media/formats.py", "FORMATS", "format"),
    Table("kernel/media/formats.py", "IN_WORDS", "format"),
    Table("ledger/models.py", "Erasure.Ground", "ground"),
    Table("ledger/models.py", "Recovery.Kind", "recovery"),
    Table("parties/models.py", "Duty.Role", "role"),
    Table("supervision/race/words.py", "WORDS", "race"),
    Table("supervision/race/words.py", "MEANINGS", "race"),
    Table("supervision/race/words.py", "BEHIND_WORDS", "race"),
    Table("web/bars.py", "PARTS", "state"),
    Table("web/views/letters.py", "UNJUDGED", "letter"),
    Table("web/views/downloads.py", "COMMITMENTS", "column"),
    Table("web/views/downloads.py", "OBSERVATIONS", "column"),
    Table("web/views/moved.py", "COLUMNS", "column"),
)
KINDS, REGISTRY = "kind", "yinuo.commitments.registry"
"""Context of the words for kinds of commitment, and what every `kinds.py` that holds some needs."""


@dataclass(frozen=True)
class Message:
    """One entry of a catalogue."""

    id: str
    plural: str = ""
    context: str | None = None

    @property
    def key(self) -> str | tuple[str, str]:
        """As babel names it."""
        return (self.id, self.plural) if self.plural else self.id


Found = Iterator[tuple[Message, str]]
"""Messages, each with the file it was found in."""


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _called(path: Path) -> Found:
    """What a Python file gives to gettext as it stands."""
    with path.open("rb") as file:
        for _line, found, _comments, context in extract("python", file, keywords=KEYWORDS):
            one, plural = (found, "") if isinstance(found, str) else (found[0], found[1])
            yield Message(one, plural, context), _place(path)


def _named(tree: ast.AST, name: str) -> ast.AST:
    """The class, or the value of the assignment, with that dotted name."""
    for part in name.split("."):
        tree = next(
            node.value if isinstance(node, ast.Assign | ast.AnnAssign) and node.value else node
            for node in ast.walk(tree)
            if part in _binds(node)
        )
    return tree


def _binds(node: ast.AST) -> list[str]:
    match node:
        case ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _words(tree: ast.AST) -> Iterator[str]:
    """Every text below a node that has words in it and is no docstring."""
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str() as text) if id(node) not in notes and WORDS.search(text):
                yield text


def _tabled() -> Found:
    for table in TABLES:
        path = SOURCE / table.module
        for word in _words(_named(ast.parse(path.read_text(encoding="utf-8")), table.name)):
            said = f"%(number)s {word}" if table.figure else word
            yield Message(said, said if table.figure else "", table.context), _place(path)
    for path in sorted(SOURCE.glob("*/kinds.py")):
        text = path.read_text(encoding="utf-8")
        if REGISTRY in text:
            yield from (
                (Message(word, "", KINDS), _place(path)) for word in _words(ast.parse(text))
            )


def _in_template(path: Path) -> Found:
    """What a template translates, read as Django itself reads it."""
    text = path.read_text(encoding="utf-8")
    engine = engines["django"]
    assert isinstance(engine, DjangoTemplates)  # noqa: S101  # settings name no other
    template = Template(text, engine=engine.engine)
    for node in _nodes(template.nodelist):
        if isinstance(node, TranslateNode):
            said = node.filter_expression.var.literal
            context = node.message_context.resolve(Context()) if node.message_context else None
            if said is not None:
                yield Message(str(said), "", context), _place(path)
        elif isinstance(node, BlockTranslateNode):
            one, _names = node.render_token_list(node.singular)
            many = node.render_token_list(node.plural)[0] if node.plural else ""
            if node.trimmed:
                one, many = one.strip(), many.strip()
            context = node.message_context.resolve(Context()) if node.message_context else None
            yield Message(one, many, context), _place(path)
    for match in IN_FILTER.finditer(text):
        yield Message(match[1] or match[2]), _place(path)


def _nodes(nodes: object) -> Iterator[Node]:
    for node in nodes:  # type: ignore[attr-defined]  # a NodeList, untyped in part
        yield node
        for name in node.child_nodelists:
            yield from _nodes(getattr(node, name, None) or ())


def templates() -> list[Path]:
    """Every template of the site, in order of its path."""
    return sorted(TEMPLATES.rglob("*.html"))


def messages() -> dict[Message, list[str]]:
    """Every message that pages can say, with the files that say it."""
    found: dict[Message, list[str]] = {}
    sources = [_tabled()]
    sources += [_called(path) for path in sorted(SOURCE.rglob("*.py"))]
    sources += [_in_template(path) for path in templates()]
    for source in sources:
        for message, place in source:
            places = found.setdefault(message, [])
            if place not in places:
                places.append(place)
    return found


def read(path: Path) -> Catalog:
    """A catalogue as it stands."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def update(path: Path) -> tuple[int, int]:
    """Bring one catalogue into line; how many messages are new, and how many still lack words."""
    old, wanted = read(path), messages()
    new = Catalog(
        locale=old.locale,
        project="Yinuo",
        version="1",
        header_comment=old.header_comment,
        creation_date=old.creation_date,
        revision_date=old.revision_date,
        last_translator="The Yinuo authors",
        language_team="The Yinuo authors",
        msgid_bugs_address="see CONTRIBUTING.md",
        fuzzy=False,
    )
    fresh = 0
    for message, places in sorted(wanted.items(), key=lambda item: (item[1][0], item[0].id)):
        kept = old.get(message.key, message.context)
        fresh += kept is None
        new.add(
            message.key,
            kept.string if kept else None,
            locations=[(place, 0) for place in places],
            user_comments=kept.user_comments if kept else (),
            context=message.context,
        )
    with path.open("wb") as file:
        write_po(file, new, width=100, omit_header=False, include_lineno=False)
    return fresh, sum(not translated(entry.string) for entry in new if entry.id)


def translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    """Whether every form of a translation has words."""
    return bool(string) if isinstance(string, str) else all(string or ("",))


def main() -> None:
    """Bring every catalogue into line, then compile."""
    for path in catalogues(ROOT):
        fresh, missing = update(path)
        print(f"{_place(path)}: {fresh} new, {missing} without a translation")
    compile_catalogues(ROOT)


if __name__ == "__main__":
    main()
