"""What the commands of `yinuo rules` say, in sentences and as data."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from yinuo.kernel.decimals import canonical_decimal
from yinuo.rules.cells import Unknown
from yinuo.rules.compare import Compared
from yinuo.rules.coverage import Coverage
from yinuo.rules.decision import Decision, Row, State, Verdict
from yinuo.rules.explain import Language, explain
from yinuo.rules.kinds import say
from yinuo.rules.screen import Report, Tally
from yinuo.rules.table import HitPolicy, Table
from yinuo.rules.trying import Tried
from yinuo.rules.verify import Verified
from yinuo.rules.workbook.read import Checked

MOST_LISTED = 30
FULL = Decimal(100)

# ── check ────────────────────────────────────────────────────────────────────────────────────────


def say_checked(checked: Checked, verified: Sequence[Verified]) -> None:
    """The result of a check, after its findings."""
    if checked.rulebook is None:
        click.echo(f"{len(checked.errors):,} 处错误，{len(checked.notices):,} 处提示。", err=True)
        return
    for each in verified:
        for line in _verified(each):
            click.echo(line)
    examples = len(checked.rulebook.examples)
    click.echo(
        f"没有错误，{len(checked.notices):,} 处提示；{len(verified):,} 张表，{examples:,} 个例子。"
    )


def _verified(found: Verified) -> Iterator[str]:
    table = found.table
    span = f"{table.valid_from or '…'} 至 {table.valid_to or '…'}"
    yield (
        f"“{table.name}”：{table.policy}，{len(table.rules):,} 条规则，"
        f"{len(table.inputs)} 个输入，有效期 {span}"
    )
    yield from _listed(
        "重叠",
        [f"规则 {'、'.join(o.rules)} 会同时成立：{o.box.words(table)}" for o in found.overlaps],
    )
    if found.more_overlaps:
        yield f"  另有 {found.more_overlaps:,} 对规则重叠，没有列出"
    yield from _listed("用不上", [f"规则 {each.rule}：{each.why}" for each in found.dead])
    yield from _listed("遗漏", [f"没有规则管：{box.words(table)}" for box in found.gaps])
    yield from (f"  没有查完：{text}" for text in found.stopped)
    if found.is_sound and not found.gaps and not found.stopped:
        yield f"  {_all_well(table)}，每条规则都用得上"


def _all_well(table: Table) -> str:
    """What was looked for in a table of this policy, and not found."""
    gaps = "没有遗漏" if table.default is None else "其余情况用默认结果"
    if table.policy is HitPolicy.COLLECT:
        return "各条规则各自计入结果"
    if table.policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
        return f"{gaps}，没有冲突的重叠"
    return gaps


def _listed(word: str, texts: Sequence[str]) -> Iterator[str]:
    yield from (f"  {word}  {text}" for text in texts[:MOST_LISTED])
    if len(texts) > MOST_LISTED:
        yield f"  另有 {len(texts) - MOST_LISTED:,} 处{word}没有列出；加 --json 可得到全部"


def checked_data(checked: Checked, verified: Sequence[Verified]) -> dict[str, object]:
    """The same as data."""
    return {
        "ok": checked.rulebook is not None and all(each.is_sound for each in verified),
        "errors": [found.as_dict() for found in checked.errors],
        "notices": [found.as_dict() for found in checked.notices],
        "tables": [_verified_data(each) for each in verified],
        "examples": 0 if checked.rulebook is None else len(checked.rulebook.examples),
    }


def _verified_data(found: Verified) -> dict[str, object]:
    table = found.table
    return {
        "name": table.name,
        "policy": str(table.policy),
        "rules": len(table.rules),
        "gaps": [box.words(table) for box in found.gaps],
        "overlaps": [
            {"rules": list(each.rules), "where": each.box.words(table)} for each in found.overlaps
        ],
        "overlaps_not_listed": found.more_overlaps,
        "never_used": [{"rule": each.rule, "why": each.why} for each in found.dead],
        "stopped": found.stopped,
    }


# ── decide ───────────────────────────────────────────────────────────────────────────────────────


def say_verdict(verdict: Verdict, language: Language) -> None:
    """Every decision with its reasons."""
    for decision in verdict.decisions.values():
        headline, *reasons = explain(decision, language)
        click.echo(click.style(headline, bold=True))
        for reason in reasons:
            click.echo(f"  {reason}")
    click.echo(f"基准日 {verdict.on}" if language is Language.CHINESE else f"As of {verdict.on}")


def verdict_data(verdict: Verdict, language: Language) -> dict[str, object]:
    """The same as data."""
    return {
        "as_of": verdict.on.isoformat(),
        "decisions": [_decision_data(each, language) for each in verdict.decisions.values()],
    }


def _decision_data(decision: Decision, language: Language) -> dict[str, object]:
    names = [output.name for output in decision.table.outputs]
    answers = [
        dict(zip(names, (_plain(value) for value in row), strict=True)) for row in decision.answers
    ]
    return {
        "table": decision.table.name,
        "state": decision.state.name.lower(),
        "answers": answers,
        "rules": [rule.name for rule in decision.counted],
        "holding": [rule.name for rule in decision.fired],
        "possible": [rule.name for rule in decision.could_fire],
        "missing": list(decision.lacking),
        "explanation": explain(decision, language),
    }


def _plain(value: object) -> object:
    """A value as JSON has it: exact numbers as text."""
    if isinstance(value, Decimal):
        return canonical_decimal(value)
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, Unknown | Fraction) else value


# ── screen ───────────────────────────────────────────────────────────────────────────────────────


def say_report(report: Report, out: Path | None) -> None:
    """How each table answered."""
    click.echo(f"{report.rows:,} 行，{len(report.tallies):,} 张表，基准日 {report.on}")
    for tally in report.tallies:
        click.echo(
            f"“{tally.table.name}”：是 {tally.yes:,}，否 {tally.no:,}，"
            f"未定 {tally.undetermined:,}{_conflicts(tally)}"
        )
        for row, count in tally.answers.most_common(MOST_LISTED):
            click.echo(f"    {_said(tally.table, row)}  {count:,}（{_share(count, report.rows)}）")
        if tally.lacking:
            lacking = "、".join(f"{name} {n:,}" for name, n in tally.lacking.most_common())
            click.echo(f"    未定是因为缺少：{lacking}")
    if out is not None:
        click.echo(f"结果已写到 {out}")


def _conflicts(tally: Tally) -> str:
    count = tally.states[State.CONFLICT]
    return f"，冲突 {count:,}" if count else ""


def _share(count: int, rows: int) -> str:
    return f"{FULL * count / max(rows, 1):.1f}%"


def _said(table: Table, row: Row) -> str:
    return "、".join(
        say(value, output.kind, output.unit)
        for output, value in zip(table.outputs, row, strict=True)
    )


def report_data(report: Report) -> dict[str, Any]:
    """The same as data."""
    return {
        "as_of": report.on.isoformat(),
        "rows": report.rows,
        "tables": [
            {
                "name": tally.table.name,
                "yes": tally.yes,
                "no": tally.no,
                "undetermined": tally.undetermined,
                "conflict": tally.states[State.CONFLICT],
                "answers": [
                    {"answer": [_plain(value) for value in row], "rows": count}
                    for row, count in tally.answers.most_common()
                ],
                "missing": dict(tally.lacking),
            }
            for tally in report.tallies
        ],
    }


def say_coverage(covered: Coverage) -> None:
    """Gaps, overlaps and unused rules, those that touch the most rows first."""
    if not covered.touched and not covered.stopped:
        click.echo("没有遗漏，没有重叠，每条规则都有命中。")
    for each in covered.touched[:MOST_LISTED]:
        where = f"，如第 {each.example:,} 行" if each.example is not None else ""
        rows = "" if each.sort == "从未命中" else f"  {each.rows:,} 行{where}"
        click.echo(f"{each.sort}  “{each.table}” {each.what}{rows}")
    if len(covered.touched) > MOST_LISTED:
        rest = len(covered.touched) - MOST_LISTED
        click.echo(f"另有 {rest:,} 处没有列出；加 --json 可得到全部")
    for text in covered.stopped:
        click.echo(f"没有查完  {text}")


def coverage_data(covered: Coverage) -> dict[str, object]:
    """The same as data."""
    return {
        "touched": [
            {
                "table": each.table,
                "kind": each.sort,
                "what": each.what,
                "rows": each.rows,
                "example_row": each.example,
            }
            for each in covered.touched
        ],
        "stopped": list(covered.stopped),
    }


# ── test ─────────────────────────────────────────────────────────────────────────────────────────


def say_tried(tried: Sequence[Tried]) -> None:
    """Examples that came out otherwise, and how many there are."""
    if not tried:
        click.echo("工作簿里没有“测试”表，什么也没有试。", err=True)
        return
    for each in tried:
        if each.passed:
            continue
        note = f"（{each.example.note}）" if each.example.note else ""
        click.echo(click.style(f"不符  测试表第 {each.example.row} 行{note}", fg="red"), err=True)
        for difference in each.differences:
            click.echo(
                f"  {difference.what}：应得 {difference.expected}，实得 {difference.found}",
                err=True,
            )
        if each.decision is not None:
            for line in explain(each.decision)[:4]:
                click.echo(f"    {line}", err=True)
    passed = sum(1 for each in tried if each.passed)
    click.echo(f"{len(tried):,} 个例子，{passed:,} 个相符，{len(tried) - passed:,} 个不符。")


def tried_data(tried: Sequence[Tried]) -> dict[str, object]:
    """The same as data."""
    return {
        "examples": len(tried),
        "passed": sum(1 for each in tried if each.passed),
        "failed": [
            {
                "row": each.example.row,
                "table": each.example.table,
                "note": each.example.note,
                "differences": [
                    {"what": d.what, "expected": d.expected, "found": d.found}
                    for d in each.differences
                ],
            }
            for each in tried
            if not each.passed
        ],
    }


# ── diff ─────────────────────────────────────────────────────────────────────────────────────────


def say_comparison(compared: Sequence[Compared]) -> None:
    """Whose answer would change, and how."""
    for each in compared:
        changed = each.rows - each.same
        click.echo(
            f"“{each.name}”：{each.rows:,} 行，{changed:,} 行的结果会变，{each.same:,} 行不变"
        )
        for change in sorted(each.changes.values(), key=lambda c: -c.rows)[:MOST_LISTED]:
            listed = "、".join(change.examples)
            click.echo(f"    {change.before} → {change.after}  {change.rows:,} 行，如 {listed}")


def comparison_data(compared: Sequence[Compared]) -> dict[str, object]:
    """The same as data."""
    return {
        "tables": [
            {
                "name": each.name,
                "rows": each.rows,
                "changed": each.rows - each.same,
                "changes": [
                    {
                        "before": change.before,
                        "after": change.after,
                        "rows": change.rows,
                        "examples": change.examples,
                    }
                    for change in sorted(each.changes.values(), key=lambda c: -c.rows)
                ],
            }
            for each in compared
        ]
    }
