"""What the commands of `yinuo content` say, in sentences and as data."""

from collections.abc import Iterator, Sequence

import click

from yinuo.content.differences import Differing
from yinuo.content.examining import Examined
from yinuo.content.queries import ContentView, VersionView
from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import public_viewer
from yinuo.project.cli.findings import show_findings
from yinuo.project.content_files import OnDisk
from yinuo.project.effects import Effect

MOST_LISTED = 50
SHORT = 12
"""Characters of a hash by which people tell files apart."""


def _who(actor: str) -> str:
    """`account:7` → the user name."""
    subject, _, number = actor.partition(":")
    return public_viewer(int(number)).username if subject == "account" else actor


# ── check ────────────────────────────────────────────────────────────────────────────────────────


def say_examined(found: Examined) -> None:
    """Every fault, what wants a look, and how the examples came out."""
    show_findings("提示", found.notices)
    show_findings("错误", found.errors)
    if found.rulebook is None:
        click.echo(f"有 {len(found.errors):,} 处错误，不能发布。", err=True)
        return
    for fault in found.faults[:MOST_LISTED]:
        click.echo(f"{click.style('不能发布', fg='red')}  {fault}", err=True)
    for note in found.notes[len(found.notices) :][:MOST_LISTED]:
        click.echo(f"请核对  {note}")
    rules = sum(len(table.rules) for table in found.rulebook.tables)
    click.echo(
        f"{len(found.rulebook.tables):,} 张表，{rules:,} 条规则；"
        f"{len(found.tried):,} 个例子，{found.passed:,} 个相符。"
    )
    if found.faults:
        click.echo(f"有 {len(found.faults):,} 处问题，不能发布。", err=True)


def examined_data(found: Examined) -> dict[str, object]:
    """The same as data."""
    return {
        "ok": not found.faults,
        "faults": found.faults,
        "notes": found.notes,
        "errors": [each.as_dict() for each in found.errors],
        "examples": len(found.tried),
        "passed": found.passed,
    }


# ── differences and effects ──────────────────────────────────────────────────────────────────────


def say_differences(found: Sequence[Differing] | None) -> None:
    """What a version changes in the text of the rules; None for a first one."""
    if found is None:
        click.echo("第一个版本。")
        return
    click.echo(f"改动 {len(found):,} 处" if found else "规则没有改动。")
    for each in found[:MOST_LISTED]:
        rule = f"规则 {each.rule} " if each.rule else ""
        what = each.what if each.what != "规则" else ""
        click.echo(f"  “{each.table}”{rule}{what}：{each.old or '（无）'} → {each.new or '（无）'}")
    if len(found) > MOST_LISTED:
        click.echo(f"  另有 {len(found) - MOST_LISTED:,} 处没有列出；加 --json 可得到全部")


def say_effect(found: Effect) -> None:
    """Whose result changes, with some of them by name."""
    click.echo("谁的结果会变：")
    if not found.compared:
        click.echo(f"  {found.why_not}")
    if found.about:
        click.echo(f"  {found.about}")
    for each in found.compared:
        changed = each.rows - each.same
        click.echo(f"  “{each.name}”：{each.rows:,} 行，{changed:,} 行会变，{each.same:,} 行不变")
        for change in sorted(each.changes.values(), key=lambda c: (-c.rows, c.before)):
            listed = "、".join(change.examples)
            click.echo(f"    {change.before} → {change.after}  {change.rows:,} 行，如 {listed}")


# ── one version ──────────────────────────────────────────────────────────────────────────────────


def say_version(view: VersionView) -> None:
    """One publication with all that is known of it."""
    click.echo(f"P{view.number}  {view.name}  {_state(view)}")
    click.echo(f"  生效    自 {view.valid_from}{_until(view)}")
    click.echo(f"  文件    {view.size:,} 字节，SHA-256 {view.sha256}")
    click.echo(f"  申请    {_who(view.asker)}，{civil_date(view.asked_at)}：{view.reason}")
    if view.decided_at is not None:
        decision = f"：{view.decision}" if view.decision else ""
        click.echo(f"  决定    {_who(view.decider)}，{civil_date(view.decided_at)}{decision}")
    for line in view.effect:
        click.echo(f"  影响    {line}")


def _state(view: VersionView) -> str:
    if view.edition is None:
        return view.state
    return f"第 {view.edition} 版，{'生效' if view.in_force else _when(view)}"


