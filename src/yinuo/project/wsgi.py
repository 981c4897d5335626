"""The web server's entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
application = get_wsgi_application()
# What is loaded stays as long as the process: no page should pay for looking through it again.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
