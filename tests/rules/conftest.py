"""Spark is half a gigabyte: its test is collected where it is there, as under `make test-spark`."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("pyspark") else ["test_spark.py"]
