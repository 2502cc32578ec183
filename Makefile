# The two commands are `make up` and `make test`. The rest serves whoever works on the code.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8080
DATA ?= var

.PHONY: up test env env-dev lock lint types messages vendor bench check-full sbom audit clean

up: env
	@exec $(BIN)/allmende up --port $(PORT) --data $(DATA) $(ARGS)

test: env-dev
	@sh tools/test.sh

env: .venv/.run-stamp
env-dev: .venv/.dev-stamp

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Allmende needs Python 3.11 or newer (PYTHON=/path/to/python3.11 make up)."; exit 1; }
	@echo "Making the Python environment in .venv …"
	@$(PYTHON) -m venv --without-pip .venv

# pip works from outside on the environment, so Debian's python3-venv is not needed.
.venv/.run-stamp: requirements/run.lock pyproject.toml | .venv/bin/python
	@if [ ! -e .venv/.dev-stamp ]; then \
	  echo "Installing (once, about a minute) …"; \
	  $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check install -q --require-hashes -r requirements/run.lock; fi
	@sh tools/link.sh $(BIN)
	@touch $@

.venv/.dev-stamp: requirements/dev.lock pyproject.toml | .venv/bin/python
	@echo "Installing what the tests need (once) …"
	@$(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check install -q --require-hashes -r requirements/dev.lock
	@sh tools/link.sh $(BIN)
	@touch $@ .venv/.run-stamp

lock:
	@sh tools/lock.sh

lint: env-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

types: env-dev
	@$(BIN)/mypy

messages: env-dev
	@$(BIN)/python tools/messages.py update

vendor:
	@$(PYTHON) tools/vendor.py

bench: env-dev
	@$(BIN)/python -m bench

check-full: env-dev
	@ALLMENDE_TEST_FULL=1 sh tools/test.sh

sbom: env-dev
	@$(BIN)/cyclonedx-py requirements requirements/run.lock --pyproject pyproject.toml --of JSON -o sbom.json
	@echo sbom.json

audit: env-dev
	@$(BIN)/pip-audit -r requirements/run.lock --disable-pip --require-hashes

clean:
	rm -rf .venv .cache build dist
