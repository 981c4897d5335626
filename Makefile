# Every verb runs on the system's Python 3.11+ and the standard library alone; see bootstrap/.
# ARGS goes on to the command, as in: make demo ARGS="--port 8001"

PYTHON ?= python3
BOOTSTRAP = $(PYTHON) -m bootstrap
# Paths and messages are UTF-8 whatever the locale says.
export PYTHONUTF8 = 1

.DEFAULT_GOAL := help
.PHONY: help setup demo check test test-spark bench lock offline clean

help: ## 列出这些命令
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## 准备运行环境 .venv，不启动任何服务
	@$(BOOTSTRAP) setup

demo: ## 准备环境，载入大连 2024 演示数据并启动网站
	@$(BOOTSTRAP) demo $(ARGS)

check: ## 代码检查、类型、导入方向与快速测试（两核 2 至 4 分钟）
	@$(BOOTSTRAP) check

test: ## 全部测试：SQLite、PostgreSQL 与浏览器（两核半小时到一小时）
	@$(BOOTSTRAP) test

test-spark: ## 规则表在真实的本机 Spark 上（另装约 450 MB，需要 Java 17）
	@$(BOOTSTRAP) test-spark

bench: ## 基准测试，与下限和同类软件并列
	@$(BOOTSTRAP) bench $(ARGS)

lock: ## 按 pyproject.toml 与 package.json 重新生成依赖锁
	@$(BOOTSTRAP) lock $(ARGS)

offline: ## 离线安装包，给没有网络的机器；ARGS="--machine aarch64"
	@$(BOOTSTRAP) setup
	@.venv/bin/python -m tools.offline $(ARGS)

clean: ## 删除 .venv、前端依赖与缓存；数据目录 var/ 保留
	@rm -rf .venv build dist src/yinuo/web/static/vendor
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache test-results
	@find src/yinuo/locale -name '*.mo' -delete
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "已清理。数据仍在 var/；要连数据一起删除，请自行删除该目录"
