"""The commands of `yinuo rules` that speak DMN: one case decided, the public test suite run."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.findings import Log
from yinuo.kernel.instants import SHANGHAI
from yinuo.project.cli.findings import print_json, show_findings
from yinuo.project.cli.given import DayUnreadable
from yinuo.project.cli.progress import LateProgress
from yinuo.project.cli.rules_words import checked_data, say_checked
from yinuo.rules.dmn.decide import Answer, Engine
from yinuo.rules.dmn.exchange.inward import rulebook_of, tables_of
from yinuo.rules.dmn.exchange.outward import model_of
from yinuo.rules.dmn.findings import Situation, spot_at
from yinuo.rules.dmn.given import plain, read_given
from yinuo.rules.dmn.read import Checked, is_xml, read, read_bytes
from yinuo.rules.dmn.reading import look_at_texts
from yinuo.rules.dmn.tck import Result, Tally, results_csv, results_properties, run_folder, tally
from yinuo.rules.dmn.write import write_model
from yinuo.rules.expression import AS_OF
from yinuo.rules.facts import FactsRefused
from yinuo.rules.feel.values import NANOS, Date, DateTime, Time, Zone
from yinuo.rules.feel.writing import text_of
from yinuo.rules.reading import Misread, read_day
from yinuo.rules.screen import NoTableValid
from yinuo.rules.sql.kit import SetEngine
from yinuo.rules.table import Rulebook, Table
from yinuo.rules.verify import verify
from yinuo.rules.workbook.layout import MAX_RULES
from yinuo.rules.workbook.read import Checked as WorkbookChecked
from yinuo.rules.workbook.read import check, check_bytes
from yinuo.rules.workbook.write import write_workbook
from yinuo.web.clock import now, today

STDIN = "标准输入.dmn"
HEAD = 4096
MOST_FAILURES = 30
MOST_REMARKS = 10
COMMENT = "Python, exact decimals; no code of other engines"


class NoCases(YinuoError):
    """A folder without a single file of test cases."""

    code = "RULES-E113"

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} 里没有 TCK 测试文件（*.xml，根元素 testCases）",
            place="DIR",
            next_step="取 github.com/dmn-tck/tck，指向其中的 TestCases",
        )


class NeedsWorkbook(YinuoError):
    """A DMN model where only workbooks of tables will do."""

    code = "RULES-E116"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} 是 DMN 模型，这个命令只用规则表",
            place="FILE",
            next_step=f"先运行 yinuo rules convert {path} {Path(path).stem}.xlsx",
        )


def refuse_models(paths: Sequence[str]) -> None:
    """Raise `NeedsWorkbook` if one of the files is a model."""
    for path in paths:
        if _is_model(path):
            raise NeedsWorkbook(path)


# ── decide ───────────────────────────────────────────────────────────────────────────────────────


def model_in(paths: Sequence[str]) -> Checked | None:
    """The DMN model that is given, None if workbooks are; by content, not by the file's name."""
    if not any(map(_is_model, paths)):
        return None
    if len(paths) > 1:
        raise click.UsageError("DMN 模型一次只能判定一个；它导入的模型放在同一个文件夹即可")
    path = paths[0]
    if path == "-":
        return read_bytes(sys.stdin.buffer.read(), file=STDIN)
    return read(Path(path))


def _is_model(path: str) -> bool:
    """Whether a file is a model: XML that says so, or that is named so; not a page of the web."""
    head = _head(path)
    named = Path(path).suffix.lower() in (".dmn", ".xml")
    return is_xml(head) and (named or b"definitions" in head.replace(b"\0", b""))


def _head(path: str) -> bytes:
    """The first bytes of a file or of standard input, which is left as it was."""
    if path == "-":
        stream: Any = sys.stdin.buffer
        if hasattr(stream, "peek"):
            return bytes(stream.peek(HEAD)[:HEAD])
        at = stream.tell()
        head = stream.read(HEAD)
        stream.seek(at)
        return bytes(head)
    try:
        with Path(path).open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""  # whoever reads the whole file says why it cannot be read