def _when(view: VersionView) -> str:
    if view.span is not None and view.span.is_empty:
        return "生效前已被代替"
    return "已批准，不在生效期内"


def _until(view: VersionView) -> str:
    if view.span is None or view.span.end is None or view.span.is_empty:
        return ""
    return f"，到 {view.span.end} 被代替"


def version_data(view: VersionView) -> dict[str, object]:
    """The same as data."""
    return {
        "publication": view.number,
        "name": view.name,
        "edition": view.edition,
        "sha256": view.sha256,
        "size": view.size,
        "valid_from": view.valid_from.isoformat(),
        "valid_to": view.span.end.isoformat() if view.span and view.span.end else None,
        "in_force": view.in_force,
        "state": view.state,
        "reason": view.reason,
        "effect": view.effect,
        "replaces": view.replaces,
        "asked_by": _who(view.asker),
        "asked_at": view.asked_at.isoformat(),
        "decided_by": _who(view.decider) if view.decider else "",
        "decided_at": view.decided_at.isoformat() if view.decided_at else None,
        "decision": view.decision,
    }


# ── list ─────────────────────────────────────────────────────────────────────────────────────────


def say_contents(
    found: Sequence[ContentView], asked: Sequence[VersionView], files: Sequence[OnDisk]
) -> None:
    """What is in force, what waits, and which files are something else."""
    by_name = {each.name: each for each in found}
    waiting = [view for view in asked if view.waiting]
    for name in sorted({*by_name, *(v.name for v in waiting), *(file.name for file in files)}):
        click.echo(click.style(name, bold=True))
        each = by_name.get(name)
        for line in _about(each):
            click.echo(f"  {line}")
        for view in waiting:
            if view.name == name:
                click.echo(
                    f"  待批准  P{view.number}，自 {view.valid_from}，{_who(view.asker)} 申请："
                    f"{view.reason}"
                )
        for file, what in _differing(each, asked, files, name):
            click.echo(f"  {click.style('注意', fg='yellow')}    {what}：{file.path}")


def _about(each: ContentView | None) -> Iterator[str]:
    if each is None or each.present is None:
        yield "没有生效的版本"
    for view in ([each.present] if each and each.present else []) + list(
        each.coming if each else ()
    ):
        word = "生效  " if view.in_force else "将生效"
        yield (
            f"{word}  第 {view.edition} 版（P{view.number}），自 {view.valid_from}，"
            f"SHA-256 {view.sha256[:SHORT]}…，{_who(view.asker)} 申请、{_who(view.decider)} 批准"
        )


def _differing(
    each: ContentView | None, asked: Sequence[VersionView], files: Sequence[OnDisk], name: str
) -> Iterator[tuple[OnDisk, str]]:
    """Files of this name that nobody has published, each with what to know about it."""
    known = {view.sha256 for view in (each.history if each else ())}
    waiting = {view.sha256 for view in asked if view.waiting and view.name == name}
    for file in files:
        if file.name != name or file.sha256 in known | waiting:
            continue
        if file.is_own:
            yield file, "本市目录里的文件没有发布过，与生效的版本不同"
        else:
            yield file, "随软件发布的文件没有发布过，与生效的版本不同；要采用请用 content publish"


def contents_data(
    found: Sequence[ContentView], asked: Sequence[VersionView], files: Sequence[OnDisk]
) -> dict[str, object]:
    """The same as data."""
    by_name = {each.name: each for each in found}
    names = sorted({file.name for file in files} | by_name.keys())
    unpublished = [
        {"name": name, "path": str(file.path), "own": file.is_own, "sha256": file.sha256}
        for name in names
        for file, _ in _differing(by_name.get(name), asked, files, name)
    ]
    return {
        "contents": [
            {
                "name": each.name,
                "in_force": version_data(each.present) if each.present else None,
                "coming": [version_data(view) for view in each.coming],
                "editions": len(each.history),
            }
            for each in found
        ],
        "waiting": [version_data(view) for view in asked if view.waiting],
        "unpublished": unpublished,
    }


def say_asked(number: int) -> None:
    """That a publication waits, and for whom."""
    click.echo(f"已申请，编号 P{number}。批准之前什么都不变。")
    click.echo(
        f"下一步：另一名管理员运行 yinuo content approve {number} --by 用户名，或在网页上决定"
    )
