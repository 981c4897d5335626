"""The language of a page, which its address alone decides: English under /en/, else Chinese.

No cookie and no Accept-Language: an address can be cited and shows everybody the same.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

Respond = Callable[[HttpRequest], HttpResponseBase]

CHINESE, ENGLISH = "zh-hans", "en"
TAGS = {CHINESE: "zh-Hans", ENGLISH: "en"}
"""Django's name of a language → its BCP 47 tag, as `lang` and `hreflang` want it."""
RUN = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff][\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef·“”—]*"
)
"""Han characters with the punctuation that belongs to them."""
IN_CHINESE = f' lang="{TAGS[CHINESE]}"'
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
NAMES = {CHINESE: "中文", ENGLISH: "English"}


def of_path(path: str) -> str:
    """The language in which an address answers.

    >>> of_path("/en/ledger/"), of_path("/ledger/"), of_path("/entries/")
    ('en', 'zh-hans', 'zh-hans')
    """
    return ENGLISH if path.split("/")[1:2] == [ENGLISH] else CHINESE


def current() -> str:
    """The language that is being spoken; Chinese outside of a request."""
    return ENGLISH if translation.get_language() == ENGLISH else CHINESE


def has_han(text: str) -> bool:
    """Whether any of it is written in Han characters."""
    return HAN.search(text) is not None


def zh_text(value: object) -> object:
    """Text in the language of its source. On a page in another language it says which it is."""
    if current() == CHINESE or not has_han(str(value)):
        return value
    return format_html('<span lang="{}">{}</span>', TAGS[CHINESE], value)


def mixed(value: str) -> str:
    """A phrase of ours with words from the source: those say on a foreign page what they are."""
    if current() == CHINESE:
        return value
    marked = RUN.sub(lambda run: f"<span{IN_CHINESE}>{run[0]}</span>", conditional_escape(value))
    return mark_safe(marked)  # noqa: S308  # escaped above


def middleware(respond: Respond) -> Respond:
    """Answer each request, errors included, in the language of its address."""

    def run(request: HttpRequest) -> HttpResponseBase:
        language = of_path(request.path_info)
        with translation.override(language):
            response = respond(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers["Content-Language"] = TAGS[language]
        return response

    return run


@dataclass(frozen=True)
class Edition:
    """A page in one language."""

    tag: str
    """BCP 47."""
    name: str
    """What the language calls itself."""
    path: str


def editions(request: HttpRequest) -> tuple[Edition, ...]:
    """The same page in every language, with the same filters; empty for a page in one alone."""
    match = request.resolver_match
    if match is None:
        return ()
    found = []
    for language, tag in TAGS.items():
        with translation.override(language):
            try:
                path = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
            except NoReverseMatch:
                return ()
        found.append(Edition(tag, NAMES[language], path))
    if len({edition.path for edition in found}) == 1:
        return ()
    query = request.META.get("QUERY_STRING", "")
    tail = f"?{query}" if query else ""
    return tuple(Edition(one.tag, one.name, one.path + tail) for one in found)