def decide_model(
    checked: Checked,
    given: Mapping[str, object],
    *,
    wanted: str,
    on: date | None,
    as_json: bool,
) -> None:
    """Decide one case by a model and say what came out; exit code 3 if it is null."""
    if checked.models is None and not as_json:
        show_findings("错误", checked.errors)
    models = checked.sound()
    if not as_json:
        show_findings("提示", checked.notices)
    engine = Engine(models)
    if AS_OF in {each.name for each in models.main.inputs}:
        # Models made from tables ask for the day of the question like for any other input.
        given = {AS_OF: (on or today()).isoformat(), **given}
    try:
        facts = read_given(given, models)
    except FactsRefused as refused:
        show_findings("错误", refused.findings)
        raise
    names = [wanted] if wanted else [each.name for each in engine.decisions]
    answers = [engine.decide(name, facts, at=_moment(on)) for name in names]
    if as_json:
        print_json(
            {
                "model": models.main.name,
                "sha256": models.sha256,
                "decisions": [_answer_data(answer) for answer in answers],
                "notices": [found.as_dict() for found in checked.notices],
            }
        )
    else:
        for answer in answers:
            _say_answer(answer)
    if any(answer.value is None for answer in answers):
        sys.exit(3)


def _moment(on: date | None) -> DateTime:
    """What `now()` says: the beginning of the day asked for, or this moment in China."""
    present = now().astimezone(SHANGHAI)
    day = on or present.date()
    clock = present.timetz()
    seconds = 0 if on else (clock.hour * 60 + clock.minute) * 60 + clock.second
    time = Time(seconds * NANOS, Zone(region="Asia/Shanghai"))
    return DateTime(Date(day.year, day.month, day.day), time)


def _say_answer(answer: Answer) -> None:
    click.echo(click.style(f"{answer.name}：{text_of(answer.value)}", bold=True))
    for fired in answer.fired:
        for number, rule in fired.rules:
            notes = "；".join(note for note in (*rule.annotations, rule.description) if note)
            words = f"（{notes}）" if notes else ""
            click.echo(f"  {fired.element}（{fired.policy}）：第 {number} 条规则{words}")
    for remark in answer.remarks[:MOST_REMARKS]:
        click.echo(f"  说明  {remark}")
    if len(answer.remarks) > MOST_REMARKS:
        click.echo(f"  另有 {len(answer.remarks) - MOST_REMARKS:,} 条说明；加 --json 可得到全部")


def _answer_data(answer: Answer) -> dict[str, object]:
    return {
        "decision": answer.name,
        "value": plain(answer.value),
        "fired": [
            {
                "element": fired.element,
                "policy": fired.policy,
                "rules": [
                    {
                        "number": number,
                        "id": rule.id,
                        "notes": list(rule.annotations),
                        "description": rule.description,
                    }
                    for number, rule in fired.rules
                ],
            }
            for fired in answer.fired
        ],
        "notes": [
            {"element": remark.element, "where": remark.where, "what": remark.what}
            for remark in answer.remarks
        ],
    }


# ── check ────────────────────────────────────────────────────────────────────────────────────────


def check_model(checked: Checked, *, as_json: bool) -> None:
    """Say what is wrong with a model, and look for gaps and overlaps in its tables.

    Exit code 1 on errors, on overlaps that contradict, and on rules that are never used.
    """
    tables: list[Table] = []
    without: list[str] = []
    notices = list(checked.notices)
    if checked.models is not None:
        log = Log(checked.models.main.file)
        look_at_texts(checked.models, log)
        notices += log.notices
        found_tables, without = tables_of(checked.models)
        tables = [table for table in found_tables if len(table.rules) <= MAX_RULES]
        without += [table.name for table in found_tables if len(table.rules) > MAX_RULES]
    verified = [verify(table) for table in tables]
    book = Rulebook(tables=tuple(tables)) if checked.models is not None else None
    found = WorkbookChecked(book, checked.errors, tuple(notices))
    if as_json:
        print_json({**checked_data(found, verified), "not_verified": without})
    else:
        show_findings("提示", found.notices)
        show_findings("错误", found.errors)
        say_checked(found, verified)
        for name in without:
            click.echo(f"“{name}”里有规则表没有的写法，或规则过多，没有查遗漏和重叠")
    if book is None or not all(each.is_sound for each in verified):
        sys.exit(1)


# ── the kit ──────────────────────────────────────────────────────────────────────────────────────


