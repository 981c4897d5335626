"""A bare Django site with one page, which reads one row by an index: the floor of `scenario.py`."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import path

settings.configure(
    DEBUG=False,
    SECRET_KEY="bench",  # noqa: S106  # signs nothing
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[],
    MIDDLEWARE=[],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(os.environ["YINUO_BENCH_BARE"]),
            "CONN_MAX_AGE": 600,
        }
    },
)
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402

SQL = "SELECT code, kind FROM credit_subject WHERE number_mark = %s"


@csrf_exempt
def row(request: HttpRequest) -> JsonResponse:
    """The row of the mark that was sent."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, [request.body.decode()])
        code, kind = cursor.fetchone()
    return JsonResponse({"code": code, "kind": kind})


urlpatterns = [path("row", row)]
application = WSGIHandler()
