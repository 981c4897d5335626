"""What a batch must look like before it may be published."""

from collections.abc import Iterator

from yinuo.kernel.errors import Finding
from yinuo.kernel.instants import civil_date
from yinuo.lake.records.batch import RecordBatch, open_batch
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.reasons import words_of

PER_MILLE = 1000


def check(batch: RecordBatch, source: SourceDescription) -> tuple[Finding, ...]:
    """Everything in which a batch falls short of its description; empty: it may be published.

    Looks at the number of rows, by itself and beside the last batch, the share put aside, how often
    fields are filled, headings that nobody knows, and files whose last row is torn. A correction
    batch is as small as it is: of its rows only the share put aside counts.
    Raises `BatchDamaged` where the last batch cannot be read.
    """
    return tuple(_findings(batch, source))


def _findings(batch: RecordBatch, source: SourceDescription) -> Iterator[Finding]:
    if batch.corrects is None:
        yield from _of_rows(batch, source)
        yield from _beside_last(batch, source)
        yield from _of_filled(batch, source)
    yield from _of_aside(batch, source)
    yield from _of_headings(batch)
    for file in batch.files:
        if file.torn_end:
            yield Finding(
                code="GATE-TORN-END",
                file=file.name,
                value=f"共 {file.size:,} 字节",
                rule="文件的最后一行不完整，多半在传送中断开了",
                next_step="请重新传送整个文件；确认没有少行后可以放行",
            )


def _of_rows(batch: RecordBatch, source: SourceDescription) -> Iterator[Finding]:
    if source.expect.rows is None:
        return
    least, most = source.expect.rows
    if not least <= batch.read <= most:
        yield Finding(
            code="GATE-ROWS",
            field=source.name,
            value=f"{batch.read:,}",
            rule=f"应有 {least:,} 至 {most:,} 行",
            next_step="向来源单位核对这一批是否完整；确实如此的，由另一人放行",
        )


def _beside_last(batch: RecordBatch, source: SourceDescription) -> Iterator[Finding]:
    bounds = source.expect.rows_against_last
    last = _last_before(batch) if bounds else None
    if bounds is None or last is None:
        return
    least, most = bounds
    if not least * last.read <= batch.read <= most * last.read:
        on = civil_date(last.landed_at).isoformat()
        yield Finding(
            code="GATE-AGAINST-LAST",
            field=source.name,
            value=f"{batch.read:,}",
            rule=f"上一批（{on} 装入）有 {last.read:,} 行，这一批应是它的 {least:g} 至 {most:g} 倍",
            next_step="向来源单位核对是否漏报或重报；确实如此的，由另一人放行",
        )


def _last_before(batch: RecordBatch) -> RecordBatch | None:
    """The newest batch that it was compared with, and that is not a correction of single rows."""
    for name in reversed(batch.compared_with):
        folder = batch.folder.with_name(name)
        # What was cleared away since sets no bound.
        if folder.is_dir() and (last := open_batch(folder)).corrects is None:
            return last
    return None


def _of_aside(batch: RecordBatch, source: SourceDescription) -> Iterator[Finding]:
    limit = source.expect.quarantined_per_mille
    if batch.quarantined * PER_MILLE > limit * batch.read:
        worst = max(batch.reasons.items(), key=lambda each: each[1], default=("", 0))
        yield Finding(
            code="GATE-QUARANTINE",
            field=source.name,
            value=f"{batch.quarantined:,} / {batch.read:,}",
            rule=f"问题数据超过千分之 {limit}，最多的是“{words_of(worst[0])}”（{worst[1]:,} 行）",
            next_step="看问题数据的原因，改正后重报；确实如此的，由另一人放行",
        )


def _of_filled(batch: RecordBatch, source: SourceDescription) -> Iterator[Finding]:
    # Rows that only repeat earlier batches have been judged with those.
    for name, least in source.expect.filled.items():
        filled = batch.filled.get(name, 0)
        if batch.accepted and filled * PER_MILLE < least * batch.accepted:
            share = filled * PER_MILLE // batch.accepted
            yield Finding(
                code="GATE-FILLED",
                field=source.by_name[name].label,
                value=f"{share}‰",
                rule=f"至少千分之 {least} 的行应填有这一栏",
                next_step="核对列名是否改了、日期和代码是否换了写法；确实如此的，由另一人放行",
            )


def _of_headings(batch: RecordBatch) -> Iterator[Finding]:
    for heading, rows in batch.unknown_headings.items():
        yield Finding(
            code="GATE-HEADING",
            field=heading,
            value=f"{rows:,} 行",
            rule="这一列既没有对应的字段，也没有写明不取",
            next_step="在来源说明中给它一个字段，或写进 ignored",
        )