@click.command("tck")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="把结果文件写到哪个文件夹。"
)
@click.option("--sets", is_flag=True, help="每一例作为一行，由 DuckDB 按模型写成的 SQL 判定。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def tck_command(*, folder: Path, out: Path | None, sets: bool, as_json: bool) -> None:
    """运行 DIR 里的 DMN TCK 测试，按模型、按级别报出通过、不符、拒绝各多少。

    有一例没有通过，退出码为 1。--out 写出 TCK 网站收的 tck_results.csv 和 tck_results.properties。

    \b
    Example: yinuo rules tck tck/TestCases --out results
    """
    with LateProgress() as progress:
        results = run_folder(folder, progress, SetEngine if sets else Engine)
    if not results:
        raise NoCases(folder)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "tck_results.csv").write_text(results_csv(results), encoding="utf-8")
        properties = results_properties(version=version("yinuo"), comment=COMMENT, on=today())
        (out / "tck_results.properties").write_text(properties, encoding="utf-8")
    if as_json:
        print_json(_results_data(results))
    else:
        _say_results(results, out)
    if not all(each.passed for each in results):
        sys.exit(1)


def _say_results(results: Sequence[Result], out: Path | None) -> None:
    failures = [each for each in results if not each.passed]
    for each in failures[:MOST_FAILURES]:
        word = "拒绝" if each.refused else "不符"
        click.echo(
            click.style(f"{word}  {each.folder} {each.test} {each.case}", fg="red"), err=True
        )
        click.echo(f"  {each.message}", err=True)
    if len(failures) > MOST_FAILURES:
        rest = len(failures) - MOST_FAILURES
        click.echo(f"另有 {rest:,} 例没有列出；加 --json 或 --out 可得到全部", err=True)
    for name, listed in _grouped(results, by_level=False).items():
        click.echo(f"{name}  {_counted(tally(listed))}")
    for level, listed in _grouped(results, by_level=True).items():
        counted = tally(listed)
        title = f"级别 {level}" if level else "未分级"
        click.echo(click.style(f"{title}：{_counted(counted)}", bold=True))
        others, passed = counted.cases - counted.null_cases, counted.passed - counted.null_passed
        share = counted.null_cases / counted.cases
        click.echo(
            f"  应得 null 的 {counted.null_cases:,} 例（{share:.1%}），"
            f"通过 {counted.null_passed:,}；其余 {others:,} 例，通过 {passed:,}"
        )
    if out is not None:
        click.echo(f"结果写在 {out / 'tck_results.csv'} 和 tck_results.properties")


def _counted(found: Tally) -> str:
    return (
        f"{found.cases:,} 例，通过 {found.passed:,}，不符 {found.failed:,}，拒绝 {found.refused:,}"
    )


def _grouped(results: Sequence[Result], *, by_level: bool) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = {}
    for each in results:
        found.setdefault(each.level if by_level else each.folder, []).append(each)
    return found


def _results_data(results: Sequence[Result]) -> dict[str, object]:
    return {
        "total": _tally_data(tally(results)),
        "levels": {
            level: _tally_data(tally(listed))
            for level, listed in _grouped(results, by_level=True).items()
        },
        "models": {
            name: _tally_data(tally(listed))
            for name, listed in _grouped(results, by_level=False).items()
        },
        "not_passed": [
            {
                "model": each.folder,
                "test": each.test,
                "case": each.case,
                "refused": each.refused,
                "message": each.message,
            }
            for each in results
            if not each.passed
        ],
    }


def _tally_data(found: Tally) -> dict[str, int]:
    return {
        "cases": found.cases,
        "passed": found.passed,
        "failed": found.failed,
        "refused": found.refused,
        "expecting_null": found.null_cases,
        "expecting_null_passed": found.null_passed,
    }


# ── convert ──────────────────────────────────────────────────────────────────────────────────────


