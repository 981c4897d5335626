"""A notice to a utility: the link to hand on, and what the link opens."""

from dataclasses import dataclass
from datetime import datetime

from yinuo.cases.access.buildings import leads, visible_buildings
from yinuo.cases.construction.links import LinkKey, LinkVisit
from yinuo.cases.errors.construction import UnknownUtilityNotice
from yinuo.cases.models import BuildingProject, UtilityNotice
from yinuo.cases.shown.utilities import UtilityView, utility_view
from yinuo.cases.shown.utility_links import linked_notice
from yinuo.commitments.wording import short_wording
from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer


def utility_link(*, notice: str, viewer: Viewer, key: LinkKey) -> str:
    """The token of the present link, for whoever leads the approval to hand on.

    Raises `UnknownUtilityNotice`.
    """
    seen = BuildingProject.objects.filter(visible_buildings(viewer)).values("pk")
    row = UtilityNotice.objects.filter(pk=notice, project__in=seen).first()
    if row is None or not leads(row.project.office_id, viewer):
        raise UnknownUtilityNotice(notice)
    return key.token(row.code, row.nonce)


@dataclass(frozen=True, kw_only=True)
class LinkedNotice:
    """What a utility sees by its link: what was shared, and what it has said."""

    view: UtilityView
    project_title: str
    office_name: str


def public_linked_notice(*, link: LinkVisit, at: datetime) -> LinkedNotice:
    """The one notice that a link opens. Raises `ForgedUtilityLink`, `ExpiredUtilityLink`."""
    row = linked_notice(link, at)
    plan = short_wording([row.plan_text]).get(row.plan_text, "")
    return LinkedNotice(
        view=utility_view(row, plan, civil_date(at)),
        project_title=row.project.title,
        office_name=public_unit_names().get(row.project.office_id, row.project.office_id),
    )
