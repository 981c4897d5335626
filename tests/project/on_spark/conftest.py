"""Spark is half a gigabyte: its tests are collected where it is, as under `make test-spark`."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("pyspark") else ["test_credit_run.py"]
