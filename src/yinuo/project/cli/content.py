"""`yinuo content`: rules checked, published by two persons, compared and given back."""

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
from django.conf import settings

from yinuo.commitments.queries.lights import CODE as COMMITMENT
from yinuo.commitments.queries.lights import light_facts
from yinuo.content import commands
from yinuo.content.differences import differences
from yinuo.content.examining import Examined, examine
from yinuo.content.queries import (
    contents,
    data,
    public_data,
    public_in_force,
    publication,
    publications,
)
from yinuo.kernel.content import content_file
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.spreadsheet.cells import load
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import ANYONE, Viewer
from yinuo.project.cli.content_words import (
    contents_data,
    examined_data,
    say_asked,
    say_contents,
    say_differences,
    say_effect,
    say_examined,
    say_version,
    version_data,
)
from yinuo.project.cli.findings import print_json, viewer_named
from yinuo.project.cli.progress import LateProgress
from yinuo.project.content_files import on_disk
from yinuo.project.effects import (
    Data,
    Effect,
    Facts,
    Providers,
    effect_on_data,
    effect_on_facts,
    no_effect,
)
from yinuo.rules.reading import Misread, read_day
from yinuo.rules.table import Rulebook
from yinuo.rules.workbook.read import check_bytes
from yinuo.supervision.queries.due_steps import CODE as SUPERVISED
from yinuo.supervision.queries.due_steps import step_facts
from yinuo.web.clock import now, today

FACTS: Providers = {
    "tables/lights.xlsx": lambda viewer, day: Facts(
        light_facts(viewer=viewer, today=day), key=COMMITMENT
    ),
    "tables/supervision.xlsx": lambda viewer, day: Facts(
        step_facts(viewer=viewer, today=day), key=SUPERVISED
    ),
}
"""File → the facts for it that the city keeps. Who keeps such facts has a line here."""


class StartUnreadable(YinuoError):
    """A `--valid-from` that is no day."""

    code = "CONTENT-E020"

    def __init__(self, misread: Misread) -> None:
        super().__init__(misread.what, place="--valid-from", next_step=misread.next_step)


class NewName(YinuoError):
    """A name under which nothing was ever published, mistyped perhaps."""

    code = "CONTENT-E021"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"还没有叫“{name}”的内容",
            place="--name",
            next_step=f"已有：{'、'.join(known)}。用 --name 指明它是哪一个的新版本；"
            "确是新增的，加 --new",
        )


class AnotherFile(YinuoError):
    """A file that has no table in common with the one it is to replace."""

    code = "CONTENT-E023"

    def __init__(self, name: str, old: Rulebook, new: Rulebook) -> None:
        was, now = ("、".join(dict.fromkeys(t.name for t in book.tables)) for book in (old, new))
        super().__init__(
            f"新文件和生效的版本没有一张同名的表：生效的有 {was}，新文件有 {now}",
            place=name,
            next_step="核对 --name 是否写对；表不能改名，改了名的表别处就找不到了",
        )


class NothingBefore(YinuoError):
    """A first version, asked how it differs from the one before."""

    code = "CONTENT-E022"

    def __init__(self, number: int) -> None:
        super().__init__(
            f"P{number} 之前没有生效的版本，没有可以比较的",
            place=f"P{number}",
            next_step=f"用 yinuo content show {number} 查看它的内容",
        )


