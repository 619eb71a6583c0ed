# Two commands are enough on a machine with git, make and Python 3.11 or later:
#     make demo     make test
# The rest is for people who change the project; `make help` lists all of it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# The embedded PostgreSQL makes a user of its own when root runs the tests.
export PATH := $(PATH):/usr/sbin:/sbin

# The first Python of this machine that is 3.11 or later; `make setup PYTHON=...` overrides it.
CANDIDATES := python3 python3.13 python3.12 python3.11 python
PYTHON ?= $(shell for name in $(CANDIDATES); do "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo "$$name" && break; done)

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SPARK := $(VENV)/.spark
# Spark is large and of use to few: `make test` brings it, `make setup` does not.
WITHOUT_SPARK := awk '/^[a-z]/ { keep = !/^(pyspark|py4j)==/ } keep'

ifeq ($(shell command -v uv),)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517
else
INSTALL := uv pip install --quiet --python $(BIN)/python
endif

PYTEST := $(BIN)/python -m pytest -n logical --maxprocesses 8 --dist loadscope

.PHONY: help setup demo test quick check bench docs lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## the environment in .venv, with uv where it is present and plain pip where not

$(READY): requirements.lock pyproject.toml
	@scripts/venv.sh "$(PYTHON)" $(VENV)
	@echo "installing from requirements.lock ..."
	@$(WITHOUT_SPARK) requirements.lock > $(VENV)/locked.txt
	@$(INSTALL) --no-deps --require-hashes -r $(VENV)/locked.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(SPARK): $(READY)
	@echo "installing Spark from requirements.lock ..."
	@$(INSTALL) --no-deps --no-build-isolation --require-hashes -r requirements.lock
	@touch $@

demo: setup ## evaluate an invented city of 20,000 firms and show what comes out
	@$(BIN)/kaogong demo

test: setup ## all tests; brings a JVM and an office suite through apt where root may, else says what it leaves out
	@scripts/suite.sh || true
	@if scripts/java.sh; then $(MAKE) --no-print-directory $(SPARK); fi
	@$(PYTEST)

quick: setup ## the tests without Spark, without a browser and without the more of a kind; two minutes at most
	@$(PYTEST) -m "not spark and not browser and not thorough" --hypothesis-profile quick

check: setup ## format, lint, types, the floors of the house, the documentation
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/finding_pages.py --check
	$(BIN)/python scripts/cli_docs.py --check
	$(BIN)/python scripts/build_docs.py --check

bench: setup ## measure against floors taken in the same run
	@$(BIN)/python -m bench.run

docs: setup ## the documentation as pages that need no network, in build/docs
	@$(BIN)/python scripts/build_docs.py

lock: ## renew requirements.lock from pyproject.toml (needs uv)
	@uv pip compile pyproject.toml --quiet --all-extras --group dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		--output-file requirements.lock

clean: ## remove what the other targets made
	@rm -rf $(VENV) build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
