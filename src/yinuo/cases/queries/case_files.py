"""The file of one document of a case, for those who work on the case."""

from dataclasses import dataclass

from yinuo.cases.access.cases import visible
from yinuo.cases.errors.cases import UnknownCase
from yinuo.cases.models import Case, CaseMaterial
from yinuo.commitments.wording import wording
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True)
class CaseFile:
    """A file of the store, with its type and name."""

    sha256: str
    media_type: str
    name: str


def case_file(*, case: str, key: str, viewer: Viewer) -> CaseFile:
    """The file of the document `key`.

    Raises `UnknownCase` for a case that the viewer may not see and for a document without a file.
    """
    mine = Case.objects.filter(visible(viewer), code=case)
    row = CaseMaterial.objects.filter(case__in=mine, key=key).exclude(sha256="").first()
    if row is None:
        raise UnknownCase(f"{case}/{key}")
    return CaseFile(row.sha256, row.media_type, wording([row.name_text])[row.name_text])
