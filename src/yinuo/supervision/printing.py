"""Papers as files of this installation: on the city's own template, with its own faces."""

from django.conf import settings

from yinuo.supervision.papers.paper import Paper
from yinuo.supervision.papers.pdf import pdf
from yinuo.supervision.papers.word import word

FOLDER = "papers"


def as_word(paper: Paper) -> bytes:
    """The paper as .docx; filled into `content/papers/〔kind〕.docx` of the city, if it is there.

    Raises `TemplateRefused`.
    """
    own = settings.YINUO_CONTENT / FOLDER / f"{paper.kind.value}.docx"
    if not own.is_file():
        return word(paper)
    return word(paper, template=own.read_bytes(), template_name=own.name)


def as_pdf(paper: Paper) -> bytes:
    """The paper as PDF/A. Raises `NoGlyph`, `FontsMissing`."""
    return pdf(paper, fonts=settings.YINUO_FONTS)
