"""The web server's entry point."""

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
application = get_wsgi_application()
# What is loaded stays as long as the process: no page should pay for looking through it again.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
# SQLite's driver lets other threads run at every row it reads and then waits for its turn: for as
# long as this while another page is worked out. At the usual 5 ms that is seconds for 500 rows.
sys.setswitchinterval(0.0002)
