"""What somebody typed into a form that no page took: given back, so that it is not lost."""

import re

from django.http import HttpRequest

SECRET = re.compile("csrf|password|secret|token|otp")
"""In the names of fields whose values are never shown."""
WORDS = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]|\S\s+\S")
"""Written by a person: Han characters, or more than one word."""


def typed_words(request: HttpRequest) -> list[str]:
    """The texts of a form that was sent in, each once, as they were typed."""
    if request.method != "POST":
        return []
    given = (
        text.strip()
        for name, texts in request.POST.lists()
        if not SECRET.search(name)
        for text in texts
    )
    return list(dict.fromkeys(text for text in given if WORDS.search(text)))