class Number(click.ParamType[int]):
    """`7`, or `P7` as it is printed."""

    name = "NUMBER"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number."""
        digits = str(value).removeprefix("P").removeprefix("p")
        if not digits.isdecimal():
            self.fail(f"“{value}”不是发布编号，请写成 7 或 P7", param, ctx)
        return int(digits)


_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
_BY = click.option("--by", "username", required=True, help="谁，写用户名，须是全市的管理员。")
_DATA = (
    click.option(
        "--data", "rows", type=click.Path(path_type=Path), help="用来比较的 Parquet 文件或文件夹。"
    ),
    click.option("--key", default="", help="用哪一列指明是哪一行，如企业代码。"),
    click.option("--allow-missing", is_flag=True, help="数据里没有的列按缺少处理。"),
)


def _store() -> FileStore:
    return FileStore(settings.YINUO_FILES)


def _operator() -> Viewer:
    """Whoever has the command line of the server and reads the files anyway."""
    return Viewer(username="operator", auditor_of=frozenset(u.code for u in public_units()))


def _day(text: str) -> date:
    try:
        return read_day(text)
    except Misread as misread:
        raise StartUnreadable(misread) from misread


def _bytes(file: str) -> bytes:
    """A path, or the name of a file that is shipped or lies in the city's own folder."""
    if file == "-":
        return sys.stdin.buffer.read()
    path = Path(file)
    if not path.exists() and len(path.parts) > 1:
        named = content_file(*path.parts, own=settings.YINUO_CONTENT)
        path = named if named.is_file() else path
    return load(path)


def _name(file: str, given: str) -> str:
    """Under which name a file is published: `tables/` and its own, unless another is given."""
    return given or f"tables/{Path(file).name}"


def _require_known(name: str) -> None:
    """Raises `UnknownSort`, and `NewName` for a name that nothing was ever called."""
    commands.require_name(name)
    known = {file.name for file in on_disk(settings.YINUO_CONTENT)}
    known |= {each.name for each in contents(on=today(), viewer=_operator())}
    if name not in known:
        raise NewName(name, sorted(known))


def _require_same_tables(name: str, old: Rulebook, new: Rulebook) -> None:
    """Raises `AnotherFile`."""
    if not {table.name for table in old.tables} & {table.name for table in new.tables}:
        raise AnotherFile(name, old, new)


def _rulebook(stored: bytes, name: str) -> Rulebook:
    return check_bytes(stored, file=name).sound()


def _before(name: str, on: date) -> Rulebook | None:
    """What is in force on the day."""
    version = public_in_force(name, on=on)
    return None if version is None else _rulebook(public_data(version, store=_store()), name)


@dataclass(frozen=True)
class _Effects:
    """Whose result changes: as the terminal shows it, and as it is kept with the request."""

    shown: Effect
    kept: Effect
    """About what is public only, because it becomes public itself."""


def _effects(
    name: str, old: Rulebook | None, new: Rulebook, on: date, brought: Data | None
) -> _Effects:
    provider = FACTS.get(name)
    if old is None or (brought is None and provider is None):
        nothing = no_effect(old)
        return _Effects(nothing, nothing)
    with LateProgress() as progress:
        if brought is not None:
            found = effect_on_data(old, new, on=on, data=brought, progress=progress)
            return _Effects(found, found)
        assert provider is not None  # noqa: S101  # looked at above
        # The facts are those of today; a table that begins to be valid later is asked on its day.
        day = today() if old.valid_on(today()) and new.valid_on(today()) else on
        shown, kept = (
            effect_on_facts(
                old, new, on=day, facts=provider(viewer, day), about=about, progress=progress
            )
            for viewer, about in (
                (_operator(), f"按 {day} 的情况，包括不公开的"),
                (ANYONE, f"按 {day} 的情况，只算公开的"),
            )
        )
    return _Effects(shown, kept)


def _brought(rows: Path | None, key: str, *, allow_missing: bool) -> Data | None:
    return None if rows is None else Data(rows, key, allow_missing)


@click.group()
def content() -> None:
    """规则与内容：检查、申请发布、批准、比较。发布要两个人。"""


@content.command("list")
@_JSON
def list_command(*, as_json: bool) -> None:
    """列出生效的每个文件、等待批准的申请，以及哪个文件比生效的版本新。

    什么都不会自己改变：软件升级带来的新文件，也要两个人发布后才生效。

    \b
    Example: yinuo content list
    """
    operator = _operator()
    found = contents(on=today(), viewer=operator)
    asked = publications(on=today(), viewer=operator)
    files = on_disk(settings.YINUO_CONTENT)
    if as_json:
        print_json(contents_data(found, asked, files))
    else:
        say_contents(found, asked, files)


