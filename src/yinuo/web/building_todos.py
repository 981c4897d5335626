"""What building projects ask of a person, as lines of the inbox."""

from datetime import date

from yinuo.cases.queries.building_work import building_work
from yinuo.parties.viewer import Viewer
from yinuo.supervision.todo import ToDo


def of_buildings(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """Notices to a utility that is a unit: to answer, then to connect by the promised day."""
    del today
    return tuple(
        ToDo(
            due=each.due,
            what=each.what,
            title=each.title,
            under="公用设施接入，不用建设单位申请",
            page="building_utility",
            args=(each.project, each.utility),
        )
        for each in building_work(viewer=viewer)
    )
