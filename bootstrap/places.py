"""Where things stand in the checkout."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOG = VENV / "setup.log"
LOCKS = ROOT / "requirements"
RUN_LOCK = LOCKS / "run.lock"
TEST_LOCK = LOCKS / "test.lock"
NODE_LOCK = LOCKS / "node.lock"
SPARK_LOCK = LOCKS / "spark.lock"
SPARK = VENV / "spark"
"""Spark and what it needs, apart from everything else: half a gigabyte few people want."""
PACKAGE_LOCK = ROOT / "package-lock.json"
CATALOGUES = tuple(sorted((ROOT / "src/yinuo/locale").glob("*/LC_MESSAGES/*.po")))
VENDOR_STAMP = ROOT / "src/yinuo/web/static/vendor/package-lock.sha256"