class NotConverted(YinuoError):
    """A file that cannot be written in the other form; `findings` holds every reason."""

    code = "RULES-E114"

    def __init__(self, source: str, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        super().__init__(
            f"{source} 没有转换：{len(self.findings):,} 处没有位置或不能用，第一处：{first.rule}",
            place=first.place,
            next_step=first.next_step,
        )


class TargetExists(YinuoError):
    """A target that is there already."""

    code = "RULES-E115"

    def __init__(self, target: Path) -> None:
        super().__init__(
            f"{target} 已经存在", place="TARGET", next_step="换一个文件名，或加 --force 覆盖"
        )


@click.command("convert")
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--on", "day", help="只转这一天有效的表，如 2026-03-01；默认全部转。")
@click.option("--force", is_flag=True, help="目标已存在时覆盖。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def convert_command(
    *, source: Path, target: Path, day: str | None, force: bool, as_json: bool
) -> None:
    """把规则表 .xlsx 转成 DMN 1.3 模型，或把 DMN 模型里的决策表转成规则表。

    方向由 SOURCE 的内容决定。另一种格式里没有位置的内容逐条说明；有一处转不了，就不写文件。

    \b
    Example: yinuo rules convert lights.xlsx lights.dmn
    """
    is_model = _is_model(str(source))
    suffixes = (".xlsx",) if is_model else (".dmn", ".xml")
    if target.suffix.lower() not in suffixes:
        raise click.UsageError(f"TARGET 应以 {' 或 '.join(suffixes)} 结尾")
    if target.exists() and not force:
        raise TargetExists(target)
    made = _workbook_of(source, target) if is_model else _model_of(source, _on(day))
    if not as_json:
        show_findings("提示", made.notices)
    if made.data is None:
        if as_json:
            print_json(_made_data(made, target))
        else:
            show_findings("错误", made.errors)
        raise NotConverted(source.name, made.errors)
    target.write_bytes(made.data)
    if as_json:
        print_json(_made_data(made, target))
    else:
        click.echo(f"已写出 {target}：{made.tables:,} 张表，{made.rules:,} 条规则")


@dataclass(frozen=True, slots=True)
class _Made:
    """What a conversion made."""

    data: bytes | None
    errors: Sequence[Finding]
    notices: Sequence[Finding]
    tables: int = 0
    rules: int = 0


def _made_data(made: _Made, target: Path) -> dict[str, object]:
    return {
        "written": str(target) if made.data is not None else None,
        "tables": made.tables,
        "rules": made.rules,
        "errors": [found.as_dict() for found in made.errors],
        "notices": [found.as_dict() for found in made.notices],
    }


def _on(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return read_day(text)
    except Misread as misread:
        raise DayUnreadable(misread) from misread


def _model_of(source: Path, on: date | None) -> _Made:
    """A workbook as a model."""
    checked = check(source)
    if checked.rulebook is None:
        return _Made(None, checked.errors, checked.notices)
    book = checked.rulebook
    if on is not None:
        book = replace(book, tables=book.valid_on(on))
        if not book.tables:
            raise NoTableValid(on, checked.rulebook.tables)
    log = Log(source.name)
    data = write_model(model_of(book, name=source.stem, log=log))
    return _Made(data, (), (*checked.notices, *log.notices), *_counts(book))


def _workbook_of(source: Path, target: Path) -> _Made:
    """A model as a workbook, which is checked like any other before it is written."""
    checked = read(source)
    if checked.models is None:
        return _Made(None, checked.errors, checked.notices)
    log = Log(source.name)
    book = rulebook_of(checked.models, log)
    notices = (*checked.notices, *log.notices)
    if book is None:
        return _Made(None, log.errors, notices)
    data = write_workbook(book)
    found = check_bytes(data, file=target.name)
    if found.rulebook is None:
        return _Made(None, found.errors, notices)
    for name in _altered(book, found.rulebook):
        what = f"表“{name}”写进工作簿再读回，与模型里的不完全一致"
        log.add(Situation.CHANGED, what, "请逐条核对这张表", spot_at(name))
    return _Made(data, (), (*checked.notices, *log.notices, *found.notices), *_counts(book))


def _altered(wanted: Rulebook, found: Rulebook) -> list[str]:
    """Names of tables that a workbook did not give back as they were."""

    def bare(table: Table) -> Table:
        return replace(table, rules=tuple(replace(rule, row=0) for rule in table.rules))

    pairs = zip(wanted.tables, found.tables, strict=True)
    return [one.name for one, other in pairs if bare(one) != bare(other)]


def _counts(book: Rulebook) -> tuple[int, int]:
    return len(book.tables), sum(len(table.rules) for table in book.tables)
