"""Checks the rows against the log: the last recorded state of each subject equals its row."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.erased import erased
from yinuo.ledger.history import texts
from yinuo.ledger.models import Entry
from yinuo.ledger.recorded import Recorded, State, recorded_models, state_of, stated
from yinuo.ledger.snapshot import snapshot
from yinuo.ledger.verify import Report

CHUNK = 2_000


class UnknownSubject(YinuoError):
    """The log speaks of a kind of subject, or a version of it, that this software lacks."""

    code = "LEDGER-E003"
    status = 500

    def __init__(self, schema: str, subject: str) -> None:
        super().__init__(
            f"不认识的存证对象格式 {schema}",
            place=subject,
            next_step="请用写下这条记录的版本或更新的版本重放",
        )


@snapshot()
def replay(*, progress: Callable[[int], None] = lambda _checked: None) -> Report:
    """Play all entries again and compare the outcome with every registered row.

    Finds a changed, missing or added row and names its columns; re-runs each model's
    transition rule. Raises `UnknownSubject` for a kind or schema it does not know.
    """
    report = Report()
    models = recorded_models()
    found = _in_log(models.keys()) | _with_rows(models)
    for kind, model in models.items():
        if kind not in found:
            continue  # neither entry nor row: nothing to compare
        _replay_model(model, report, progress)
        _check_text_copies(model, report)
        _check_row_copies(model, report)
    return report


def _in_log(known: Collection[str]) -> set[str]:
    """The kinds that the log speaks of. Raises `UnknownSubject` for one that is not known."""
    found = set()
    for subject in Entry.objects.values_list("subject", flat=True).iterator(chunk_size=CHUNK):
        kind = subject.split(":")[0]
        if kind not in known:
            raise UnknownSubject(kind, subject)
        found.add(kind)
    return found


def _with_rows(models: Mapping[str, type[Recorded]]) -> set[str]:
    """The kinds with a row."""
    return {kind for kind, model in models.items() if model._base_manager.exists()}


def _steps(model: type[Recorded], report: Report) -> Iterator[tuple[str, int, State]]:
    """Each subject once, with its last version and state; checks versions and transitions."""
    rows = Entry.objects.filter(subject__startswith=f"{model.SUBJECT}:").order_by(
        "subject", "version"
    )
    subject, version, state = "", 0, None
    for entry in rows.iterator(chunk_size=CHUNK):
        if entry.subject != subject:
            if state is not None:
                yield subject, version, state
            subject, version, state = entry.subject, 0, None
        body = json.loads(bytes(entry.body))
        place = f"{subject} 第 {entry.version} 版"
        if entry.version != version + 1:
            report.add(place, f"版本不连续：前一版是第 {version} 版")
        after = stated(model, body["schema"], body["state"])
        wrong = model.wrong_step(state, after, entry.verb)
        if wrong:
            report.add(place, wrong)
        version, state = entry.version, after
    if state is not None:
        yield subject, version, state


def _replay_model(model: type[Recorded], report: Report, progress: Callable[[int], None]) -> None:
    rows = {row.subject: row for row in model._base_manager.order_by("pk").iterator(CHUNK)}
    for seen, (subject, version, state) in enumerate(_steps(model, report), start=1):
        row = rows.pop(subject, None)
        if row is None:
            report.add(subject, "账本中有，数据表中没有：该行已被删除")
        else:
            _compare(row, version, state, report)
        report.checked += 1
        if seen % CHUNK == 0:
            progress(report.checked)
    for subject in rows:
        report.add(subject, "数据表中有，账本中没有：该行绕过了存证")


def _compare(row: Recorded, version: int, state: State, report: Report) -> None:
    if row.version != version:
        report.add(row.subject, f"版本为 {row.version}，账本最后一版为 {version}")
    now = state_of(row)
    for column in sorted(now.keys() | state.keys()):
        if now.get(column) != state.get(column):
            report.add(
                row.subject,
                f"列 {column} 为 {now.get(column)!r}，账本为 {state.get(column)!r}",
            )


def _check_text_copies(model: type[Recorded], report: Report) -> None:
    """Each column that repeats a text says what the text says, or that it was erased by law."""
    for column, named in model.TEXT_COPIES.items():
        rows = list(model._base_manager.order_by("pk"))
        for start in range(0, len(rows), CHUNK):
            some = rows[start : start + CHUNK]
            references = [getattr(row, named) for row in some]
            said, gone = texts(references), erased(references)
            for row, reference in zip(some, references, strict=True):
                due = row.erased_copy if reference in gone else said.get(reference)
                shown = getattr(row, column)
                if shown != due:
                    report.add(row.subject, f"列 {column} 为 {shown!r}，所引文字为 {due!r}")


def _check_row_copies(model: type[Recorded], report: Report) -> None:
    """Each column that repeats another row says what that row says."""
    for column, way in model.ROW_COPIES.items():
        rows = model._base_manager.order_by("pk").values_list("pk", column, way)
        for key, shown, due in rows.iterator(chunk_size=CHUNK):
            if shown != due:
                report.add(f"{model.SUBJECT}:{key}", f"列 {column} 为 {shown!r}，{way} 为 {due!r}")
