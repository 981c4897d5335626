"""The words behind references, or what became of them."""

from collections.abc import Iterable

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, gettext_noop, pgettext

from yinuo.kernel.instants import civil_date
from yinuo.ledger.erased import LAW, Erased, erased
from yinuo.ledger.history import texts

ERASED = gettext_noop("（文字已依法删除）")
MISSING = gettext_noop("（文字缺失，账本上没有依法删除的记录）")


def wording(references: Iterable[str]) -> dict[str, str]:
    """Each reference → its text; of an erased one when and on what ground it went."""
    wanted = {reference for reference in references if reference}
    found = texts(wanted)
    absent = wanted - found.keys()
    gone = erased(absent) if absent else {}
    return {
        **found,
        **{ref: _erased(gone[ref]) if ref in gone else gettext(MISSING) for ref in absent},
    }


def short_wording(references: Iterable[str]) -> dict[str, str]:
    """Each reference → its text, or that it went by law, without when and on what ground.

    The caller has checked who may read it.
    """
    wanted = {reference for reference in references if reference}
    found = texts(wanted)
    absent = wanted - found.keys()
    gone = erased(absent) if absent else {}
    return {**found, **{ref: ERASED if ref in gone else MISSING for ref in absent}}


def _erased(erased: Erased) -> str:
    day = format_date(civil_date(erased.at), pgettext("date", "Y年n月j日"))
    return gettext("%(erased)s%(day)s，依据%(law)s%(ground)s（编号 %(code)s）") % {
        "erased": gettext(ERASED),
        "day": day,
        "law": gettext(LAW),
        "ground": pgettext("ground", erased.ground),
        "code": erased.code,
    }
