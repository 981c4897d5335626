"""What objections and repairs ask of a person, as lines of the inbox."""

from datetime import date

from yinuo.credit.queries.objections import objections
from yinuo.credit.queries.repairs import repairs
from yinuo.parties.viewer import Viewer
from yinuo.supervision.todo import ToDo
from yinuo.web.credit import means

MOST = 30


def of_objections(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Those that wait for the viewer's answer, due first."""
    del today
    if not viewer.officer_of:
        return ()
    rows = objections(means=means(), viewer=viewer)
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
    rows = repairs(means=means(), viewer=viewer)
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
