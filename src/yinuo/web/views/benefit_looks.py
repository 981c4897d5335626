"""Looks at a policy beside its steps: what another rule would change; accounts of many firms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.benefits.commands.accounts import BadAccounts, take_accounts
from yinuo.benefits.queries.accounts import accounts_sheet, awaited_count
from yinuo.benefits.queries.comparing import Compared, compare
from yinuo.benefits.queries.policies import OfficePolicy, ScreeningView
from yinuo.benefits.queries.policies import policy as query
from yinuo.content.queries import InForce, public_versions
from yinuo.credit.errors.joins import NoRelease
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.benefits import register
from yinuo.web.files import store
from yinuo.web.forms.benefits import AccountsForm
from yinuo.web.media_types import XLSX
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK


@dataclass(frozen=True, kw_only=True)
class Looked:
    """Two screenings beside each other."""

    before: ScreeningView
    after: ScreeningView
    change: Compared

    @property
    def cost(self) -> int:
        """What the second costs more, in 分; below 0 where less."""
        return self.after.cost - self.before.cost

    @property
    def saved(self) -> int:
        """What it costs less."""
        return -self.cost


@signed_in
@require_safe
def benefit_compare(request: Request, code: str) -> HttpResponse:
    """What another version or table would change: who falls out, who comes in, the cost."""
    it = query(code=code, viewer=request.viewer)
    after = _chosen(it, request.GET.get("after", ""), it.screenings)
    before = _chosen(it, request.GET.get("before", ""), _earlier(it, after))
    looked = None
    if before is not None and after is not None and before.code != after.code:
        looked = Looked(before=before, after=after, change=_compared(request, before, after))
    context = {
        "it": it,
        "looked": looked,
        "before": before,
        "after": after,
        "tables": _tables(it),
    }
    return render(request, "web/benefit_compare.html", context)


def _earlier(it: OfficePolicy, after: ScreeningView | None) -> Sequence[ScreeningView]:
    """What to compare with: the newest other one that proposed firms, or else any other."""
    others = [one for one in it.screenings if one != after]
    return [one for one in others if not one.trial] or others


def _chosen(
    it: OfficePolicy, code: str, otherwise: Sequence[ScreeningView]
) -> ScreeningView | None:
    named = next((one for one in it.screenings if one.code == code), None)
    return named or next(iter(otherwise), None)


def _compared(request: Request, before: ScreeningView, after: ScreeningView) -> Compared:
    return compare(
        viewer=request.viewer,
        before=before.code,
        after=after.code,
        entities=_names(after.on),
        store=store(),
    )


def _names(on: date) -> Path | None:
    """Where the firms of the current release have their names; None without a release."""
    try:
        return register(on=on).entities
    except NoRelease:
        return None  # the counts and amounts stand all the same


def _tables(it: OfficePolicy) -> tuple[InForce, ...]:
    """Publications of the decision table by which one may try."""
    return public_versions(f"tables/{it.definition.table}.xlsx")


@signed_in
def benefit_accounts(request: Request, code: str) -> HttpResponseBase:
    """Accounts of many firms from one sheet, all or none, with every fault of it."""
    it = query(code=code, viewer=request.viewer)
    if not it.acts:
        raise NotAllowed("只有这项政策的兑现单位的经办人可以填账号", place=code)
    posted = request.method == "POST"
    form = AccountsForm(*((request.POST, request.FILES) if posted else ()))
    context: dict[str, Any] = {"it": it, "form": form, "findings": (), "error": None}
    context["awaited"] = awaited_count(policy=code, viewer=request.viewer)
    status = OK
    if posted:
        status = INVALID
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                count = take_accounts(
                    policy=code,
                    data=file.read(),
                    file=str(file.name),
                    by=request.viewer,
                    at=clock.now(),
                )
            except BadAccounts as bad:
                context |= {"findings": bad.findings, "error": bad}
            except YinuoError as error:
                context["error"], status = error, error.status
            else:
                messages.success(request, f"记下 {count:,} 家的收款账号。")
                return redirect("benefit_policy", code)
    return render(request, "web/benefit_accounts.html", context, status=status)


@signed_in
@require_safe
def benefit_accounts_sheet(request: Request, code: str) -> FileResponse:
    """The awards without an account, as a sheet to fill in."""
    data = accounts_sheet(policy=code, viewer=request.viewer)
    answer = FileResponse(
        BytesIO(data), as_attachment=True, filename=f"{code}-收款账号.xlsx", content_type=XLSX
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