@content.command("check")
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--valid-from", "start", default="", help="打算从哪天起生效；默认今天。")
@_JSON
def check_command(*, file: str, start: str, as_json: bool) -> None:
    """按发布的要求检查文件 FILE：每一格、规则之间、例子，什么都不写。不能发布时退出码为 1。

    \b
    Example: yinuo content check lights.xlsx --valid-from 2027-01-01
    """
    found = _examined(file, _day(start) if start else today())
    if as_json:
        print_json(examined_data(found))
    else:
        say_examined(found)
    if found.faults:
        sys.exit(1)


def _examined(file: str, on: date) -> Examined:
    return examine(_bytes(file), file=Path(file).name, on=on)


@content.command("publish")
@click.argument("file", type=click.Path())
@click.option("--valid-from", "start", required=True, help="从哪天起生效，如 2027-01-01。")
@_BY
@click.option("--reason", required=True, help="为什么发布，依据什么文件；批准后公开。")
@click.option("--name", "given", default="", help="是哪个文件的新版本；默认 tables/ 加文件名。")
@click.option("--new", "is_new", is_flag=True, help="这是从来没有发布过的新内容。")
@_DATA[0]
@_DATA[1]
@_DATA[2]
@click.option("--yes", is_flag=True, help="看过检查和比较的结果后不再询问，直接申请。")
@_JSON
def publish_command(
    *,
    file: str,
    start: str,
    username: str,
    reason: str,
    given: str,
    is_new: bool,
    rows: Path | None,
    key: str,
    allow_missing: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """检查文件 FILE，试算例子，显示谁的结果会变，然后申请发布。另一人批准后，到日子才生效。

    FILE 也可以写成 tables/lights.xlsx：先找本市目录里的，再找随软件发布的。

    \b
    Example: yinuo content publish lights.xlsx --valid-from 2027-01-01 --by admin1 --reason 依据…
    """
    if as_json and not yes:
        raise click.UsageError("--json 须与 --yes 一起使用：申请前要有人看过")
    viewer, on, name = viewer_named(username), _day(start), _name(file, given)
    if is_new:
        commands.require_name(name)
    else:
        _require_known(name)
    stored = _bytes(file)
    found = examine(stored, file=Path(file).name, on=on)
    if not as_json:
        say_examined(found)
    if found.faults or found.rulebook is None:
        if as_json:
            print_json({"publication": None, **examined_data(found)})
        sys.exit(1)
    old = _before(name, on)
    if old is not None:
        _require_same_tables(name, old, found.rulebook)
    changed = _effects(
        name, old, found.rulebook, on, _brought(rows, key, allow_missing=allow_missing)
    )
    if not as_json:
        say_differences(None if old is None else differences(old, found.rulebook))
        say_effect(changed.shown)
    if not yes:
        click.confirm(f"申请发布 {name}，从 {on} 起生效？", abort=True)
    number = commands.ask_publication(
        kept=commands.keep(name=name, data=stored, valid_from=on, store=_store()),
        reason=reason,
        effect="\n".join(changed.kept.lines),
        store=_store(),
        by=viewer,
        at=now(),
    )
    if as_json:
        print_json({"publication": number, **examined_data(found), "effect": changed.shown.lines})
    else:
        say_asked(number)


@content.command("approve")
@click.argument("number", type=Number())
@_BY
@click.option("--reason", default="", help="批准的意见，可不填。")
@click.option("--yes", is_flag=True, help="看过内容后不再询问，直接批准。")
@_JSON
def approve_command(*, number: int, username: str, reason: str, yes: bool, as_json: bool) -> None:
    """批准发布申请 NUMBER。批准人须是申请人以外的管理员。

    \b
    Example: yinuo content approve 7 --by admin2
    """
    if as_json and not yes:
        raise click.UsageError("--json 须与 --yes 一起使用：批准前要有人看过")
    viewer = viewer_named(username)
    shown = publication(number=number, on=today(), viewer=viewer)
    if not yes:
        say_version(shown)
        click.confirm("批准发布？", abort=True)
    edition = commands.approve_publication(
        number=number, reason=reason, store=_store(), by=viewer, at=now(), version=shown.version
    )
    if as_json:
        print_json({"publication": number, "name": shown.name, "edition": edition})
        return
    click.echo(f"已批准：{shown.name} 第 {edition} 版，从 {shown.valid_from} 起生效。")


@content.command("refuse")
@click.argument("number", type=Number())
@_BY
@click.option("--reason", required=True, help="为什么不批准。")
@_JSON
def refuse_command(*, number: int, username: str, reason: str, as_json: bool) -> None:
    """不批准发布申请 NUMBER，什么都不变。

    \b
    Example: yinuo content refuse 7 --by admin2 --reason 与文件第三条不符
    """
    commands.refuse_publication(number=number, reason=reason, by=viewer_named(username), at=now())
    if as_json:
        print_json({"publication": number, "state": "refused"})
    else:
        click.echo(f"P{number} 未批准，生效的版本没有变。")


@content.command("withdraw")
@click.argument("number", type=Number())
@_BY
@click.option("--reason", required=True, help="为什么撤回。")
@_JSON
def withdraw_command(*, number: int, username: str, reason: str, as_json: bool) -> None:
    """撤回自己还没有被决定的发布申请 NUMBER。

    \b
    Example: yinuo content withdraw 7 --by admin1 --reason 有一处笔误
    """
    commands.withdraw_publication(number=number, reason=reason, by=viewer_named(username), at=now())
    if as_json:
        print_json({"publication": number, "state": "withdrawn"})
    else:
        click.echo(f"P{number} 已撤回。")


@content.command("show")
@click.argument("number", type=Number())
@click.option(
    "-o", "--out", type=click.Path(allow_dash=True), help="把文件原样写出；- 为标准输出。"
)
@_JSON
def show_command(*, number: int, out: str | None, as_json: bool) -> None:
    """显示发布 NUMBER 的内容；用 --out 取出逐字节相同的文件。

    \b
    Example: yinuo content show 7 --out lights.xlsx
    """
    shown = publication(number=number, on=today(), viewer=_operator())
    if out is not None:
        stored = data(number=number, store=_store(), viewer=_operator())
        if out == "-":
            sys.stdout.buffer.write(stored)
            return
        Path(out).write_bytes(stored)
    if as_json:
        print_json({**version_data(shown), "written": out})
        return
    say_version(shown)
    if out is not None:
        click.echo(f"文件已写到 {out}")


@content.command("diff")
@click.argument("number", type=Number())
@_DATA[0]
@_DATA[1]
@_DATA[2]
@_JSON
def diff_command(
    *, number: int, rows: Path | None, key: str, allow_missing: bool, as_json: bool
) -> None:
    """发布 NUMBER 和它要代替的版本有什么不同，谁的结果会变。

    \b
    Example: yinuo content diff 7 --data firms.parquet --key 统一社会信用代码
    """
    operator, store = _operator(), _store()
    shown = publication(number=number, on=today(), viewer=operator)
    if shown.replaces is None:
        raise NothingBefore(number)
    old, new = (
        _rulebook(data(number=each, store=store, viewer=operator), shown.name)
        for each in (shown.replaces, number)
    )
    found = differences(old, new)
    changed = _effects(
        shown.name, old, new, shown.valid_from, _brought(rows, key, allow_missing=allow_missing)
    )
    if as_json:
        print_json({"differences": [vars(d) for d in found], "effect": changed.shown.lines})
        return
    say_differences(found)
    say_effect(changed.shown)
