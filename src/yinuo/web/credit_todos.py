"""What credit data asks of a person, as lines of the inbox.

Objections, repairs and deliveries have a day; batches that are held, joins that wait and rows that
another platform returned have none, and stand after what is due.
"""

from collections import Counter
from datetime import date

from yinuo.credit.catalogue.words import cycle_words
from yinuo.credit.errors.joins import NoRelease
from yinuo.credit.life import BatchStatus
from yinuo.credit.permission import in_centre
from yinuo.credit.queries import exchange, proposals
from yinuo.credit.queries.batches import BatchView, batches
from yinuo.credit.queries.deliveries import Delivery, due_deliveries
from yinuo.credit.queries.objections import objections
from yinuo.credit.queries.payments import payments
from yinuo.credit.queries.repairs import repairs
from yinuo.parties.viewer import Viewer
from yinuo.supervision.todo import ToDo
from yinuo.web.credit import means
from yinuo.web.exchange import title_of

MOST = 30


def of_objections(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Those that wait for the viewer's answer, due first."""
    del today
    if not viewer.officer_of:
        return ()
    rows = objections(means=means(), viewer=viewer).rows
    return tuple(
        ToDo(
            due=one.due,
            what="答复异议",
            title=one.name,
            under=f"{one.code} · {one.source_name}",
            page="credit_objection",
            args=(one.code,),
        )
        for one in rows
        if one.acts
    )[:MOST]


def of_repairs(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Requests that wait for the viewer, due first."""
    del today
    if not viewer.officer_of:
        return ()
    rows = repairs(means=means(), viewer=viewer).rows
    return tuple(
        ToDo(
            due=one.due,
            what="受理信用修复" if "accept" in one.acts else "决定信用修复",
            title=one.name,
            under=f"{one.code} · {one.source_name}",
            page="credit_repair",
            args=(one.code,),
        )
        for one in rows
        if {"accept", "grant"} & set(one.acts)
    )[:MOST]


def of_batches(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Batches that are kept from releases: to be asked for, or decided on by a second person."""
    del today
    if not viewer.officer_of:
        return ()
    rows = batches(means=means(), viewer=viewer, held=True)
    return tuple(
        ToDo(
            due=None,
            what="处理未通过检查的批次" if one.status is BatchStatus.REFUSED else "决定是否放行",
            title=one.source_name,
            under=f"{one.code} · {one.unit_name}",
            page="credit_batch",
            args=(one.code,),
        )
        for one in rows
        if _waits_for(one)
    )[:MOST]


def _waits_for(one: BatchView) -> bool:
    return one.may_handle if one.status is BatchStatus.REFUSED else one.may_decide


def of_deliveries(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """What the viewer's units have to deliver; for the credit centre one line for all others."""
    if not viewer.officer_of:
        return ()
    found = due_deliveries(means=means(), on=today, viewer=viewer)
    own = [each for each in found if each.source.owner in viewer.officer_of]
    others = len(found) - len(own)
    urged = ToDo(
        due=None,
        what="催报",
        title=f"{others:,} 个数据源过了更新周期还没有报来",
        page="credit_sources",
    )
    return (*map(_delivery, own[:MOST]), *([urged] if others else []))


def _delivery(one: Delivery) -> ToDo:
    return ToDo(
        due=one.due,
        what="报送信用数据",
        title=one.source.name,
        under=f"{cycle_words(one.entry.cycle)} · 上一批 {one.last.isoformat()}",
        page="credit_source",
        args=(one.source.id,),
    )


def of_joins(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """One line for all joins that a model proposes, for officers of the credit centre."""
    del today
    if not in_centre(means(), viewer):
        return ()
    try:
        waiting = proposals.waiting(means=means(), viewer=viewer)
    except NoRelease:  # nothing was published yet, so nothing was proposed
        return ()
    if not waiting:
        return ()
    return (
        ToDo(
            due=None,
            what="确认关联",
            title=f"{waiting:,} 条记录像是某个主体的，等人确认",
            page="credit_proposals",
        ),
    )


def of_payments(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Bills of the viewer's units whose day is over: were they paid?"""
    if not viewer.officer_of:
        return ()
    rows = payments(viewer=viewer, today=today).rows
    return tuple(
        ToDo(
            due=one.due,
            what="核对是否付清",
            title=one.payer,
            under=f"{one.code} · {one.unit_name}",
            page="payment",
            args=(one.code,),
        )
        for one in rows
        if one.acts and one.late
    )[:MOST]


def of_exchange(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Packages of which another platform returned rows that were not corrected since."""
    del today
    if not viewer.officer_of:
        return ()
    rows = exchange.refused(means=means(), viewer=viewer)
    counted = Counter((one.package, one.content_label, one.peer) for one in rows)
    return tuple(
        ToDo(
            due=None,
            what="改正退回的行",
            title=f"{content}：{title_of(peer)}退回 {count:,} 行",
            under=package,
            page="exchange_package",
            args=(package,),
        )
        for (package, content, peer), count in counted.items()
    )[:MOST]
