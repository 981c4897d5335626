"""Whatever is uploaded under whatever name: taken in or refused in words, never a page of ours."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from tests.city import City
from tests.kernel.media import samples
from tests.visits import SignIn, body, city, july, sign_in

__all__ = ["city", "july", "sign_in"]

TAKEN, REFUSED = 302, 422
PAGE = "/commitments/LS-001/"
TYPED = {"version": 2, "as_of_date": "2024-07-10", "value": "3", "note": "一字一句写下来的"}
NAMES = st.one_of(
    st.text(min_size=1, max_size=40),
    st.sampled_from(
        ["a.html", "a.svg", "../../a.txt", "a.txt\r\nX: y", "甲\u202egpj.exe", '".pdf']
    ),
)
GOOD = [content for _, content in samples.GOOD.values()]
CONTENTS = st.one_of(
    st.binary(min_size=1, max_size=200),
    st.sampled_from(GOOD),
    st.builds(lambda good, more: good + more, st.sampled_from(GOOD), st.binary(max_size=40)),
    st.builds(lambda good, cut: good[:cut], st.sampled_from(GOOD), st.integers(1, 400)),
    st.text(max_size=60).map(lambda text: f"<html>{text}<script>".encode()),
    st.text(min_size=1, max_size=60).map(str.encode),
)


@pytest.fixture
def officer(city: City, sign_in: SignIn, settings: Settings, tmp_path: Path) -> Client:
    settings.YINUO_FILES = tmp_path / "files"
    return sign_in("lushun")


def served(client: Client) -> None:
    answer = client.get(f"{PAGE}evidence/1/file")
    assert answer.status_code == 200
    assert body(answer)
    headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox")
    assert not {"html", "svg", "script"} & set(headers["Content-Type"].replace("+", "/").split("/"))
    assert client.get(f"{PAGE}evidence/1/").status_code == 200


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, content=CONTENTS)
def test_any_upload_is_taken_or_refused(officer: Client, name: str, content: bytes) -> None:
    with transaction.atomic():
        sent = {**TYPED, "evidence": SimpleUploadedFile(name, content)}
        answer = officer.post(f"{PAGE}report/", sent)
        assert answer.status_code in {TAKEN, REFUSED}
        if answer.status_code == TAKEN:
            # A file whose name is none at all is no file to Django.
            if officer.get(f"{PAGE}evidence/1/").status_code == 200:
                served(officer)
        else:
            assert "一字一句写下来的" in body(answer).decode()
        transaction.set_rollback(True)
